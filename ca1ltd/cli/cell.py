"""``ca1ltd cell``: the reconstructed cells."""

import json
import sys
from pathlib import Path
from typing import Annotated, get_args

import typer

from ca1ltd import figures, resources
from ca1ltd.cli.lazy import application
from ca1ltd.cli.options import Once
from ca1ltd.cli.text import columns
from ca1ltd.declared import CELL
from ca1ltd.errors import BadInput
from ca1ltd.experiment.store.run_folder import refuse_unwritable
from ca1ltd.model.cell_biophysics import biophysics_of
from ca1ltd.model.morphology import Domain, Morphology, read_swc

cell_app = application(help="The reconstructed cells.", no_args_is_help=True)
CellOption = Annotated[str | None, typer.Option(help="A cell of `ca1ltd info cells`.")]
SwcOption = Annotated[Path | None, typer.Option(help="A reconstruction of your own.")]


@cell_app.command("show", cls=Once)
def show(cell: CellOption = None, swc: SwcOption = None) -> None:
    """Say how large a cell is and how its dendrite lies in the layers."""
    print("\n".join(_description(_morphology(cell, swc))))


@cell_app.command("validate", cls=Once)
def validate(
    cell: CellOption = None,
    swc: SwcOption = None,
    out: Annotated[Path, typer.Option(help="Folder of the figure and the JSON.")] = Path("figures"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the JSON.")] = False,
) -> None:
    """Measure a cell and compare it with recordings; about two minutes."""
    morphology = _morphology(cell, swc)
    refuse_unwritable(out)
    from ca1ltd.validation.validate import validate as measured  # loads NEURON

    report = measured(
        morphology,
        biophysics_of(cell or CELL),  # of a reconstruction of one's own, the default's
        progress=lambda name: print(f"measuring {name}", file=sys.stderr),
    )
    written = json.dumps(report.as_dict(), indent=2, allow_nan=False)
    files = figures.save_cell(report, out)
    if as_json:
        print(written)
        return
    print("\n".join(columns(report.rows())))
    print()
    print("\n".join(columns(_score_rows(report.scores()))))
    print("\n".join(str(file) for file in files))


def _morphology(cell: str | None, swc: Path | None) -> Morphology:
    if cell is not None and swc is not None:
        raise BadInput("--cell and --swc each name a cell: give one of them")
    if swc is not None:
        return read_swc(swc)
    name = cell or CELL
    return read_swc(resources.cell_dir(name) / "morphology.swc", name=name)


def _score_rows(scores: dict[str, float]) -> list[tuple[str, ...]]:
    rows = [(group.replace("_", " "), f"{score:.2f}") for group, score in scores.items()]
    return [("group", "mean |z|"), *rows]


def _description(morphology: Morphology) -> list[str]:
    rows = [
        ("cell", morphology.name),
        ("sections", str(len(morphology.sections))),
        ("soma", f"{morphology.sections[0].length:.1f} um long"),
    ]
    for domain in (each for each in get_args(Domain) if each != "soma"):
        length = float(morphology.pieces(domain).length.sum())
        rows.append((domain, f"{length:.0f} um"))
    return columns(rows)
