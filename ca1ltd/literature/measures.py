"""What a condition measures, read from the finished runs of its experiment."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from ca1ltd.analysis.spikes import spiked
from ca1ltd.arrays import Floats
from ca1ltd.errors import RunError
from ca1ltd.experiment.results import Run
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.literature import spine_calcium
from ca1ltd.literature.experiments import Experiment
from ca1ltd.literature.judge import RISES, Outcome, undone
from ca1ltd.literature.published import Published
from ca1ltd.protocols import Protocol
from ca1ltd.units import minute

Window = tuple[float, float]

STATES: Final = {
    "s845": ("s845_p",),
    "s831": ("s831_p",),
    "surface": ("ampar_anchored", "ampar_diffusing"),
}
"""States of the spines that are measured in per cent of their own baseline."""
PARAMETERS: Final = frozenset({"ca-rest", "ca-capacity"})
"""Measures that say again what was put in."""


def outcome(
    condition: Published,
    experiment: Experiment,
    specs: Sequence[ExperimentSpec],
    runs: Sequence[Run],
    *,
    seen: bool = False,
) -> Outcome:
    """Return the outcome of a condition; without a value if spikes left no EPSP to measure.

    Parameters
    ----------
    condition : Published
        When it was measured.
    experiment : Experiment
        What is measured.
    specs, runs : sequence
        The specification and the results of each run of the experiment.
    seen : bool
        EPSPs as the electrode saw them, not as they are expected without release noise.

    Raises
    ------
    RunError
        If a run has nothing in the window.
    """
    shares = [spiked(run.summary["pathways"].get(experiment.pathway, {})) for run in runs]
    found = _found(condition, experiment, specs, runs, seen)
    return replace(found, spiked=max(shares)) if experiment.measure == "epsp" else found


def _found(
    condition: Published,
    experiment: Experiment,
    specs: Sequence[ExperimentSpec],
    runs: Sequence[Run],
    seen: bool,
) -> Outcome:
    of_runs = [
        _values(experiment, spec, run, condition.window, seen)
        for spec, run in zip(specs, runs, strict=True)
    ]
    if any(np.isnan(values).all() for values in of_runs):
        return Outcome(value=None)
    if experiment.against == "last-phase" and experiment.combine is not None:
        of_runs = [
            100 * values / _percent(experiment, run, before_last_phase(spec.protocol), seen)
            for values, spec, run in zip(of_runs, specs, runs, strict=True)
        ]
    if experiment.compare is not None:
        compared = _COMPARED[experiment.compare.by](*of_runs)
        return compared if condition.accepted else replace(compared, change=None)
    if experiment.combine is not None:
        return _COMBINED[experiment.combine](experiment, of_runs)
    (values,) = of_runs
    if not condition.accepted:
        return _summarised(values)
    if experiment.against == "baseline":
        return _summarised(values, _mean(values))
    levels = _percent(experiment, runs[0], before_last_phase(specs[0].protocol), seen)
    if np.isnan(values / levels).all():
        return Outcome(value=None)
    before = _mean(levels)
    return replace(
        _summarised(values, _mean(100 * values / levels)),
        before=before,
        undone=undone(before, _mean(values)),
    )


def _values(
    experiment: Experiment, spec: ExperimentSpec, run: Run, window: Window | None, seen: bool
) -> Floats:
    """Return what each slice measured; shape ``(n_slices,)``, or one value that none measured.

    A slice in which nothing could be measured has NaN.
    """
    match experiment.measure:
        case "ca-rest":
            return spine_calcium.rest(run)
        case "ca-spike-decay":
            return spine_calcium.spike_decay(spec, run)
        case "ca-peak":
            return spine_calcium.peak(run)
        case "ca-release":
            return spine_calcium.release(spec, run, experiment.pathway)
        case "ca-capacity":
            return spine_calcium.capacity(spec)
    return _percent(experiment, run, _after_induction(spec.protocol, window), seen)


def _after_induction(protocol: Protocol, window: Window | None) -> Window:
    """Return a window (min from the start of induction), by default that of the summary."""
    if window is None:
        return _minutes(protocol, protocol.summary_window)
    end = (protocol.induction_end - protocol.induction_start) / minute
    return end + window[0], end + window[1]


def before_last_phase(protocol: Protocol) -> Window:
    """Return the window before the last of several inductions (min from the start of the first).

    It is the ten minutes before it, or the whole rest if that is shorter.

    Raises
    ------
    RunError
        If no rest divides the induction.
    """
    if not protocol.rests:
        raise RunError(f"this {protocol.name} has no rest before its last induction")
    return _minutes(protocol, protocol.rests[-1])


def _minutes(protocol: Protocol, window: Window) -> Window:
    start, end = ((at - protocol.induction_start) / minute for at in window)
    return start, end


def _percent(experiment: Experiment, run: Run, window: Window, seen: bool) -> Floats:
    """Return the mean of each slice in a window, in per cent of its baseline."""
    if experiment.measure == "epsp":
        table = run.epsp if seen else run.expected
        rows = table[table["pathway"] == experiment.pathway]
        percent = rows["percent_of_baseline"]
    else:
        rows = run.timecourse[run.timecourse["pathway"] == experiment.pathway]
        level = rows[list(STATES[experiment.measure])].sum(axis=1)
        before = level.where(rows["time_min"] < 0).groupby(rows["slice"]).transform("mean")
        percent = 100 * level / before
    inside = rows["time_min"].between(*window)
    means = percent[inside].groupby(rows["slice"][inside]).mean()
    if means.empty:
        raise RunError(
            f"nothing was measured from {window[0]:g} to {window[1]:g} min in {run.path}"
        )
    return means.to_numpy(dtype=float)


def _summarised(values: Floats, change: float | None = None) -> Outcome:
    measured = values[~np.isnan(values)]
    n = measured.size
    return Outcome(
        value=_mean(values),
        sem=float(measured.std(ddof=1)) / math.sqrt(n) if n > 1 else None,
        n_slices=n,
        change=change,
    )


def _mean(values: Floats) -> float:
    """Return the mean over the slices that measured something."""
    return float(values[~np.isnan(values)].mean())


def _rising(_: Experiment, of_runs: Sequence[Floats]) -> Outcome:
    """Return the change of the last run if each run exceeds the one before, or else none."""
    means = [_mean(values) for values in of_runs]
    rising = all(after > before for before, after in pairwise(means))
    return Outcome(value=None, n_slices=of_runs[-1].size, change=means[-1] if rising else 100.0)


def _least_for_ltp(experiment: Experiment, of_runs: Sequence[Floats]) -> Outcome:
    """Return the least level that gives LTP, by a straight line from the run before it."""
    levels, means = experiment.levels, [_mean(values) for values in of_runs]
    above = [k for k, mean in enumerate(means) if mean > RISES]
    if not above:
        return Outcome(value=None, n_slices=of_runs[-1].size)
    k = above[0]
    value = levels[0]
    if k:
        part = (RISES - means[k - 1]) / (means[k] - means[k - 1])
        value = levels[k - 1] + part * (levels[k] - levels[k - 1])
    return Outcome(value=value, n_slices=of_runs[k].size)


def _less_than(own: Floats, other: Floats) -> Outcome:
    """Return the level, whose direction is that of its difference from the other."""
    return _summarised(own, 100.0 + _mean(own - other))


def _points(own: Floats, other: Floats) -> Outcome:
    return _summarised(own - other, 100.0 + _mean(own - other))


def _ratio(own: Floats, other: Floats) -> Outcome:
    percent = 100 * own / other
    return _summarised(percent, _mean(percent))


def _share_removed(own: Floats, other: Floats) -> Outcome:
    """Return the part of the other's change (per cent) that is missing, which is 0 of no change."""
    without, with_it = _mean(other), _mean(own)
    share = undone(without, with_it)
    shares = 100 * (other - own) / (other - 100.0) if share else np.zeros(own.size)
    found = _summarised(shares, 100 * with_it / without)
    return replace(found, value=100 * share, before=without, undone=share)


_COMBINED: Final[Mapping[str, Callable[[Experiment, Sequence[Floats]], Outcome]]] = {
    "rising": _rising,
    "least-for-LTP": _least_for_ltp,
}

_COMPARED: Final[Mapping[str, Callable[[Floats, Floats], Outcome]]] = {
    "less-than": _less_than,
    "points": _points,
    "ratio": _ratio,
    "share-removed": _share_removed,
}
