"""Groups of commands that are loaded when they are named: the others cost nothing."""

from collections.abc import Callable, Mapping
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


def application(**settings: Any) -> typer.Typer:
    """Return a part of the command line, with the looks of the whole."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, **settings)


def command(function: Callable[..., None], **settings: Any) -> TyperCommand:
    """Return a command that calls a function."""
    alone = application()
    alone.command(**settings)(function)
    made = typer.main.get_command(alone)
    assert isinstance(made, TyperCommand)
    return made


class LazyGroup(TyperGroup):
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
