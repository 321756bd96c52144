"""A small picture of any run: what the recording electrode saw against time."""

from typing import Final

import pandas as pd
from matplotlib.axes import Axes

from ca1ltd.figures.parts import style
from ca1ltd.figures.run import Run, induction_minutes

#: Columns that a picture is of, the first that was measured, with what it is called.
_COLUMNS: Final = {
    "percent_of_baseline": "EPSP slope (% of baseline)",
    "epsc_pA": "EPSC (pA)",
    "epsp_slope_mV_per_ms": "EPSP slope (mV/ms)",
    "epsp_amplitude_mV": "EPSP amplitude (mV)",
}
WIDTH, HEIGHT = 90.0, 55.0
"""Size of the picture (mm): the width of a column."""


def overview(run: Run) -> style.Picture:
    """Return a picture of a run: EPSPs or EPSCs of both pathways, one point for each pulse.

    Parameters
    ----------
    run
        A finished run; only read.

    Returns
    -------
    Picture
        One panel, against time or, of an input-output curve, against the current of the pulse.
    """
    with style.look():
        plate = style.Plate(width=WIDTH, height=HEIGHT)
        axes = plate.axes(14, 4, WIDTH - 18, HEIGHT - 15)
        if run.summary.get("input_output"):
            _draw_curve(axes, pd.DataFrame(run.summary["input_output"]))
        else:
            _draw_time(axes, run)
    return plate.figure


def _draw_curve(axes: Axes, curve: pd.DataFrame) -> None:
    axes.plot(curve["current_uA"], curve["epsp_amplitude_mV"], "o-", color=style.VERMILION, ms=3)
    axes.set(xlabel="Current (uA)", ylabel="EPSP amplitude (mV)", ylim=(0, None))


def _draw_time(axes: Axes, run: Run) -> None:
    minutes = induction_minutes(run)
    axes.set_xlabel("Time from the start of induction (min)" if minutes else "Time (min)")
    if minutes:
        axes.axvspan(0, minutes, color=style.SHADE, lw=0)
    column = _measured(run.epsp)
    for pathway, rows in run.epsp.groupby("pathway", sort=False):
        number, colour = style.PATHWAYS[str(pathway)]
        label = f"Pathway {number} ({pathway})"
        axes.plot(rows["time_min"], rows[column], "o", ms=2, mew=0, color=colour, label=label)
    if column == "percent_of_baseline":
        axes.axhline(100, color=style.GREY, lw=0.6, dashes=(4, 3), zorder=1)
        axes.set_ylim(0, None)
    axes.set_ylabel(_COLUMNS[column])
    axes.legend(loc="best", frameon=False, fontsize=style.SMALL, handletextpad=0.2)


def _measured(epsp: pd.DataFrame) -> str:
    there = [column for column in _COLUMNS if column in epsp and epsp[column].notna().any()]
    if "epsc_pA" in there and epsp["epsc_pA"].notna().all():
        return "epsc_pA"  # the soma is clamped throughout, and what it leaves of the EPSP is none
    return there[0] if there else "epsp_amplitude_mV"
