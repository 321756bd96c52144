"""The table of pulses: how large the response to each was."""

from typing import Any, Final

import numpy as np
import pandas as pd

from ca1ltd.analysis.clamp import clamp_at, clamp_current
from ca1ltd.analysis.epsc import measure_epsc
from ca1ltd.analysis.epsp import WINDOW, Epsp, measure_epsp, measure_fepsp, spike_begins
from ca1ltd.protocols import Hold, Protocol
from ca1ltd.recording import Recording, Response
from ca1ltd.units import minute, pA, uV

#: Columns in voltage clamp, means over the spines that released, and what they are in the table of
#: releases: potential and calcium at the pulse, and the peak of calcium.
SPINES: Final = {
    "spine_v_mV": "v_mV",
    "spine_ca_before_uM": "before_uM",
    "spine_ca_uM": "peak_uM",
}


def pulses(protocol: Protocol, recording: Recording) -> pd.DataFrame:
    """Return one row per response that has a size."""
    holds = protocol.holds()
    spines = recording.releases.groupby("onset")[list(SPINES.values())].mean()
    rows = []
    for response in recording.responses:
        if not response.has_size:
            continue
        one, *more = response.pathways
        row: dict[str, Any] = {
            "pathway": "both" if more else one,
            "time_min": (response.onset - protocol.induction_start) / minute,
            "kind": response.kind,
            **_size(response, clamp_at(holds, response.onset), recording.layout.series_resistance),
            "current_uA": response.current,
        }
        if holds and response.onset in spines.index:
            row |= dict(zip(SPINES, spines.loc[response.onset], strict=True))
        rows.append(row)
    return pd.DataFrame(rows)


def epsp_of(response: Response) -> Epsp:
    """Return the EPSP of a response in current clamp."""
    return measure_epsp(response.times, response.potential, 0.0, highest=response.highest)


def escapes(response: Response) -> bool:
    """Return whether a dendrite or the axon fires although the soma is voltage clamped."""
    return spike_begins(response.times, response.highest, 0.0, WINDOW)


def _size(
    response: Response, clamp: Hold | None, series_resistance: float
) -> dict[str, float | bool | str]:
    """Return the size of a potential or, in voltage clamp, that of the current in its place."""
    if clamp is None:
        epsp = epsp_of(response)
        fepsp = measure_fepsp(response.times, response.field, 0.0)
        return {
            "epsp_slope_mV_per_ms": epsp.slope,
            "epsp_amplitude_mV": epsp.amplitude,
            "fepsp_slope_uV_per_ms": fepsp.slope / uV if epsp.spike == "none" else np.nan,
            "fired": epsp.spike == "somatic",
            "spike": epsp.spike,
        }
    epsc = measure_epsc(response.times, clamp_current(response, clamp, series_resistance), 0.0)
    escaped = escapes(response)
    return {
        "epsp_slope_mV_per_ms": np.nan,
        "epsp_amplitude_mV": np.nan,
        "fepsp_slope_uV_per_ms": np.nan,
        "fired": False,
        "spike": "local" if escaped else "none",
        "holding_mV": clamp.potential,
        "epsc_pA": np.nan if escaped else epsc.peak / pA,
        "epsc_late_pA": np.nan if escaped else epsc.late / pA,
    }
