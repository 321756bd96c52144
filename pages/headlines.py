"""The headline results on both cells, three slices each; ``tests/slow`` holds them to bands."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ca1ltd.experiment.spec import ExperimentSpec
from pages.runs import outcomes, spec_of
from pages.source import Given, Source, table

SLICES: Final = 3
CELLS: Final = ("dhc", "c5038804")
RUNS: Final = Path("runs", "headlines")
#: Rates of the frequency function (Hz).
RATES: Final = (0.5, 1.0, 3.0, 10.0, 20.0, 50.0)
AP5, KN62 = "D-AP5=50@-10..5", "KN-62=10@-10..5"
BEFORE: Final = "stdp --interval 10 --spikes 2 --spike-rate 100"
AFTER: Final = "stdp --interval -25 --rate 0.3 --pairs 150"
LOW: Final = "--ca 1.3 --mg 0.867"
EITHER: Final = (
    f"stdp --interval 10 --rate 0.3 --pairs 100 {LOW}",
    f"stdp --interval -25 --rate 0.3 --pairs 150 {LOW}",
)
#: What a row of the table is about, and its runs.
ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "`hfs`, `tbs`": ("hfs", "tbs"),
    "`hfs`, `tbs` with D-AP5": (f"hfs --drug {AP5}", f"tbs --drug {AP5}"),
    "`hfs`, `tbs` with KN-62": (f"hfs --drug {KN62}", f"tbs --drug {KN62}"),
    "1 Hz, then 100 Hz": ("de-depression",),
    "100 Hz, then 1 Hz, then 100 Hz": ("depotentiation --again",),
    "1 Hz three times": ("saturation",),
    "pulse 10 ms before two spikes, 5 Hz": (BEFORE,),
    "spike 25 ms before a pulse, 0.3 Hz": (AFTER,),
    "either order in 1.3 mM calcium": EITHER,
    "0.7 uM for 60 s, 10 uM for 3 s": (
        "calcium-clamp --level 0.7 --duration 60",
        "calcium-clamp --level 10 --duration 3",
    ),
    f"900 pulses at {', '.join(f'{rate:g}' for rate in RATES)} Hz": tuple(
        f"lfs --rate {rate:g}" for rate in RATES
    ),
}


def wanted(cell: str) -> dict[str, ExperimentSpec]:
    """Return the runs of a cell, by the words of each."""
    words = [word for row in ROWS.values() for word in row]
    return {word: spec_of(word, cell=cell, slices=SLICES) for word in words}


def collect(given: Given) -> dict[str, Any]:
    """Return the outcomes of each cell's runs."""
    folder = given.runs or RUNS
    return {cell: outcomes(wanted(cell), folder, given.workers) for cell in CELLS}


def shown(found: Mapping[str, Any]) -> str:
    """Return the table: outcomes of all inductions of a row, cell by cell."""
    rows = [("", *(f"`{cell}`" for cell in CELLS))]
    for title, runs in ROWS.items():
        cells = []
        for cell in CELLS:
            each = [found[cell][words] for words in runs]
            values = [value for run in each for value in (*run["phases"], run["expected"])]
            cells.append(", ".join(f"{value:.0f}" for value in values))
        rows.append((title, *cells))
    return table(rows)


SOURCE: Final = Source(name="headlines", views={"table": shown}, collect=collect, cells=CELLS)
