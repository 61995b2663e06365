"""How a sentence with slots, ``the {a:animal.#number} {move.#number} .``, becomes steps that draw and say its words."""

import re
from collections.abc import Mapping, Set

from ssl_core.corpora.letters import LETTERS_ONLY, WITHIN, compiled
from ssl_core.corpora.tinyworld.grammar import Choose, Draw, Mention, Phrase, Say, Step, WordClass, feature_name
from ssl_core.corpora.tinyworld.problems import Problems
from ssl_core.i18n import N_

SENTENCE_ENDS = (".", "!", "?", "。", "！", "？")
_SLOT = compiled(rf"\{{(?:([{WITHIN}]+):)?([{WITHIN}.#]+)\}}")
_PIECE = re.compile(r"\{[^{}]*\}|[^\s{}]+|[{}]")
_WORD = compiled(rf"{LETTERS_ONLY}|[.,;:!?。，、；：！？]")
_FEATURE = compiled(r"#[\p{L}\p{M}_]+\p{Nd}*")


class StepReader:
    """Reads the slots of one sentence from left to right, and knows what each variable may stand for."""

    def __init__(
        self,
        classes: Mapping[str, WordClass],
        features: Mapping[str, tuple[str, ...]],
        latents: Mapping[str, tuple[str, Set[str]]],
        problems: Problems,
        where: tuple[str, str],
    ) -> None:
        self.steps: list[Step] = []
        self.classes = {name: word_class for name, (word_class, _keys) in latents.items()}  # variable -> class
        self.possible: dict[str, Set[str]] = {name: keys for name, (_class, keys) in latents.items()}
        self._all_classes, self._features = classes, features
        self._problems, self.where = problems, where
        self.chosen: set[str] = set()
        self._begin = 0  # the step at which the text begins that is being read

    def draw(self, variable: str, path: str) -> None:
        """Draw a variable before the text begins: ("o", "place.things")."""
        self._follow(path.split("."), variable)

    def read(self, text: str) -> None:
        """Take the steps of a sentence; its pieces stand with blanks between them."""
        self._begin = len(self.steps)
        for piece in _PIECE.findall(text):
            if piece.startswith("{"):
                self._slot(piece)
            elif words := words_of(piece, self._problems, self.where):
                self._say(words)
        if re.search(r"\}\S|\S\{", text):
            self._problem(N_("Put a blank before and after each slot and each mark, as in: the {{a:animal.one}} sleeps ."))

    def mention(self, path: str) -> Mention | None:
        """Return what a path says that draws nothing new: "character.name", the answer of a question."""
        before = len(self.steps)
        self._slot("{" + path + "}")
        added, self.steps[before:] = self.steps[before:], []
        if len(added) == 1 and isinstance(added[0], Mention):
            return added[0]
        self._problem(N_("The answer {path!r} must be something that is said in the story, as character.name."), path=path)
        return None

    def _say(self, words: Phrase) -> None:
        if len(self.steps) > self._begin and isinstance(last := self.steps[-1], Say):
            self.steps[-1] = Say(last.words + words)
        else:
            self.steps.append(Say(words))

    def _slot(self, piece: str) -> None:
        slot = _SLOT.fullmatch(piece)
        path = slot[2].split(".") if slot else []
        if slot is None or len(path) < 2 or not all(path):
            self._problem(N_("{slot} is no slot; write {{class.property}} or {{variable:class.property}}."), slot=piece)
            return
        end = self._follow(path[:-1], slot[1])
        if end is not None:
            self._say_form(end, path[-1])

    def _follow(self, path: list[str], name: str | None) -> str | None:
        """Draw what a path needs and return the variable at its end, which is called ``name`` if there is one."""
        if name is not None and not self._is_free(name):
            return None
        variable = self._root(path[0], name if len(path) == 1 else None)
        for depth, list_name in enumerate(path[1:], start=2):
            if variable is not None:
                variable = self._list(variable, list_name, name if depth == len(path) else None)
        return variable

    def _root(self, root: str, name: str | None) -> str | None:
        if root in self.classes:
            if name is not None:
                self._problem(N_("{name!r} would be {root!r} once more; write {{{root}.…}}."), name=name, root=root)
            return root
        if root not in self._all_classes:
            self._problem(N_("{root!r} is no latent, no class, and no variable drawn before this."), root=root)
            return None
        return self._add(Draw(name or self._anonymous(), root), set(self._all_classes[root].entries))

    def _list(self, source: str, list_name: str, name: str | None) -> str | None:
        word_class = self._all_classes[self.classes[source]]
        target = word_class.lists.get(list_name)
        if target is None or target not in self._all_classes:
            self._problem(N_("The class {word_class!r} has no list {name!r}."), word_class=word_class.name, name=list_name)
            return None
        keys: set[str] = set()
        for key in sorted(self.possible[source]):
            listed = word_class.entries[key].lists.get(list_name, ())
            if not listed:
                self._problem(N_("{key!r} has nothing in its list {name!r}."), key=key, name=list_name)
            keys |= set(listed) & set(self._all_classes[target].entries)
        return self._add(Draw(name or self._anonymous(), target, source, list_name), keys)

    def _add(self, draw: Draw, keys: set[str]) -> str:
        self.classes[draw.variable], self.possible[draw.variable] = draw.word_class, keys
        self.steps.append(draw)
        return draw.variable

    def _say_form(self, variable: str, form: str) -> None:
        if form.startswith("#"):
            if not self._choose(form):
                return
            forms = self._features[feature_name(form)]
        else:
            forms = (form,)
        word_class = self._all_classes[self.classes[variable]]
        for key in sorted(self.possible[variable]):
            for needed in forms:
                if needed not in word_class.entries[key].phrases:
                    self._problem(
                        N_("{key!r} of {word_class!r} has no {form!r}."), key=key, word_class=word_class.name, form=needed
                    )
        self.steps.append(Mention(variable, form))

    def _choose(self, feature: str) -> bool:
        if not _FEATURE.fullmatch(feature) or feature_name(feature) not in self._features:
            self._problem(N_("{feature!r} is no feature; [features] declares them."), feature=feature)
            return False
        if feature not in self.chosen:
            self.chosen.add(feature)
            self.steps.append(Choose(feature))
        return True

    def _is_free(self, name: str) -> bool:
        if name in self.classes:
            self._problem(N_("{name!r} is drawn already; mention it as {{{name}.…}}."), name=name)
        elif name in self._all_classes:
            self._problem(N_("The variable {name!r} has the name of a class; call it something else."), name=name)
        else:
            return True
        return False

    def _anonymous(self) -> str:
        return f"~{len(self.classes)}"

    def _problem(self, template: str, **values: str) -> None:
        self._problems.add(*self.where, template, **values)


def words_of(phrase: str, problems: Problems, where: tuple[str, str]) -> Phrase:
    """Cut what is written between two slots, or in a property, into its words and marks."""
    words = tuple(phrase.split())
    for word in words:
        if not _WORD.fullmatch(word):
            problems.add(*where, N_("{word!r} is no word: a word has letters only, and marks stand apart."), word=word)
        elif word != word.lower():
            problems.add(*where, N_("{word!r} must be written small; capitals are put in where the text is shown."), word=word)
    return words


def words_in(text: str) -> list[str]:
    """Return the pieces of a sentence, each slot as one."""
    return [str(piece) for piece in _PIECE.findall(text)]
