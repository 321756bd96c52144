"""EPSP slope against time in a panel: several series, what was done meanwhile, and how they end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.inductions import Induction, inductions
from ca1ltd.figures.parts.numbers import Number, drug_text, with_sem
from ca1ltd.figures.run import Run, binned

BIN: Final = 2.0
"""Width of a bin (min)."""
_SHORT: Final = 1.0
"""Inductions shorter than this (min) are marked by an arrowhead and not by a bar."""
_ROW: Final = 4.2
"""Height of the mark of an induction or a drug with its words (mm)."""
_LINE: Final = 2.9
"""From line to line of the outcomes (mm)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A pathway of a run, as it is drawn.

    Attributes
    ----------
    run : Run
        The run.
    pathway : str
        "conditioned" or "control".
    key : str
        Under what its outcome stands among the numbers, as "hfs_control".
    label : str
        What it is called at its end, above its outcome.
    colour, marker : str
        How it is drawn.
    """

    run: Run
    pathway: str
    key: str
    label: str
    colour: str
    marker: str = "o"


def both(key: str, run: Run) -> tuple[Series, Series]:
    """Return the series of the two pathways of a run, the control first: it lies beneath."""
    control, conditioned = (
        Series(run=run, pathway=pathway, key=f"{key}_{pathway}",
               label=f"Pathway {style.PATHWAYS[pathway][0]}",
               colour=style.PATHWAYS[pathway][1], marker=marker)
        for pathway, marker in (("control", "s"), ("conditioned", "o"))
    )  # fmt: skip
    return control, conditioned


def draw_series(
    axes: Axes, series: Sequence[Series], found: Mapping[str, Number], *, top: float = 0.0
) -> None:
    """Draw EPSP slope (% of baseline) against time: mean, SEM over slices, and without noise.

    Parameters
    ----------
    axes
        Where; the outcomes stand in some 18 mm to the right of it.
    series
        What; the inductions and drugs marked are those of the run of the first.
    found
        Their outcomes, as `outcomes` of numbers gives them.
    top
        Least height that the data are given (% of baseline), to make panels alike.
    """
    points = [binned_points(each) for each in series]
    height = max([top, 125.0, *(highest(each) for each in series)])
    drugs = series[0].run.spec.get("drugs", ())
    marks = inductions(series[0].run)
    tall = _tall(axes)
    upper = height / (1 - _ROW * (len(drugs) + bool(marks)) / tall)
    times = np.concatenate([shown["time_min"] for shown in points])
    axes.set(xlim=(times.min() - 2, times.max() + 2), ylim=(0, upper))
    axes.axhline(100, color=style.GREY, lw=0.6, dashes=(4, 3), zorder=1)
    step = 50 if upper > 190 or tall < 30 else 25
    axes.set_yticks(np.arange(0, height + 1, step))
    spacing = 30 if np.ptp(times) > 75 else 15 if np.ptp(times) > 40 else 10
    axes.set_xticks(np.arange(-spacing * (times.min() <= -spacing), times.max() + 2, spacing))
    _mark(axes, marks, height, upper / tall)
    for row, drug in enumerate(drugs, start=bool(marks)):
        _drug(axes, drug, height + row * _ROW * upper / tall, upper / tall)
    for k, (each, shown) in enumerate(zip(series, points, strict=True)):
        draw_points(axes, each, shown, zorder=3 + k)
    _outcomes(axes, series, points, found, upper / tall)


def highest(series: Series) -> float:
    """Return the height above which a series has no point (% of baseline)."""
    shown = binned_points(series)
    return float((shown["mean"] + shown["sem"].fillna(0)).max()) + 3


def binned_points(series: Series) -> pd.DataFrame:
    """Return ``time_min``, ``mean`` and ``sem`` (% of baseline) of a series, in bins."""
    rows = series.run.epsp
    mine = rows[rows["pathway"] == series.pathway].dropna(subset=["percent_of_baseline"])
    return binned(mine, BIN)


def _tall(axes: Axes) -> float:
    """Return the height of axes on the page (mm)."""
    return float(axes.bbox.height / axes.figure.dpi) * style.MM_PER_INCH


def draw_points(axes: Axes, series: Series, points: pd.DataFrame, *, zorder: float) -> None:
    """Draw binned points with their SEM, and the EPSP without release noise as a thin line."""
    axes.errorbar(points["time_min"], points["mean"], points["sem"].fillna(0), fmt=series.marker,
                  ms=2.6, color=series.colour, mec="white", mew=0.3, elinewidth=0.6,
                  zorder=zorder)  # fmt: skip
    rows = series.run.expected[series.run.expected["pathway"] == series.pathway]
    curve = rows.groupby("time_min")["percent_of_baseline"].mean()
    breaks = np.searchsorted(curve.index, [each.start for each in inductions(series.run)])
    for start, end in pairwise((0, *breaks.tolist(), len(curve))):
        stretch = curve.iloc[start:end]
        axes.plot(stretch.index, stretch, color=series.colour, lw=0.8, zorder=zorder - 0.5)


def _mark(axes: Axes, marks: Sequence[Induction], height: float, mm: float) -> None:
    """Mark inductions at a height: bars or, of short ones, arrowheads, and their words above."""
    for each in marks:
        colour = style.INK
        if len(each.pathways) == 1:
            (pathway,) = each.pathways
            colour = style.PATHWAYS[pathway][1]
        if each.end - each.start < _SHORT:
            axes.plot(each.start, height + 0.6 * mm, "v", color=colour, ms=3.5, zorder=5)
        else:
            span = [each.start, each.end]
            axes.fill_between(span, 0, height, color=style.SHADE, lw=0, zorder=0)
            axes.fill_between(span, height, height + 0.9 * mm, color=colour, lw=0)
        axes.text((each.start + each.end) / 2, height + 1.5 * mm, each.words, size=style.SMALL,
                  ha="center", va="bottom", color=colour)  # fmt: skip


def _drug(axes: Axes, drug: Mapping[str, Any], y: float, mm: float) -> None:
    left, right = axes.get_xlim()
    start = left if drug["start"] is None else max(drug["start"], left)
    end = right if drug["end"] is None else min(drug["end"], right)
    axes.fill_between([start, end], y, y + 0.6 * mm, color=style.GREY, lw=0, zorder=2)
    axes.annotate(drug_text(drug), (start, y + 1.1 * mm), xytext=(2, 0), size=style.SMALL,
                  textcoords="offset points", va="bottom", color=style.GREY)  # fmt: skip


def _outcomes(
    axes: Axes, series: Sequence[Series], points: Sequence[pd.DataFrame],
    found: Mapping[str, Number], mm: float,
) -> None:  # fmt: skip
    """Write each outcome to the right of the end of its series, none over another."""
    ends = [float(shown["mean"].iloc[-3:].mean()) for shown in points]
    order = sorted(range(len(series)), key=lambda k: ends[k])
    heights = apart([ends[k] for k in order], 2.1 * _LINE * mm)
    _, right = axes.get_xlim()
    for k, y in zip(order, heights, strict=True):
        each = series[k]
        for line, words, weight in (
            (0.5, each.label, "bold"),
            (-0.5, with_sem(found, each.key), "normal"),
        ):
            axes.annotate(words, (right, y + line * _LINE * mm), xytext=(3, 0), va="center",
                          textcoords="offset points", color=each.colour, weight=weight,
                          size=style.SMALL, annotation_clip=False)  # fmt: skip


def apart(heights: Sequence[float], least: float) -> list[float]:
    """Return rising heights moved so little that each lies ``least`` above the one before."""
    found: list[list[float]] = []  # groups that touch: mean of what they want, and their number
    for height in heights:
        found.append([height - least * sum(int(n) for _, n in found), 1])
        while len(found) > 1 and found[-2][0] > found[-1][0]:
            (a, n), (b, m) = found[-2:]
            found[-2:] = [[(a * n + b * m) / (n + m), n + m]]
    levels = [level for level, n in found for _ in range(int(n))]
    return [level + k * least for k, level in enumerate(levels)]


def labels(axes: Axes, *, x: bool = True, y: bool = True) -> None:
    """Name the axes of a panel of series."""
    if x:
        axes.set_xlabel("Time from the start of induction (min)")
    if y:
        axes.set_ylabel("EPSP slope (%)")
