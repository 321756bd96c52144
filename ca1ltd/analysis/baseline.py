"""EPSPs as per cent of their own baseline, slice by slice and pathway by pathway."""

import pandas as pd

SLOPE = "epsp_slope_mV_per_ms"
FIELD_SLOPE = "fepsp_slope_uV_per_ms"


def percent_of_baseline(pulses: pd.DataFrame, *, column: str = SLOPE) -> pd.Series:
    """Return each row's size as per cent of the baseline of its slice and pathway.

    Parameters
    ----------
    pulses
        Rows with ``pathway``, ``time_min`` (0 = start of induction), ``column`` and, if there is
        more than one slice, ``slice``.
    column
        What is measured; by default the EPSP slope.

    Returns
    -------
    Series
        Per cent, with the index of ``pulses``. The baseline is the mean of all rows before
        induction (``time_min < 0``). Undefined (NaN) where a slice's pathway has no baseline or
        a baseline of zero.
    """
    keys = [pulses[key] for key in ("slice", "pathway") if key in pulses]
    size = pulses[column].astype(float)
    baseline = size.where(pulses["time_min"] < 0).groupby(keys).transform("mean")
    percent = 100 * size / baseline.where(baseline != 0)
    return percent.rename("percent_of_baseline")
