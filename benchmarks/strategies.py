"""Speed and error of each strategy on the same pulses of each protocol."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.excerpts import LENGTHS
from benchmarks.measure import WHOLE, Cost, Job, measured
from benchmarks.say import say

#: Strategies in the order of the table: integrator, tolerance of CVODE, repeats.
STRATEGIES: Final = {
    "fixed step, 0.025 ms": ("fixed", 1e-3, 1),
    "plain CVODE, 1e-2": ("reference", 1e-2, 1),
    "plain CVODE, 1e-3": ("reference", 1e-3, 1),
    "ours": ("efficient", 1e-3, 3),
}
#: What errors are measured against.
TRUTH: Final = Job(excerpt="", integrator="reference", atol=1e-5)

Row = dict[str, Any]


def rows(work: Path) -> list[Row]:
    """Return a row for each protocol and strategy; files go into a folder."""
    found = []
    for excerpt, (length, short) in LENGTHS.items():
        truths = {}
        for seconds in (length, short):
            say(f"{excerpt}: {seconds:g} s by CVODE at 1e-5, the reference")
            truths[seconds] = work / f"truth-{seconds}.npz"
            measured(replace(TRUTH, excerpt=excerpt, length=seconds, keep=str(truths[seconds])))
        for strategy, (integrator, atol, repeats) in STRATEGIES.items():
            seconds = short if integrator == "fixed" else length
            say(f"{excerpt}: {seconds:g} s by {strategy}")
            kept = work / "kept.npz"
            job = Job(
                excerpt=excerpt, length=seconds, integrator=integrator, atol=atol, keep=str(kept)
            )
            cost = measured(job, repeats)
            errors = compared(kept, truths[seconds])
            found.append(row(strategy, excerpt, cost) | errors)
    return found


def whole() -> Row:
    """Return the row of the whole LTD experiment of 95 minutes, audits and probes included."""
    say("the whole experiment, 95 min, by ours")
    return row("ours", "1 Hz, whole", measured(Job(excerpt=WHOLE)))


def row(strategy: str, protocol: str, cost: Cost) -> Row:
    """Return a row of the table, without errors."""
    return {"strategy": strategy, "protocol": protocol, "speed": cost.speed, **asdict(cost)}


def compared(path: Path, truth: Path) -> Row:
    """Return the errors of what the pulses did (1), and whether the same vesicles were released."""
    with np.load(path) as ours, np.load(truth) as reference:
        if not np.array_equal(ours["release"], reference["release"]):
            raise RuntimeError("two strategies released different vesicles: nothing to compare")
        spikes = int(np.count_nonzero(reference["fired"]))
        return {
            "slope_error": _mean(ours["slopes"], reference["slopes"]),
            "slopes": int(np.count_nonzero(np.isfinite(reference["slopes"]))),
            "calcium_error": _mean(ours["calcium"], reference["calcium"]),
            "releases": len(reference["calcium"]),
            "calcineurin_error": abs(
                float(ours["calcineurin"].mean() / reference["calcineurin"].mean()) - 1
            ),
            "receptor_error": float(np.abs(ours["surface"] / reference["surface"] - 1).max()),
            "receptors_moved": float(
                np.abs(reference["surface"] / reference["surface"][0] - 1).max()
            ),
            "pulses_that_fired": spikes,
            "fired_otherwise": int(np.count_nonzero(ours["fired"] != reference["fired"])),
        }


def _mean(values: Any, reference: Any) -> float | None:
    """Return the mean relative error where both are numbers; None if nowhere."""
    both = np.isfinite(values) & np.isfinite(reference) & (reference != 0)
    if not both.any():
        return None
    return float(np.abs(values[both] / reference[both] - 1).mean())
