"""``ca1ltd figure``: draw figures from finished runs, making first those that are not there."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from ca1ltd import figures, protocols
from ca1ltd.cli.lazy import application
from ca1ltd.cli.options import (
    AsDrawnOption,
    CellOption,
    Once,
    SwcOption,
    SynapsesOption,
    chosen_cell,
    whole,
)
from ca1ltd.declared import Declared
from ca1ltd.errors import BadInput
from ca1ltd.experiment.results import load_run
from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.cache import Cache, saved
from ca1ltd.experiment.store.files import RUN_FILE
from ca1ltd.experiment.store.run_folder import refuse_unwritable
from ca1ltd.experiment.workers.progress import standing_shown
from ca1ltd.figures.entry import FigureEntry
from ca1ltd.text import count

SLICES = 3
QUICK_SLICES = 1
QUICK = {"test_interval": 60, "follow_up": 30}
"""Options (s, min) of the protocols of a quick figure."""

Wanted = Mapping[str, Mapping[str, ExperimentSpec]]
"""The specifications of figures' runs, by the figures' names and by their own."""


figure_app = application()


@figure_app.command(cls=Once)
def figure_command(
    name: Annotated[
        str, typer.Argument(help="A figure of `ca1ltd info figures`, all, sweep, or rules.")
    ],
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="FOLDER", help="Draw from the runs in it; run nothing."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="One slice, fewer test pulses, shorter follow-up.")
    ] = False,
    slices: Annotated[
        int | None, whole("slices", f"Slices of each run.  [default: {SLICES}]")
    ] = None,
    cell: CellOption = None,
    swc: SwcOption = None,
    as_drawn: AsDrawnOption = False,
    synapses: SynapsesOption = None,
    workers: Annotated[int | None, whole("workers", "Slices at once  [default: cores]")] = None,
    out: Annotated[Path, typer.Option(help="Folder of the figure.")] = Path("figures"),
) -> None:
    """Draw a figure; without --from, its runs are made first, those that are not there already."""
    refuse_unwritable(out)
    if name == "sweep":
        _draw_sweep(from_, out)
        return
    if name == "rules":
        _draw_rules(from_, out)
        return
    if slices is None:
        slices = QUICK_SLICES if quick else SLICES
    entries = list(figures.FIGURES.values()) if name == "all" else [figures.figure_entry(name)]
    said: dict[str, Any] = {} if synapses is None else {"synapses": synapses}
    said |= {"cell": chosen_cell(cell, swc, as_drawn=as_drawn), "as_drawn": as_drawn}
    wanted = {
        entry.name: {
            key: spec_of(replace(declared, **said), slices=slices, quick=quick)
            for key, declared in entry.runs.items()
        }
        for entry in entries
    }
    if from_ is None:
        places = _made(out / "runs", _all(wanted), workers)
    elif (from_ / RUN_FILE).exists():
        places = _alone(from_, entries, wanted)
    else:
        places = _there(from_, wanted)
    for entry in entries:
        runs = {key: load_run(places[spec]) for key, spec in wanted[entry.name].items()}
        files = figures.save_figure(entry.name, runs, out)
        print(entry.caption(runs))
        print("\n".join(str(file) for file in files))


def _draw_sweep(folder: Path | None, out: Path) -> None:
    from ca1ltd.cli.swept import plotted  # loads pandas

    if folder is None:
        raise BadInput("the figure 'sweep' is of a sweep that was run: give its folder with --from")
    caption, files = plotted(folder, out)
    print(caption)
    print("\n".join(str(file) for file in files))


def _draw_rules(folder: Path | None, out: Path) -> None:
    from ca1ltd.figures import rules  # loads matplotlib

    if folder is None:
        raise BadInput(
            "the figure 'rules' is of what `ca1ltd experiment rules` leaves: give its folder with "
            "--from"
        )
    found = rules.load(folder)
    files = rules.save(found, out)
    print(rules.caption(found))
    print("\n".join(str(file) for file in files))


def _all(wanted: Wanted) -> tuple[ExperimentSpec, ...]:
    return tuple(dict.fromkeys(spec for runs in wanted.values() for spec in runs.values()))


def spec_of(declared: Declared, *, slices: int, quick: bool) -> ExperimentSpec:
    """Return the specification of an experiment that a figure declares."""
    keys = {option.key for option in protocols.options_of(protocols.PROTOCOLS[declared.protocol])}
    shorter = {key: value for key, value in QUICK.items() if quick and key in keys}
    return ExperimentSpec.of(
        replace(
            declared,
            options={**declared.options, **shorter},
            slices=declared.slices or slices,
        )
    )


def _made(
    folder: Path, specs: Iterable[ExperimentSpec], workers: int | None
) -> dict[ExperimentSpec, Path]:
    """Return the folders of runs, after making those that are missing; figures share them."""
    runs = Cache.open(folder, tuple(specs))
    with standing_shown(count(len(runs.specs), "run")) as progress:
        run_missing(runs, workers=workers, progress=progress)
    return {store.spec: store.path for store in runs.stores()}


def _alone(
    folder: Path, entries: Iterable[FigureEntry], wanted: Wanted
) -> dict[ExperimentSpec, Path]:
    """Return the folder of one run, whatever its options, as that of figures that need one."""
    for entry in entries:
        if len(entry.runs) > 1:
            raise BadInput(
                f"the figure '{entry.name}' needs {len(entry.runs)} runs, and {folder} is the "
                "folder of one: give the folder that holds them all"
            )
    return dict.fromkeys(_all(wanted), folder)


def _there(folder: Path, wanted: Wanted) -> dict[ExperimentSpec, Path]:
    """Return the folders of runs that a folder holds; refuse if any is missing."""
    found = saved(folder, _all(wanted))
    for name, runs in wanted.items():
        missing = [key for key, spec in runs.items() if spec not in found]
        if missing:
            slices = count(runs[missing[0]].slices, "slice")
            raise BadInput(
                f"{folder} lacks {len(missing)} of the {count(len(runs), 'run')} of {slices} that "
                f"the figure '{name}' needs ({', '.join(missing)}): without --from they are made"
            )
    return found
