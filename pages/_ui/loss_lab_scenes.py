"""What the loss lab asks with yes or no, in both languages: pairs of sentences, and a sentence with a strange word."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A few questions of yes and no; ``notes`` stand below the bars, ``mark`` beside each yes."""

    key: str
    mark: str
    words: dict[str, tuple[str, ...]]
    labels: dict[str, tuple[int, ...]]
    logits: dict[str, tuple[float, ...]]
    notes: dict[str, tuple[str, ...]]

    @property
    def count(self) -> int:
        """Return how many questions there are."""
        return len(self.words["en"])


_FOLLOWS, _FOLLOWS_THOUGHT = (1, 0, 1, 0), (1.5, 0.5, -0.5, -2.0)
NEXT_SCENE = Scene(
    key="next",
    mark="✓",
    words={"en": ("A", "B", "C", "D"), "zh": ("甲", "乙", "丙", "丁")},
    labels={"en": _FOLLOWS, "zh": _FOLLOWS},
    logits={"en": _FOLLOWS_THOUGHT, "zh": _FOLLOWS_THOUGHT},
    notes={
        "en": (
            "A  It rained all night. | The streets are wet.",
            "B  It rained all night. | Prices rose by a third.",
            "C  She opened the letter. | It was from her son.",
            "D  She opened the letter. | Whales are mammals.",
        ),
        "zh": (
            "甲　下了一夜的雨。｜街道都湿了。",
            "乙　下了一夜的雨。｜物价涨了三成。",
            "丙　她拆开了信。｜是儿子写来的。",
            "丁　她拆开了信。｜鲸鱼是哺乳动物。",
        ),
    },
)
REPLACED_SCENE = Scene(
    key="replaced",
    mark="⇄",
    words={
        "en": ("he", "put", "hot", "sand", "in", "his", "new", "cup"),
        "zh": ("他", "往", "杯", "里", "倒", "了", "热", "沙"),
    },
    labels={"en": (0, 0, 0, 1, 0, 0, 0, 0), "zh": (0, 0, 0, 0, 0, 0, 0, 1)},
    logits={
        "en": (-2.0, -1.0, 1.0, 1.5, -2.5, -1.5, 0.5, -1.0),
        "zh": (-2.0, -1.0, 1.0, 0.5, -2.5, -1.5, -1.0, 1.5),
    },
    notes={"en": (), "zh": ()},
)
