"""Panel B: EPSP slope against time, with averaged EPSPs before and after."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.numbers import (
    Number,
    drug_text,
    induction_text,
    level,
    with_sem,
)
from ca1ltd.figures.run import Run, binned, window_of

BIN = 2.0
"""Width of a bin (min)."""
_BAR = 122.0
"""Lowest place of the bar that marks the induction (% of baseline)."""
_TOP = 142.0
"""Lowest upper end of the axis (% of baseline)."""
_ROWS = (0.11, 0.08)
"""Height of the induction's bar with its label, and of each drug's (fractions of the axis)."""
_KEY_TOP = 40.0
"""Height up to which the key and a label above it reach (% of baseline)."""
_MARKERS = {"conditioned": "o", "control": "s"}


def draw_timecourse(axes: Axes, run: Run, found: Mapping[str, Number]) -> None:
    """Draw EPSP slope (% of baseline) of both pathways, mean and SEM over slices."""
    points = {
        str(pathway): binned(rows.dropna(subset=["percent_of_baseline"]), BIN)
        for pathway, rows in run.epsp.groupby("pathway")
    }
    drugs = run.spec.get("drugs", ())
    bar = _bar_level(points)
    top = max(bar / (1 - _ROWS[0] - _ROWS[1] * len(drugs)), _TOP)
    _frame(axes, run, top)
    _induction(axes, found, bar, top)
    for row, drug in enumerate(drugs):
        _drug(axes, drug, bar + top * (_ROWS[0] + _ROWS[1] * row), top)
    for pathway in ("control", "conditioned"):
        if pathway in points:
            _pathway(axes, run, pathway, points[pathway])
    _outcome(axes, run, found, points)
    if all(shown.empty for shown in points.values()):
        axes.text(0.5, 0.45, "no EPSP measured", transform=axes.transAxes, ha="center",
                  color=style.GREY)  # fmt: skip
    slices = run.spec["slices"]
    spread = "mean ± SEM" if slices != 1 else "mean"
    key = f"{spread}, n = {slices} {'slices' if slices != 1 else 'slice'}, {BIN:g} min bins"
    axes.plot([], [], "o", color=style.GREY, ms=2.6, label=key)
    axes.plot([], [], "-", color=style.GREY, lw=0.8, label="without release noise")
    axes.legend(loc="lower left", frameon=False, fontsize=style.SMALL, handlelength=1.4,
                borderaxespad=0.2, labelspacing=0.3)  # fmt: skip


def _bar_level(points: Mapping[str, pd.DataFrame]) -> float:
    """Return a height that lies above all points."""
    tops = [float((shown["mean"] + shown["sem"].fillna(0)).max()) for shown in points.values()]
    return max([_BAR, *(top + 4 for top in tops)])


def _frame(axes: Axes, run: Run, top: float) -> None:
    times = run.epsp["time_min"].to_numpy(dtype=float)
    axes.set(xlim=(times.min() - 1.5, times.max() + 1.5), ylim=(0, top))
    axes.axhline(100, color=style.GREY, lw=0.6, dashes=(4, 3), zorder=1)
    axes.set_xlabel("Time from the start of induction (min)")
    axes.set_ylabel("EPSP slope (% of baseline)")
    step = 15 if np.ptp(times) > 40 else 5
    axes.set_xticks(np.arange(-15 * (times.min() <= -15), times.max() + 1, step))
    axes.set_yticks(np.arange(0, top, 20))
    change = axes.secondary_yaxis("right", functions=(_change, _percent))
    change.set_ylabel("Change (%)")
    change.set_yticks(np.arange(-100, top - 100, 20))
    change.spines["right"].set_visible(True)


def _change(percent: Any) -> Any:
    return percent - 100


def _percent(change: Any) -> Any:
    return change + 100


def _induction(axes: Axes, found: Mapping[str, Number], bar: float, top: float) -> None:
    minutes = found["induction_min"]
    if not minutes:
        return
    axes.axvspan(0, minutes, color=style.SHADE, lw=0, zorder=0)
    axes.fill_between([0, minutes], bar, bar + 0.02 * top, color=style.VERMILION, lw=0, zorder=2)
    axes.text(minutes / 2, bar + 0.03 * top, induction_text(found), size=style.SMALL,
              ha="center", va="bottom", color=style.VERMILION)  # fmt: skip


def _drug(axes: Axes, drug: Mapping[str, Any], y: float, top: float) -> None:
    """Draw the time in which a drug was there, with its name above the bar."""
    left, right = axes.get_xlim()
    start = left if drug["start"] is None else max(drug["start"], left)
    end = right if drug["end"] is None else min(drug["end"], right)
    axes.fill_between([start, end], y, y + 0.012 * top, color=style.GREY, lw=0, zorder=2)
    axes.text(min(start + 0.5, right - 30), y + 0.018 * top, drug_text(drug), size=style.SMALL,
              va="bottom", color=style.GREY)  # fmt: skip


def _pathway(axes: Axes, run: Run, pathway: str, points: pd.DataFrame) -> None:
    _, colour = style.PATHWAYS[pathway]
    axes.errorbar(
        points["time_min"], points["mean"], points["sem"].fillna(0), fmt=_MARKERS[pathway], ms=2.8,
        color=colour, mec="white", mew=0.3, elinewidth=0.6, zorder=3 + (pathway == "conditioned"),
    )  # fmt: skip
    rows = run.expected[run.expected["pathway"] == pathway]
    curve = rows.groupby("time_min")["percent_of_baseline"].mean()
    for stretch in (curve[curve.index < 0], curve[curve.index >= 0]):
        axes.plot(stretch.index, stretch, color=colour, lw=0.8, zorder=2.5)


def _outcome(
    axes: Axes, run: Run, found: Mapping[str, Number], points: Mapping[str, pd.DataFrame]
) -> None:
    """Write each pathway's outcome at the end of its curve, the higher one above it.

    The lower one is written below its curve unless that leaves no room above the key.
    """
    window = window_of(run)
    levels = {pathway: found[f"{pathway}_percent_of_baseline"] for pathway in points}
    order = sorted((p for p in levels if levels[p] is not None), key=lambda p: levels[p] or 0.0)
    for rank, pathway in enumerate(order):
        shown = points[pathway]
        near = shown[shown["time_min"] > window[1] - 30]
        spread = near["sem"].fillna(0)
        number, colour = style.PATHWAYS[pathway]
        low = (near["mean"] - spread).min() - 4
        above = rank == len(order) - 1 or low < _KEY_TOP
        y = (near["mean"] + spread).max() + 4 if above else low
        lines = [f"Pathway {number}: {with_sem(found, pathway)}", _without_noise(found, pathway)]
        offsets = (8.5, 0.0) if above else (0.0, -9.5)
        for line, offset, weight in zip(lines, offsets, ("bold", "normal"), strict=True):
            axes.annotate(line, (window[1] + 1, y), xytext=(0, offset), color=colour, ha="right",
                          textcoords="offset points", va="bottom" if above else "top",
                          weight=weight, size=style.TEXT)  # fmt: skip


def _without_noise(found: Mapping[str, Number], pathway: str) -> str:
    expected = found[f"{pathway}_percent_expected"]
    return "" if expected is None else f"(without noise {level(expected, 3)} %)"


def draw_epsps(axes: Axes, run: Run, pathway: str) -> None:
    """Draw the mean EPSPs of a pathway before induction and in the outcome's window, with scale."""
    number, colour = style.PATHWAYS[pathway]
    axes.set_axis_off()
    axes.set_title(f"Pathway {number}", size=style.TEXT, color=colour, weight="bold", pad=5)
    peak = span = 0.0
    for when, shade, width in (("before", style.PALE, 2.6), ("after", colour, 1.0)):
        trace = run.traces.get(f"soma_v/{pathway}/{when}")
        if trace is None:
            continue
        shown = trace.times <= 80
        times, values = trace.times[shown], trace.values[shown]
        axes.plot(times, values, color=shade, lw=width)
        peak, span = max(peak, float(values.max())), max(span, float(times[-1]))
    if peak == 0:
        axes.text(
            0.5, 0.5, "no EPSP measured", transform=axes.transAxes, ha="center", color=style.GREY
        )
        return
    axes.set(xlim=(-6, span), ylim=(-0.06 * peak, 1.12 * peak))
    axes.plot([0], [-0.03 * peak], marker="^", color=style.INK, ms=2.4, clip_on=False)
    _scale(axes, span, peak)


