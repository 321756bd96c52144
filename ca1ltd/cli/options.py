"""Options that say in one sentence what is wrong with their values."""

import sys
from collections import Counter
from collections.abc import Container
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from ca1ltd import cell_files
from ca1ltd.declared import CELL
from ca1ltd.errors import BadInput
from ca1ltd.text import printable

CellOption = Annotated[
    str | None,
    typer.Option(help=f"Reconstructed cell, one of `ca1ltd info cells`.  [default: {CELL}]"),
]
SwcOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A reconstruction of your own: SWC, Neurolucida ASC or H5."),
]
AsDrawnOption = Annotated[
    bool, typer.Option("--as-drawn", help="Do not turn it so that its apical axis is +y.")
]
DryRunOption = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Say what would be run, how long it takes and what it can show; run none."
    ),
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Refuse a reconstruction that would be mended.")
]


def chosen_cell(
    cell: str | None, swc: Path | None, *, as_drawn: bool = False, strict: bool = False
) -> str:
    """Return the cell that is said by name or by a file, after saying what is to be said of it.

    Raises
    ------
    BadInput
        If there is no such cell, or it cannot be used.
    """
    refuse_without_file(swc, as_drawn=as_drawn, strict=strict)
    said = cell_files.said(cell, swc, CELL)
    say_notices(said, as_drawn, strict)
    return said


def refuse_without_file(swc: Path | None, *, as_drawn: bool, strict: bool) -> None:
    """Raise BadInput if an option of a file is given without one.

    Raises
    ------
    BadInput
        If it is.
    """
    if swc is None and (as_drawn or strict):
        word = "--as-drawn" if as_drawn else "--strict"
        raise BadInput(f"{word} is for a reconstruction of your own, given with --swc")


def say_notices(cell: str, as_drawn: bool, strict: bool = False) -> None:
    """Say on standard error what was mended, turned or is implausible in a cell.

    Raises
    ------
    BadInput
        If the cell cannot be used.
    """
    from ca1ltd.model.own_cells import morphology_of  # loads numpy

    for notice in morphology_of(cell, as_drawn=as_drawn, strict=strict).notices:
        print(f"ca1ltd: {printable(f'{cell_files.shown(cell)}: {notice}')}", file=sys.stderr)


class Once(TyperCommand):
    """A command that refuses an option that is given twice, without a value or with an empty one.

    Without it the first value would be dropped silently, or the next option taken for a value.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the words of the command line apart."""
        said, _, given = self.make_parser(ctx).parse_args(args=list(args))
        options = {word: each for each in self.params for word in each.opts}
        for word, parameter in options.items():
            values = said.get(parameter.name or "")
            for value in values if isinstance(values, list) else [values]:
                if isinstance(value, str) and word.startswith("-"):
                    _refuse_no_value(word, value, options)
        for parameter, times in Counter(given).items():
            one = getattr(parameter, "multiple", True) is False  # arguments have no such thing
            if one and not getattr(parameter, "is_flag", False) and times > 1:
                raise BadInput(f"{parameter.opts[0]} is given twice, and can be given once")
        return super().parse_args(ctx, args)


def _refuse_no_value(word: str, value: str, options: Container[str]) -> None:
    if not value.strip():
        raise BadInput(f"{word} is empty: give it a value, or leave it out")
    if value.partition("=")[0] in options:
        raise BadInput(f"{word} has no value: after it comes {value}, which is another option")


def whole(name: str, text: str) -> Any:
    """Return an option that takes a whole number.

    Parameters
    ----------
    name : str
        Its name, for messages.
    text : str
        Its help.
    """

    def number(given: str) -> int:
        from ca1ltd.experiment.sweep.values import number_of  # only when a number is given

        return number_of(name, given)

    return typer.Option(parser=number, metavar="INTEGER", help=text)


def count_or_most(given: object) -> int | str:
    """Return a number of synapses, or that as many as fit are wanted."""
    from ca1ltd.experiment.sweep.values import synapses_of  # only when a number is given

    return synapses_of(str(given))  # the default passes here, too


SynapsesOption = Annotated[
    Any,
    typer.Option(
        parser=count_or_most,
        metavar="INTEGER|max",
        help="Synapses in each pathway; max, as many as fit.",
    ),
]
