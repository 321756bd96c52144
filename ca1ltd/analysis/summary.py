"""The numbers a run is judged by: size of the EPSP after induction and where its receptors went."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ca1ltd.analysis.responses import responses
from ca1ltd.analysis.spikes import spiking
from ca1ltd.arrays import Floats
from ca1ltd.protocols import Protocol
from ca1ltd.units import minute

CONDITIONED = "conditioned"


def summarise(
    protocol: Protocol,
    epsp: pd.DataFrame,
    expected: pd.DataFrame,
    synapses: pd.DataFrame,
    timecourse: pd.DataFrame,
    statistics: Iterable[Mapping[str, float]],
) -> dict[str, Any]:
    """Return the summary of a run, ready for JSON (undefined values are None, never NaN).

    Parameters
    ----------
    protocol
        What was given: it knows the window of the outcome, how long the induction lasts, and the
        windows in the rests between inductions, whose outcomes are in "phases".
    epsp, expected
        EPSPs as the electrode saw them and without release noise: ``slice``, ``pathway``,
        ``time_min`` (0 = start of induction), ``percent_of_baseline`` and, of the field EPSP,
        ``fepsp_percent_of_baseline``, NaN where a spike set the peak; ``epsp`` says so in
        ``spike``.
    synapses
        One row per synapse: the three AMPA receptor pools before and after, and peaks.
    timecourse
        Means over a pathway's spines: ``pathway``, ``time_min``, ``spine_ca_uM``, ...
    statistics
        ``wall_s`` and ``simulated_s`` of each slice, and the errors of its steps.

    Notes
    -----
    The slice is the unit: each gives one mean, and mean, SD and SEM are taken over slices.
    ``fired_percent`` and ``local_spike_percent`` are of all test pulses of a pathway.
    ``difference_in_sem`` is how far the electrode's reading lies from the noise-free EPSP, in SEM.
    Receptors and peaks are those of the conditioned spines: a pool in per cent is its receptors
    after over its receptors before; ``peak_spine_ca_uM`` is the median over spines of each one's
    median peak of calcium, ``spine_ca_per_pulse_uM`` the mean of the time course during induction.
    ``docs/readouts.md`` defines them all.
    """
    span = _minutes(protocol, protocol.summary_window)
    rests = [_minutes(protocol, window) for window in protocol.rest_windows]
    lasts = (protocol.induction_end - protocol.induction_start) / minute
    costs = list(statistics)
    wall = sum(cost["wall_s"] for cost in costs)
    simulated = sum(cost["simulated_s"] for cost in costs)
    conditioned = synapses[synapses["pathway"] == CONDITIONED]
    summary: dict[str, Any] = {
        "pathways": _outcomes(epsp, expected, span),
        "window_min": list(span),
        "peak_spine_ca_uM": conditioned["peak_spine_ca_uM"].median(),
        "spine_ca_per_pulse_uM": _during_induction(lasts, timecourse, "spine_ca_uM"),
        "anchored_ampar_percent": _pool_percent(conditioned, ("anchored",)),
        "surface_ampar_percent": _pool_percent(conditioned, ("anchored", "diffusing")),
        "internal_ampar_percent": _pool_percent(conditioned, ("internal",)),
        "calcineurin_active_peak": conditioned["calcineurin_active_peak"].mean(),
        "pp1_active_peak": conditioned["pp1_active_peak"].mean(),
        "camkii_pt286_peak": conditioned["camkii_pt286_peak"].mean(),
        "wall_s": wall,
        "simulated_s": simulated,
        "speed_vs_real_time": simulated / wall if wall else math.nan,
        **_errors(costs),
        **responses(protocol, epsp),
    }
    if rests:
        summary["phases"] = [
            {"window_min": list(rest), "pathways": _outcomes(epsp, expected, rest)}
            for rest in rests
        ]
    return {key: _jsonable(value) for key, value in summary.items()}


def _minutes(protocol: Protocol, window: tuple[float, float]) -> tuple[float, float]:
    """Return a window (ms from the start of the run) in minutes from the start of induction."""
    start, end = ((at - protocol.induction_start) / minute for at in window)
    return start, end


def _outcomes(
    epsp: pd.DataFrame, expected: pd.DataFrame, span: tuple[float, float]
) -> dict[str, dict[str, float | int]]:
    """Return the outcome of each pathway in a window (min)."""
    return {
        str(pathway): _outcome(rows, expected[expected["pathway"] == pathway], span)
        for pathway, rows in epsp.groupby("pathway")
    }


def _outcome(
    epsp: pd.DataFrame, expected: pd.DataFrame, span: tuple[float, float]
) -> dict[str, float | int]:
    seen = _slice_means(epsp, span, "percent_of_baseline")
    field = _slice_means(epsp, span, "fepsp_percent_of_baseline")
    mean, sd, sem = _spread(seen)
    noise_free = _mean(_slice_means(expected, span, "percent_of_baseline"))
    field_mean, _, field_sem = _spread(field)
    return {
        "percent_of_baseline": mean,
        "sem": sem,
        "sd": sd,
        "percent_expected": noise_free,
        "difference_in_sem": abs(mean - noise_free) / sem if sem else math.nan,
        "fepsp_percent_of_baseline": field_mean,
        "fepsp_sem": field_sem,
        "n_slices": seen.size,
        **spiking(epsp),
    }


def _spread(values: Floats) -> tuple[float, float, float]:
    """Return mean, SD and SEM; NaN where they are undefined."""
    n = values.size
    sd = float(values.std(ddof=1)) if n > 1 else math.nan
    return _mean(values), sd, sd / math.sqrt(n) if n else math.nan


def _errors(statistics: list[Mapping[str, float]]) -> dict[str, float]:
    """Return the errors of the steps in the mean over the slices that measured them (per cent)."""
    found = {
        name: [slice_[name] for slice_ in statistics if name in slice_]
        for name in ("error_of_epsp", "error_of_spine_ca", "error_of_calcineurin")
    }
    return {
        f"{name}_percent": 100 * sum(values) / len(values)
        for name, values in found.items()
        if values
    }


def _slice_means(rows: pd.DataFrame, span: tuple[float, float], column: str) -> Floats:
    """Return the mean of each slice that has a defined value in the window (per cent)."""
    inside = rows[rows["time_min"].between(*span)].dropna(subset=[column])
    return inside.groupby("slice")[column].mean().to_numpy(dtype=float)


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else math.nan


def _pool_percent(synapses: pd.DataFrame, pools: tuple[str, ...]) -> float:
    """Return receptors after, in per cent of receptors before, of some pools together."""
    before, after = (
        synapses[[f"ampar_{pool}_{when}" for pool in pools]].to_numpy(dtype=float).sum()
        for when in ("before", "after")
    )
    return float(100 * after / before) if before else math.nan


def _during_induction(lasts: float, timecourse: pd.DataFrame, column: str) -> float:
    """Return the mean of a conditioned time course over the samples in so many minutes."""
    minutes = timecourse["time_min"]
    during = (minutes > 0) & (minutes <= lasts)
    rows = timecourse[during & (timecourse["pathway"] == CONDITIONED)]
    return float(rows[column].mean())


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    if isinstance(value, int):
        return value
    return float(value) if math.isfinite(value) else None
