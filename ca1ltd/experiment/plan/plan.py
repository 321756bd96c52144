"""What would be run, how long it takes here, and what it can show."""

import heapq
import os
from collections.abc import Sequence
from typing import Any

from ca1ltd.experiment.plan.power import (
    ALPHA,
    DIFFERENCE,
    POWER,
    difference_found,
    slices_needed,
    spread_of,
)
from ca1ltd.experiment.plan.speed import Speed, last, pulses_of, timed
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.model.drugs import notes
from ca1ltd.units import minute


def plan(stores: Sequence[Store], *, workers: int | None = None) -> dict[str, Any]:
    """Return the plan of runs as JSON values. Nothing is written.

    Parameters
    ----------
    stores : sequence of Store
        Where each run would be.
    workers : int, optional
        Slices at once; by default as many as there are cores.
    """
    at_once = workers or os.cpu_count() or 1
    runs = [_run(store) for store in stores]
    measured = {id(store): last(store.spec) for store in stores}
    how = "last run"
    if not all(measured.values()):
        (spec, *_) = max((store.spec for store in stores), key=_work).slice_specs()
        found = timed(spec)
        measured = {id(store): measured[id(store)] or found for store in stores}
        how = "first pulses" if found else "not measured"
    speeds = [measured[id(store)] for store in stores]
    return {
        "runs": runs,
        "slices": sum(run["spec"]["slices"] for run in runs),
        "missing": sum(run["missing"] for run in runs),
        "simulated_min": sum(run["missing"] * run["simulated_min"] for run in runs),
        "workers": at_once,
        "seconds": _seconds(stores, runs, speeds, at_once),
        "measured": {"how": how, **_said(speeds[-1])},
        "precision": _precision(stores[0].spec),
    }


def _run(store: Store) -> dict[str, Any]:
    spec = store.spec
    finished = len(store.finished()) if store.begun else 0
    return {
        "folder": str(store.path),
        "spec": spec.as_dict(),
        "pulses": len(spec.protocol.pulses()),
        "simulated_min": spec.protocol.t_stop / minute,
        "missing": spec.slices - finished,
        "notes": list(notes(spec.drugs, spec.conditions.gaba)),
    }


def _work(spec: ExperimentSpec) -> int:
    return pulses_of(spec.protocol)


def _said(speed: Speed | None) -> dict[str, Any]:
    if speed is None:
        return {}
    return {
        "protocol": speed.protocol,
        "synapses": speed.synapses,
        "pulses": speed.pulses,
        "seconds_a_slice": speed.seconds,
        "when": speed.when,
    }


def _seconds(
    stores: Sequence[Store],
    runs: Sequence[dict[str, Any]],
    speeds: Sequence[Speed | None],
    at_once: int,
) -> float | None:
    """Return how long all takes (s), each slice given to the worker that is free first."""
    busy = [0.0] * at_once
    for store, run, speed in zip(stores, runs, speeds, strict=True):
        if speed is None:
            return None
        for _ in range(run["missing"]):
            heapq.heapreplace(busy, busy[0] + speed.of(store.spec.protocol))
    return max(busy)


def _precision(spec: ExperimentSpec) -> dict[str, Any] | None:
    spread = spread_of(spec.protocol)
    if spread is None:
        return None
    return {
        "sd": spread.sd,
        "measured_in": spread.protocol,
        "measured_slices": spread.slices,
        "difference": DIFFERENCE,
        "alpha": ALPHA,
        "power": POWER,
        "slices_needed": slices_needed(DIFFERENCE, spread.sd),
        "slices": spec.slices,
        "difference_found": difference_found(spread.sd, spec.slices),
    }
