"""The words a command line may hold; the flags of ``train`` are made from the settings themselves."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from ssl_core import __version__, pretext
from ssl_core.cli import engine, listings, saved_runs, shelf, train
from ssl_core.i18n import LANGUAGES, N_, _
from ssl_core.runs import flags
from ssl_core.shelf import ORDER, PREFIX

USAGE = 2
GROUPS = {
    "": N_("the run"),
    "training": N_("training"),
    "model": N_("network"),
    "tokenizer": N_("tokenizer"),
    "task_settings": N_("pretext task"),
}
BUDGET_HELP = {
    "seconds": N_("train for this many seconds"),
    "steps": N_("train for this many steps of the optimiser"),
    "tokens": N_("train until this many tokens have been read, padding left out"),
}
ARGPARSE_TEXTS = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("unrecognized arguments: %s"),
    N_("the following arguments are required: %s"),
    N_("expected one argument"),
    N_("not allowed with argument %s"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""What argparse itself says."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, on standard error."""

    def error(self, message: str) -> NoReturn:
        """End with the message and where to read more."""
        print(message, file=sys.stderr)
        print(_("All options: {command} --help").format(command=self.prog), file=sys.stderr)
        raise SystemExit(USAGE)


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Read a command line; the answer's ``run`` is the function that does it.

    Raises: SystemExit after ``--help`` (0) and where the words make no sense (2).
    """
    return build_parser().parse_args(words)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser, its help in the current language."""
    vars(argparse)["_"] = _  # argparse asks gettext for its own words, which knows nothing of our catalogues
    parser = Parser(
        prog="python -m ssl_core",
        allow_abbrev=False,
        description=_("Watch small language models learn from text that nobody labelled."),
    )
    parser.add_argument("--version", action="version", version=f"pretraining-playground {__version__}")
    _add_language(parser)
    commands = parser.add_subparsers(dest="command", required=True, metavar=_("command"))
    _add_train(commands)
    for name, help_text, run in (
        ("tasks", N_("list the pretext tasks"), listings.tasks),
        ("corpora", N_("list the texts, with what to know of each"), listings.corpora_),
    ):
        _add_json(_add(commands, name, help_text, run))
    _add_runs(commands)
    _add_shelf(commands)
    _add(commands, "engine", N_("be the engine that trains the app's runs, in the foreground"), engine.run)
    return parser


def _add_train(commands: "argparse._SubParsersAction[Parser]") -> None:
    parser = _add(commands, "train", N_("train one network here and now"), train.run)
    _add_json(parser, N_("print one JSON line for each report, and the result as the last"))
    parser.add_argument("--task", metavar="KEY", help=", ".join(pretext.MENU))
    parser.add_argument("--corpus", metavar="KEY|FILE", help=_("a text's key (see corpora) or a text file"))
    parser.add_argument(
        "--text-column",
        metavar="NAME|N",
        help=_("which column of a table to learn from, by name or number; else the longest texts"),
    )
    parser.add_argument("--config", metavar="FILE", help=_("settings of an earlier run, as the app's JSON download holds them"))
    start_help = N_(
        "begin with trained weights, their tokenizer and network: a run's id, or a model that comes along ({names}); "
        "KEY@STEP for those of a step"
    )
    names = ", ".join(f"{PREFIX}{name}" for name in ORDER)
    parser.add_argument("--start-from", metavar="KEY", help=_(start_help).format(names=names))
    parser.add_argument("--name", metavar="TEXT", help=_("what the list of runs calls it"))
    parser.add_argument(
        "--probe", metavar="TEXT", action="append", help=_("a sentence to watch, ___ marks a blank; can be given several times")
    )
    budget = parser.add_mutually_exclusive_group()
    for name, help_text in BUDGET_HELP.items():
        budget.add_argument(f"--{name}", metavar="N", help=_(help_text))
    parser.add_argument("--pace", metavar="WORD", help=_("repeat a run step by step: part of the line the app shows for it"))
    groups = {part: parser.add_argument_group(_(title)) for part, title in GROUPS.items()}
    for flag in flags.flags():
        groups[flag.part].add_argument(f"--{flag.name}", metavar=_metavar(flag), help=_help(flag), dest=f"flag {flag.name}")


def _add_runs(commands: "argparse._SubParsersAction[Parser]") -> None:
    runs = _add(commands, "runs", N_("list, show, stop or delete runs"), saved_runs.list_runs)
    actions = runs.add_subparsers(dest="action", required=True, metavar=_("action"))
    _add_json(_add(actions, "list", N_("all runs, the newest first"), saved_runs.list_runs))
    for name, help_text, run in (
        ("show", N_("all that is known of one run"), saved_runs.show),
        ("stop", N_("end a run with what it has learnt so far"), saved_runs.stop),
        ("delete", N_("delete a run that has ended, its files included"), saved_runs.delete),
    ):
        parser = _add(actions, name, help_text, run)
        parser.add_argument("run_id", metavar="ID")
        _add_json(parser)


def _add_shelf(commands: "argparse._SubParsersAction[Parser]") -> None:
    models = _add(commands, "shelf", N_("list the trained models that come with the app, or train one anew"), shelf.list_models)
    actions = models.add_subparsers(dest="action", required=True, metavar=_("action"))
    _add_json(_add(actions, "list", N_("all models, with what they are worth and where they end"), shelf.list_models))
    parser = _add(actions, "build", N_("train a model as its card says; one that was broken off goes on"), shelf.build)
    parser.add_argument("name", metavar="NAME", help=", ".join(ORDER))


def _add(commands: "argparse._SubParsersAction[Parser]", name: str, help_text: str, run: object) -> Parser:
    parser: Parser = commands.add_parser(name, help=_(help_text), description=_(help_text), allow_abbrev=False)
    parser.set_defaults(run=run)
    _add_language(parser)
    return parser


def _add_json(parser: argparse.ArgumentParser, help_text: str = N_("print JSON")) -> None:
    parser.add_argument("--json", action="store_true", help=_(help_text))


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=tuple(LANGUAGES), default=None, help=_("language of all messages"))


def _metavar(flag: flags.Flag) -> str:
    if flag.declared.choices is not None:
        return "|".join(filter(None, flag.declared.choices))
    return {int: "N", float: "X", bool: "true|false"}.get(flag.kind, "TEXT")


def _help(flag: flags.Flag) -> str:
    declared = flag.declared
    limits = ""
    if declared.minimum is not None and declared.maximum is not None:
        unit = f" {_(declared.unit)}" if declared.unit else ""
        limits = f" ({declared.minimum:.10g} – {declared.maximum:.10g}{unit})"
    return f"{_(declared.title)}{limits}. {_(declared.help)}".replace("%", "%%")
