"""``ca1ltd cell``: the reconstructed cells."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from ca1ltd import cell_files, figures
from ca1ltd.cli.lazy import application, load_neuron
from ca1ltd.cli.options import (
    AsDrawnOption,
    CellOption,
    Once,
    StrictOption,
    SwcOption,
    chosen_cell,
    refuse_without_file,
    say_notices,
)
from ca1ltd.declared import CELL, SEED, SLICES
from ca1ltd.experiment.crowding import most_synapses
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.run_folder import refuse_unwritable
from ca1ltd.model.cell_biophysics import biophysics_of
from ca1ltd.model.morphology import Domain, Morphology
from ca1ltd.model.own_cells import add_cell, morphology_of
from ca1ltd.model.reconstruction.soma import area
from ca1ltd.protocols import make
from ca1ltd.text import columns, printable

cell_app = application(help="The reconstructed cells.", no_args_is_help=True)


@cell_app.command("show", cls=Once)
def show(
    cell: CellOption = None,
    swc: SwcOption = None,
    as_drawn: AsDrawnOption = False,
    strict: StrictOption = False,
) -> None:
    """Say how large a cell is, how its dendrite lies in the layers, and what is odd about it."""
    said = cell_files.said(cell, swc, CELL)
    refuse_without_file(swc, as_drawn=as_drawn, strict=strict)
    morphology = morphology_of(said, as_drawn=as_drawn, strict=strict)
    spec = ExperimentSpec(protocol=make("test-pulses", {}), cell=said, as_drawn=as_drawn)
    print("\n".join(_description(morphology, most_synapses(spec))))


@cell_app.command("add", cls=Once)
def add(
    name: Annotated[str, typer.Argument(help="Its name, for --cell.")],
    file: Annotated[Path, typer.Argument(help="SWC, Neurolucida ASC or H5.")],
    biophysics: Annotated[
        Path | None,
        typer.Option(help="TOML file of what differs from the biophysics of all cells."),
    ] = None,
    as_drawn: AsDrawnOption = False,
    strict: StrictOption = False,
) -> None:
    """Keep a reconstruction of your own under a name, mended and upright."""
    folder = add_cell(name, file, biophysics=biophysics, as_drawn=as_drawn, strict=strict)
    say_notices(str(file.resolve()), as_drawn)
    print(f"the cell {name} is in {folder}: `ca1ltd cell show --cell {name}` says what it is")


@cell_app.command("validate", cls=Once)
def validate(
    cell: CellOption = None,
    swc: SwcOption = None,
    as_drawn: AsDrawnOption = False,
    strict: StrictOption = False,
    spine: Annotated[
        bool, typer.Option("--spine", help="Measure its spines in place of the cell.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder of the figure and the JSON.")] = Path("figures"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the JSON.")] = False,
) -> None:
    """Measure a cell, or its spines, and compare it with recordings; about two minutes."""
    said = chosen_cell(cell, swc, as_drawn=as_drawn, strict=strict)
    morphology = morphology_of(said, as_drawn=as_drawn)
    refuse_unwritable(out)
    load_neuron()
    if spine:
        _validate_spines(said, morphology.name, as_drawn=as_drawn, out=out, as_json=as_json)
    else:
        _validate_cell(said, morphology, out=out, as_json=as_json)


def _validate_cell(said: str, morphology: Morphology, *, out: Path, as_json: bool) -> None:
    from ca1ltd.validation.validate import validate as measured

    report = measured(morphology, biophysics_of(said), progress=_say)
    files = figures.save_cell(report, out)
    tables = (report.rows(), _score_rows(report.scores()))
    _show(report.as_dict(), tables, files, as_json=as_json)


def _validate_spines(said: str, name: str, *, as_drawn: bool, out: Path, as_json: bool) -> None:
    from ca1ltd.validation.validate_spines import validate_spines

    report = validate_spines(said, name=name, as_drawn=as_drawn, progress=_say)
    files = figures.save_spines(report, out)
    met: list[tuple[str, ...]] = [
        ("measures", str(len(report.rows()) - 1)),
        ("out", str(len(report.misses()))),
    ]
    _show(report.as_dict(), (report.rows(), met), files, as_json=as_json)


def _say(name: str) -> None:
    print(f"measuring {name}", file=sys.stderr)


def _show(
    found: dict[str, Any],
    tables: Sequence[list[tuple[str, ...]]],
    files: Sequence[Path],
    *,
    as_json: bool,
) -> None:
    """Print what was measured, as JSON or as tables with the files that hold it."""
    if as_json:
        print(json.dumps(found, indent=2, allow_nan=False))
        return
    for table in tables:
        print("\n".join(columns(table)))
        print()
    print("\n".join(str(file) for file in files))


def _score_rows(scores: dict[str, float]) -> list[tuple[str, ...]]:
    rows = [(group.replace("_", " "), f"{score:.2f}") for group, score in scores.items()]
    return [("group", "mean |z|"), *rows]


def _description(morphology: Morphology, synapses: int) -> list[str]:
    soma = morphology.sections[0]
    rows = [
        ("cell", morphology.name),
        ("sections", str(len(morphology.sections))),
        ("soma", f"{soma.length:.1f} um long, {area(soma.points):.0f} um2"),
    ]
    for domain in (each for each in get_args(Domain) if each != "soma"):
        length = float(morphology.pieces(domain).length.sum())
        rows.append((domain, f"{length:.0f} um"))
    rows.append(("synapses", f"{synapses} in each pathway at most ({SLICES} slices, seed {SEED})"))
    notices = (f"notice: {notice}" for notice in morphology.notices)
    return [printable(line) for line in (*columns(rows), *notices)]
