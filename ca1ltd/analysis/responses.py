"""What protocols measure beside the EPSP's change: curves, ratios, currents of a voltage clamp."""

import math
from typing import Any

import numpy as np
import pandas as pd

from ca1ltd.protocols import InputOutput, PairedPulse, Protocol


def input_output(epsp: pd.DataFrame) -> list[dict[str, float]]:
    """Return the response to each stimulating current, averaged over pulses and slices.

    Parameters
    ----------
    epsp : DataFrame
        Columns ``current_uA``, ``epsp_amplitude_mV``, ``epsp_slope_mV_per_ms``, which are NaN where
        a spike set the peak, ``fired`` and ``spike``.

    Returns
    -------
    list of dict
        By rising current: the mean EPSP, and the parts of the pulses that ``fired`` the cell and
        that set off a ``local_spike``.
    """
    columns = ["epsp_amplitude_mV", "epsp_slope_mV_per_ms", "fired", "local_spike"]
    epsp = epsp.assign(local_spike=epsp["spike"] == "local")
    means = epsp.groupby("current_uA")[columns].mean().reset_index()
    table = {name: means[name].to_numpy(dtype=float).tolist() for name in ["current_uA", *columns]}
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


def paired_pulse_ratio(epsp: pd.DataFrame) -> dict[str, float]:
    """Return the second EPSP of a pair over the first, by slope: mean and SEM over slices.

    The ratio of a slice is that of the means: the mean of single ratios would overstate
    facilitation when responses fluctuate (Kim & Alger 2001, J Neurosci 21:9608).

    Parameters
    ----------
    epsp : DataFrame
        ``slice``, ``time_min`` and ``epsp_slope_mV_per_ms`` (NaN where a spike set the peak); in
        each slice the first and second pulses of the pairs take turns.
    """
    rows = epsp.sort_values(["slice", "time_min"])
    second = rows.groupby("slice").cumcount() % 2 == 1
    slopes = rows["epsp_slope_mV_per_ms"].groupby([rows["slice"], second]).mean().unstack()
    ratios = (slopes[True] / slopes[False]).dropna().to_numpy(dtype=float)
    mean = float(ratios.mean()) if ratios.size else math.nan
    sem = float(ratios.std(ddof=1) / np.sqrt(ratios.size)) if ratios.size > 1 else math.nan
    return {"mean": mean, "sem": sem, "n_slices": float(ratios.size)}


def currents(epsp: pd.DataFrame, start: float) -> pd.DataFrame:
    """Return the currents of a soma that is voltage clamped throughout.

    Parameters
    ----------
    epsp : DataFrame
        ``slice``, ``pathway``, ``time_min``, ``holding_mV``, ``epsc_pA`` and ``epsc_late_pA``.
    start : float
        Where the window of the outcome starts (min); what comes between time 0 and it is left out.

    Returns
    -------
    DataFrame
        A row for each pathway, potential and side of time 0, in the order of the pulses:
        ``pathway``, ``holding_mV``, ``when`` ("before" or "after"), the means over slices
        ``epsc_pA`` and ``epsc_late_pA``, the SEM of the first, ``sem_pA``, and ``n_slices``.
    """
    rows = epsp[(epsp["time_min"] < 0) | (epsp["time_min"] >= start)]
    rows = rows.assign(when=np.where(rows["time_min"] < 0, "before", "after"))
    series = ["pathway", "holding_mV", "when"]
    slices = rows.groupby([*series, "slice"], sort=False)[["epsc_pA", "epsc_late_pA"]].mean()
    over_slices = slices.groupby(level=series, sort=False)
    peaks = over_slices["epsc_pA"]
    return over_slices.mean().assign(sem_pA=peaks.sem(), n_slices=peaks.count()).reset_index()


def responses(protocol: Protocol, epsp: pd.DataFrame) -> dict[str, Any]:
    """Return what a protocol measures beside the EPSP's change, by its name in a summary."""
    match protocol:
        case InputOutput():
            return {"input_output": input_output(epsp)}
        case PairedPulse():
            return {"paired_pulse_ratio": paired_pulse_ratio(epsp)}
    return {}
