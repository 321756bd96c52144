"""Groups of commands that are loaded when they are named: the others cost nothing."""

from collections.abc import Callable, Mapping
from contextlib import chdir
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


def load_neuron() -> None:
    """Load NEURON as if in an empty folder: it loads what is compiled where it is started."""
    with TemporaryDirectory(prefix="ca1ltd-") as nothing, chdir(nothing):
        import_module("ca1ltd.engine.session")


class Group(TyperGroup):
    """A group whose help says of each of its commands all that there is to say in short."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands; what is no short help would be cut at the end of the line."""
        for each in self.commands.values():
            each.short_help = each.short_help or (each.help or "").partition("\n\n")[0]
        super().format_commands(ctx, formatter)


def application(*, add_completion: bool = False, **settings: Any) -> typer.Typer:
    """Return a part of the command line, with the looks of the whole."""
    return typer.Typer(
        add_completion=add_completion,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        **{"cls": Group, **settings},
    )


def command(function: Callable[..., None], **settings: Any) -> TyperCommand:
    """Return a command that calls a function."""
    alone = application()
    alone.command(**settings)(function)
    made = typer.main.get_command(alone)
    assert isinstance(made, TyperCommand)
    return made


class LazyGroup(Group):
    """A group that knows its commands' names and help, and loads the one that is named.

    The commands that it is made with may be placeholders, as `announce` makes them.
    """

    def load(self, name: str) -> Any:
        """Return the command of a name that is known."""
        raise NotImplementedError

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the first word names."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, self.load(str(name)), rest


def announce(part: typer.Typer, texts: Mapping[str, str]) -> None:
    """Let a part name commands that are not loaded, each with its help."""
    for name, text in texts.items():
        part.command(name, help=text)(lambda: None)
