"""Tables of the test protocols: paired-pulse ratio and input-output curve."""

import numpy as np
import pandas as pd

from ca1ltd.analysis.baseline import SLOPE
from ca1ltd.errors import RunError

AMPLITUDE = "epsp_amplitude_mV"


def paired_pulse_ratio(pulses: pd.DataFrame, *, column: str = SLOPE) -> pd.DataFrame:
    """Return the paired-pulse ratio of each slice and pathway.

    Parameters
    ----------
    pulses
        Rows with ``slice``, ``pathway``, ``time_min`` and ``column``; in the order of time, first
        and second pulses of a pair follow each other.
    column
        What is compared; by default the EPSP slope.

    Returns
    -------
    DataFrame
        ``slice, pathway, pairs, paired_pulse_ratio``. The ratio is the mean second over the mean
        first response: the mean of single ratios would overstate facilitation when responses
        fluctuate (Kim & Alger 2001, J Neurosci 21:9608). NaN if the first responses are all zero.

    Raises
    ------
    RunError
        If a pathway has a pulse without its partner.
    """
    rows = []
    for (piece, pathway), group in pulses.groupby(["slice", "pathway"]):
        sizes = group.sort_values("time_min")[column].to_numpy(dtype=float)
        if sizes.size % 2:
            raise RunError(f"The {pathway} pathway of slice {piece} has a pulse without a partner.")
        first, second = sizes.reshape(-1, 2).mean(axis=0)
        ratio = second / first if first else np.nan
        rows.append((piece, pathway, sizes.size // 2, ratio))
    return pd.DataFrame(rows, columns=["slice", "pathway", "pairs", "paired_pulse_ratio"])


def input_output(pulses: pd.DataFrame) -> pd.DataFrame:
    """Return mean EPSP against stimulus current, for each slice and pathway.

    Parameters
    ----------
    pulses
        Rows with ``slice``, ``pathway``, ``current_uA``, ``epsp_slope_mV_per_ms`` and
        ``epsp_amplitude_mV``; ``fired`` (bool), if present, is averaged to ``spike_probability``.

    Returns
    -------
    DataFrame
        ``slice, pathway, current_uA, pulses``, the means and, of ``fired``, the probability;
        sorted by current.
    """
    columns = {"pulses": (SLOPE, "size"), SLOPE: (SLOPE, "mean"), AMPLITUDE: (AMPLITUDE, "mean")}
    if "fired" in pulses:
        columns["spike_probability"] = ("fired", "mean")
    groups = pulses.groupby(["slice", "pathway", "current_uA"])
    return groups.agg(**columns).reset_index()