def label_epsps(axes: Axes, after: str, *, spread: float = 21.0) -> None:
    """Write in axes of millimetres which EPSP is from when; ``spread`` parts the words (mm)."""
    for x, colour, width, words in (
        (0.0, style.PALE, 2.6, "baseline"),
        (spread, style.VERMILION, 1.0, ""),
        (spread + 5, style.BLUE, 1.0, after),
    ):
        axes.plot([x, x + 4], [1, 1], color=colour, lw=width, clip_on=False)
        axes.text(x + 5.5, 1, words, va="center", size=style.SMALL)


def _scale(axes: Axes, span: float, peak: float) -> None:
    """Draw scale bars (ms, mV) in the upper right, where the EPSP has decayed."""
    width, height = style.round_length(0.3 * span), style.round_length(0.4 * peak)
    x, y = 0.98 * span - width, 0.98 * peak - height
    axes.plot([x, x, x + width], [y + height, y, y], color=style.INK, lw=0.9,
              solid_capstyle="butt", solid_joinstyle="miter")  # fmt: skip
    axes.text(x + width / 2, y - 0.04 * peak, f"{width:g} ms", ha="center", va="top",
              size=style.SMALL)  # fmt: skip
    axes.text(x - 0.015 * span, y + height / 2, f"{height:g} mV", ha="right", va="center",
              size=style.SMALL)  # fmt: skip
