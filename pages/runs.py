"""Runs in the words of the command line: made where they are missing, and their outcomes."""

import itertools
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ca1ltd.experiment.results import Run
from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.cache import Cache
from ca1ltd.experiment.sweep.grid import experiment
from ca1ltd.experiment.workers.progress import standing_shown


def spec_of(words: str, **more: Any) -> ExperimentSpec:
    """Return the experiment that ``ca1ltd run WORDS`` makes.

    Parameters
    ----------
    words : str
        A protocol and its options, as "lfs --rate 3 --drug D-AP5=50@0..15"; an option without a
        value is a switch.
    **more
        Further options, by their names.
    """
    protocol, *rest = shlex.split(words)
    row: dict[str, str] = {"protocol": protocol}
    for word, following in itertools.pairwise([*rest, "--"]):
        if word.startswith("--"):
            row[word[2:]] = "yes" if following.startswith("--") else following
    return experiment(row | {name: str(value) for name, value in more.items()})


def outcomes(
    wanted: Mapping[str, ExperimentSpec], folder: Path, workers: int | None = None
) -> dict[str, dict[str, Any]]:
    """Return what runs came to, by the names given to them, after making those that are missing."""
    runs = Cache.open(folder, tuple(wanted.values()))
    with standing_shown(str(folder)) as progress:
        run_missing(runs, workers=workers, progress=progress)
    stores = {store.spec: store for store in runs.stores()}
    return {name: outcome(stores[spec].complete()) for name, spec in wanted.items()}


def outcome(run: Run) -> dict[str, Any]:
    """Return what a run came to (per cent of baseline).

    `expected` is without release noise, `control` that of the other pathway, and `seen` what the
    electrode saw, after the last induction; `phases` is `expected` after each of those before.
    """
    conditioned = run.summary["pathways"]["conditioned"]
    return {
        "expected": conditioned["percent_expected"],
        "seen": conditioned["percent_of_baseline"],
        "control": run.summary["pathways"]["control"]["percent_expected"],
        "phases": [
            row["pathways"]["conditioned"]["percent_expected"]
            for row in run.summary.get("phases", ())
        ],
    }
