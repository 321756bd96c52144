"""How outcomes answer to each parameter of the spine and its cascade, totals included.

    python -m calibration.robustness                 # by replay, some minutes
    python -m calibration.robustness --simulate      # and the worst ten by simulation
    python -m calibration.robustness --results       # with either: for docs/robustness.md

Each parameter is multiplied by 0.8 and by 1.25. By replay, the calcium of the conditioned spines
drives the cascade: as it is recorded on the cell, or, where the parameter shapes calcium, recorded
again with each value. By simulation, whole experiments are run with the value.
"""

import argparse
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np

from ca1ltd.appraisal.robustness import ALLOWED, FACTORS, worst
from ca1ltd.declared import Declared
from ca1ltd.errors import BadInput
from ca1ltd.experiment.results import load_run
from ca1ltd.experiment.runs import run_missing
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.cache import Cache
from ca1ltd.export.replay.spines import keys
from ca1ltd.model import parameters
from calibration.drive import DRIVES, record
from calibration.targets import HFS, LFS, TEST_PULSES, Bench
from pages.robustness import SOURCE

CELL, SEED = "dhc", 1
SPINE: Final = ("spine", "ca1spineca", "ca1nmda")
"""Groups of parameters that shape the calcium of a spine."""
ABSENT: Final = ("bapta", "egta", "mk801", "clamp", "k_leave", "k_mk801", "tau_dialysis", "mg_o")
"""What parameters of drugs, of clamps and of the bath begin with: they belong to no spine."""
GIVEN: Final = {"1 Hz": LFS, "100 Hz": HFS, "baseline": TEST_PULSES}
"""What is given; the test pulses of 80 minutes are the baseline."""
RUNS: Final = {
    "1 Hz": ("lfs", {}),
    "100 Hz": ("hfs", {}),
    "baseline": ("test-pulses", {"duration": 100, "baseline": 20}),
}
SLICES: Final = 2

Outcomes = dict[str, float]
_DRIVE: dict[str, np.ndarray] = {}


def changeable() -> Iterator[str]:
    """Yield the parameters that are multiplied: what is 0 stays 0."""
    for key, row in parameters.table(CELL).items():
        is_spine = row.group in SPINE and not key.partition(".")[2].startswith(ABSENT)
        if row.value and (key in keys() or is_spine):
            yield key


def recorded(changed: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Return the calcium (uM) of the conditioned spines by a pulse and by a tetanus."""
    return {name: record(DRIVES[name], CELL, SEED, changed) for name in ("pulse", "hfs")}


def replayed(change: tuple[str, float] | None) -> Outcomes | None:
    """Return the EPSP (% of that before) an hour after each; None if the value is not allowed."""
    changed = {}
    if change is not None:
        key, factor = change
        changed = {key: parameters.table(CELL)[key].value * factor}
        try:
            parameters.checked(tuple(changed.items()), CELL)
        except BadInput:
            return None
    is_cascade = changed.keys() <= set(keys())
    bench = Bench(_DRIVE if is_cascade else recorded(changed), changed if is_cascade else {})
    return {name: 100 * bench.outcome(step) for name, step in GIVEN.items()}


def simulated(chosen: list[tuple[str, float]], folder: Path, workers: int) -> list[Outcomes]:
    """Return the same by whole experiments, the expected EPSP of each."""
    specs = {
        (change, name): ExperimentSpec.of(
            Declared(
                protocol,
                options,
                slices=SLICES,
                parameters={change[0]: parameters.table(CELL)[change[0]].value * change[1]},
            )
        )
        for change in chosen
        for name, (protocol, options) in RUNS.items()
    }
    cache = Cache.open(folder, tuple(specs.values()))
    run_missing(cache, workers=workers, progress=lambda standing: print(standing, flush=True))
    places = {store.spec: store.path for store in cache.stores()}
    return [{name: _late(places[specs[change, name]]) for name in RUNS} for change in chosen]


def _late(path: Path) -> float:
    """Return the expected EPSP of the last ten minutes (% of the baseline)."""
    table = load_run(path).expected
    rows = table[table["pathway"] == "conditioned"]
    late = rows["time_min"] > rows["time_min"].max() - 10
    return float(rows["percent_of_baseline"][late].mean())


def measured(workers: int) -> dict[str, Any]:
    """Return every outcome by replay, as JSON values."""
    _DRIVE.update(recorded({}))
    changes = [(key, factor) for key in changeable() for factor in FACTORS]
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        as_it_is, *found = pool.map(replayed, [None, *changes])
    rows: dict[str, dict[str, Any]] = {}
    for (key, factor), outcomes in zip(changes, found, strict=True):
        row = rows.setdefault(key, {"value": parameters.table(CELL)[key].value})
        row[f"{factor:g}"] = outcomes
    return {"allowed": ALLOWED, "as_it_is": as_it_is, "parameters": rows}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--simulate", action="store_true", help="the worst ten")
    parser.add_argument("--runs", type=Path, default=Path("runs", "robustness"))
    parser.add_argument("--results", action="store_true", help="leave the file for docs/")
    given = parser.parse_args()

    def made() -> dict[str, Any]:
        found = measured(given.workers)
        if given.simulate:
            chosen = worst(found, 10)
            outcomes = simulated(chosen, given.runs, given.workers)
            found["simulated"] = [
                {"parameter": key, "factor": factor, **each}
                for (key, factor), each in zip(chosen, outcomes, strict=True)
            ]
        return found

    result = SOURCE.result(made)
    print(SOURCE.views["worst"](result.found))
    if given.results:
        print(result.write(SOURCE.name))
