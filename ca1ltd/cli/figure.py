"""``ca1ltd figure``: draw a figure from a finished run, running it first if there is none."""

import hashlib
import json
from pathlib import Path
from typing import Annotated

import typer

from ca1ltd import figures, protocols
from ca1ltd.cli.run import run_with_progress
from ca1ltd.errors import BadInput
from ca1ltd.experiment.results import Run, load_run
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store import refuse_unwritable, versions
from ca1ltd.figures import FigureEntry

SLICES = 3
QUICK_SLICES = 1
QUICK = {"test_interval": 60, "follow_up": 30}
"""Options (s, min) of the protocol of a quick figure."""


def figure_command(
    name: Annotated[str, typer.Argument(help="A figure of `ca1ltd info figures`, or all.")],
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="RUN", help="Folder of a finished run.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="One slice, fewer test pulses, shorter follow-up.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder of the figure.")] = Path("figures"),
) -> None:
    """Draw a figure; without --from, its experiment is run first."""
    if from_ is not None and quick:
        raise BadInput("--quick runs the experiment anew and --from uses one: give one of them")
    if from_ is not None and name == "all":
        raise BadInput("--from is the run of one figure: name the figure instead of 'all'")
    refuse_unwritable(out)
    names = list(figures.FIGURES) if name == "all" else [name]
    for entry in [figures.figure_entry(each) for each in names]:
        run = load_run(from_) if from_ is not None else _run_for(entry, out, quick=quick)
        files = figures.save_figure(entry.name, run, out)
        print(entry.caption(run))
        print("\n".join(str(file) for file in files))


def _run_for(entry: FigureEntry, out: Path, *, quick: bool) -> Run:
    """Return the figure's own experiment, from its folder if it is there already."""
    kind = protocols.PROTOCOLS[entry.protocol]
    keys = {option.key for option in protocols.options_of(kind)}
    options = {key: value for key, value in QUICK.items() if quick and key in keys}
    spec = ExperimentSpec(
        protocol=protocols.make(entry.protocol, options),
        slices=QUICK_SLICES if quick else SLICES,
    )
    # Named by all that the result depends on, so that an older model's run is never drawn.
    depends = json.dumps([spec.as_dict(), versions()], sort_keys=True)
    folder = out / "runs" / f"{entry.name}-{hashlib.sha256(depends.encode()).hexdigest()[:8]}"
    return run_with_progress(spec, folder, workers=None, resume=True)
