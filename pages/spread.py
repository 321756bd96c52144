"""How much slices differ: the standard deviation of outcomes, which `--dry-run` plans with."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.store.cache import Cache
from ca1ltd.experiment.workers.progress import standing_shown
from pages.runs import spec_of
from pages.source import Given, Source, table

SLICES: Final = 8
RUNS: Final = ("lfs",)


def collect(given: Given) -> dict[str, Any]:
    """Return mean and SD over slices of what the electrode saw (% of baseline), by protocol."""
    wanted = {words: spec_of(words, slices=SLICES) for words in RUNS}
    runs = Cache.open(given.runs or Path("runs", "spread"), tuple(wanted.values()))
    with standing_shown("spread") as progress:
        run_missing(runs, workers=given.workers, progress=progress)
    found = {}
    for words, store in zip(wanted, runs.stores(), strict=True):
        outcome = store.complete().summary["pathways"]["conditioned"]
        found[words.split()[0]] = {
            "command": words,
            "mean": outcome["percent_of_baseline"],
            "sd": outcome["sem"] * math.sqrt(outcome["n_slices"]),
            "slices": outcome["n_slices"],
        }
    return found


def shown(found: Mapping[str, Any]) -> str:
    """Return the table: mean and SD over slices."""
    rows = [("`ca1ltd run`", "slices", "mean, % of baseline", "SD, points")]
    rows += [
        (f"`{row['command']}`", str(row["slices"]), f"{row['mean']:.1f}", f"{row['sd']:.1f}")
        for row in found.values()
    ]
    return table(rows)


SOURCE: Final = Source(name="spread", views={"table": shown}, collect=collect)
