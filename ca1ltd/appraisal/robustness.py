"""How outcomes answer to each number of the cascade, totals included, by replay of recorded runs.

What is asked: with any one parameter multiplied by 0.8 or by 1.25, pulses at 1 Hz still depress, a
tetanus still potentiates, and pulses that only test leave the EPSP as it is.
"""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final

from ca1ltd.appraisal.replayed import Replayed
from ca1ltd.appraisal.runs import PROTOCOLS, Recorded, recorded
from ca1ltd.export.replay.spines import keys
from ca1ltd.literature.experiments import Setting
from ca1ltd.model import parameters
from ca1ltd.text import count

FACTORS: Final = (0.8, 1.25)
ALLOWED: Final[Mapping[str, tuple[float, float]]] = {
    "1 Hz": (55.0, 92.0),
    "100 Hz": (115.0, 190.0),
    "baseline": (97.0, 103.0),
}
"""What outcomes may come to (per cent of the EPSP before) with any one parameter changed."""
LATE: Final = 10.0
"""Outcomes are means over the last minutes of a run."""
SHOWN: Final = 10

Change = tuple[str, float]
Outcomes = dict[str, float]
Found = Mapping[str, Any]
"""Outcomes ``as_it_is``, and by parameter its ``value`` and the outcomes with it times a factor."""


def robustness(folder: Path, setting: Setting, workers: int) -> dict[str, Any]:
    """Return every outcome with each parameter of the cascade changed, as JSON values.

    Parameters
    ----------
    folder : Path
        Where the runs and their drives are.
    setting : Setting
        With what they were made.
    workers : int
        Replays at once.

    Raises
    ------
    BadInput
        If a run is missing, or has no drives.
    """
    slices = {name: recorded(folder, setting, name) for name in PROTOCOLS}
    present = dict(setting.parameters)
    values = {key: present.get(key, parameters.table()[key].value) for key in keys()}
    changes = [*product((key for key, value in values.items() if value), FACTORS)]
    with ProcessPoolExecutor(workers) as pool:
        as_it_is, *found = pool.map(partial(replayed, slices), [None, *changes])
    rows: dict[str, dict[str, Any]] = {}
    for (key, factor), outcomes in zip(changes, found, strict=True):
        rows.setdefault(key, {"value": values[key]})[f"{factor:g}"] = outcomes
    return {"allowed": ALLOWED, "as_it_is": as_it_is, "parameters": rows}


def replayed(slices: Mapping[str, Recorded], change: Change | None) -> Outcomes:
    """Return the late EPSP (% of that before) of each protocol, means over its slices."""
    factors = {} if change is None else dict([change])
    found = {}
    for name, each in slices.items():
        late = []
        for spec, drive in each:
            epsp = Replayed(spec, drive).course(factors)["epsp"]
            late.append(100 * float(epsp[epsp.index > epsp.index[-1] - LATE].mean()))
        found[name] = sum(late) / len(late)
    return found


def worst(found: Found, number: int) -> list[Change]:
    """Return the changes that carry an outcome farthest out of what is allowed, worst first.

    Farthest is in units of half of what is allowed; a change whose value is not allowed is none.
    """
    far = {
        (key, factor): _farthest(row[f"{factor:g}"])
        for key, row in found["parameters"].items()
        for factor in FACTORS
        if row[f"{factor:g}"] is not None
    }
    return sorted(far, key=lambda change: -far[change])[:number]


def _farthest(outcomes: Mapping[str, float]) -> float:
    """Return how far the farthest outcome is from the middle, 1 at the ends of what is allowed."""
    return max(
        abs(outcomes[name] - (low + high) / 2) / ((high - low) / 2)
        for name, (low, high) in ALLOWED.items()
    )


def summary(found: Found) -> str:
    """Return in words how many changes keep every outcome within what is allowed."""
    every = [
        row[f"{factor:g}"]
        for row in found["parameters"].values()
        for factor in FACTORS
        if row[f"{factor:g}"] is not None
    ]
    kept = sum(_farthest(each) <= 1 for each in every)
    apart = ", ".join(
        f"{name} in {sum(not low <= each[name] <= high for each in every)}"
        for name, (low, high) in ALLOWED.items()
    )
    return (
        f"Of {count(len(every), 'change')} of {count(len(found['parameters']), 'parameter')} "
        f"{kept} keep all three outcomes within what is allowed. Outside are {apart}."
    )


def worst_shown(found: Found) -> list[tuple[str, ...]]:
    """Return the worst changes, with what simulation makes of them if it was asked; a heading."""
    simulated = {(row["parameter"], row["factor"]): row for row in found.get("simulated", ())}
    also = tuple(f"{name}, simulated" for name in ALLOWED) if simulated else ()
    rows: list[tuple[str, ...]] = [("parameter", "value", "times", *ALLOWED, *also)]
    as_it_is = (f"{found['as_it_is'][name]:.0f} %" for name in ALLOWED)
    rows.append(("as it is", "", "", *as_it_is, *("" for _ in also)))
    for key, factor in worst(found, SHOWN):
        row, run = found["parameters"][key], simulated.get((key, factor))
        cells = [_marked(name, row[f"{factor:g}"][name]) for name in ALLOWED]
        if also:
            cells += [_marked(name, run[name]) if run else "" for name in ALLOWED]
        rows.append((f"`{key}`", f"{row['value']:.3g}", f"{factor:g}", *cells))
    return rows


def _marked(name: str, value: float) -> str:
    """Return an outcome, bold where it is outside."""
    low, high = ALLOWED[name]
    return f"{value:.0f} %" if low <= value <= high else f"**{value:.0f} %**"
