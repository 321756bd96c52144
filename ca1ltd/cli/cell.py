"""``ca1ltd cell``: the reconstructed cells."""

from pathlib import Path
from typing import Annotated, get_args

import typer

from ca1ltd import resources
from ca1ltd.cli.text import columns
from ca1ltd.errors import BadInput
from ca1ltd.morphology import Domain, Morphology, read_swc

cell_app = typer.Typer(help="The reconstructed cells.", no_args_is_help=True)


@cell_app.callback()
def _cell() -> None:
    """Keep `show` a subcommand although it is the only one."""


@cell_app.command("show")
def show(
    cell: Annotated[str | None, typer.Option(help="A cell of `ca1ltd info cells`.")] = None,
    swc: Annotated[Path | None, typer.Option(help="A reconstruction of your own.")] = None,
) -> None:
    """Say how large a cell is and how its dendrite lies in the layers."""
    if cell is not None and swc is not None:
        raise BadInput("--cell and --swc each name a cell: give one of them")
    if swc is not None:
        morphology = read_swc(swc)
    else:
        name = cell or "dhc"
        morphology = read_swc(resources.cell_dir(name) / "morphology.swc", name=name)
    print("\n".join(_description(morphology)))


def _description(morphology: Morphology) -> list[str]:
    rows = [
        ("cell", morphology.name),
        ("sections", str(len(morphology.sections))),
        ("soma", f"{morphology.sections[0].length:.1f} um long"),
    ]
    for domain in get_args(Domain):
        length = float(morphology.pieces(domain).length.sum())
        rows.append((domain, f"{length:.0f} um"))
    return columns(rows)
