"""The outcomes of a sweep, against what was swept."""

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ca1ltd.errors import BadInput
from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.swept import Outcome, outcome_of, points_of
from ca1ltd.writing import write_text

MOST_CURVES: Final = 8
_COLOURS: Final = (
    style.VERMILION, style.BLUE, style.GREEN, style.PURPLE, style.ORANGE, style.SKY, style.INK,
    style.GREY,
)  # fmt: skip
_MARKERS: Final = "osD^vPX*"
_DASHES: Final = ("-", (0, (6, 2)), (0, (2, 1)), (0, (6, 1, 1, 1)))
_FILLED: Final[dict[str, Any]] = {
    "ms": 4.2, "mec": "white", "mew": 0.4, "elinewidth": 0.8, "zorder": 4,
}  # fmt: skip


def draw(points: pd.DataFrame, outcome: Outcome, *, title: str, log: bool) -> Figure:
    """Draw the points: mean and SEM filled, what is expected without release noise as a line.

    Numbers lie along the horizontal axis; words stand below each other.

    Parameters
    ----------
    points : DataFrame
        As `points_of` returns them.
    outcome : Outcome
        What they are of.
    title : str
        Label of the axis of numbers.
    log : bool
        Whether it is logarithmic; a point without an x is then drawn as a level across.

    Raises
    ------
    BadInput
        If there are more curves than can be told apart.
    """
    levels, curves = _split(points)
    if len(curves) > MOST_CURVES:
        raise BadInput(
            f"this sweep would be {len(curves)} curves in one plot, and {MOST_CURVES} can be told "
            "apart: plot it along another option with --x, or sweep less at once"
        )
    head = 4 * ((len([*curves, *levels, "expected"]) + 1) // 2)
    with style.look():
        if pd.api.types.is_numeric_dtype(points["x"]):
            page = style.Plate(width=85, height=62 + head)
            axes = page.axes(15, 4 + head, 66, 46)
            _along(axes, points, curves, levels, log=log)
            axes.set(xlabel=title, ylabel=outcome.title)
        else:
            words = [str(word) for word in dict.fromkeys(points["x"])]
            left = 6 + 1.25 * max(len(_name(word)) for word in words)
            tall = max(20.0, 5.5 * len(words))
            page = style.Plate(width=left + 64, height=tall + 15 + head)
            axes = page.axes(left, 4 + head, 60, tall)
            _below(axes, points, curves, words)
            axes.set(xlabel=outcome.title)
        _finish(axes, points, outcome)
    return page.figure


def _finish(axes: Axes, points: pd.DataFrame, outcome: Outcome) -> None:
    """Mark where nothing has changed, and draw the legend above the axes."""
    numeric = pd.api.types.is_numeric_dtype(points["x"])
    if outcome.unchanged is not None:
        across = axes.axhline if numeric else axes.axvline
        across(outcome.unchanged, color=style.GREY, lw=0.6, dashes=(4, 3), zorder=1)
    handles, labels = axes.get_legend_handles_labels()
    if points["expected"].notna().any():
        look = "-" if numeric else "|"
        handles += axes.plot([], [], look, color=style.GREY, lw=1.1, ms=7, mew=1.1)
        labels.append("without release noise")
    axes.legend(handles, labels, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False,
                fontsize=style.SMALL, handlelength=1.6, columnspacing=1.2,
                borderaxespad=0.2)  # fmt: skip


def _split(points: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the curves that are levels across, and those that have points along the axis."""
    curves = [str(curve) for curve in dict.fromkeys(points["curve"])]
    along = set(points.loc[points["x"].notna(), "curve"])
    levels = [each for each in curves if each not in along]
    return levels, [each for each in curves if each in along]


def _along(
    axes: Axes, points: pd.DataFrame, curves: list[str], levels: list[str], *, log: bool
) -> None:
    """Draw curves along an axis of numbers, and levels across it."""
    for k, curve in enumerate(curves):
        mine = points[(points["curve"] == curve) & points["x"].notna()].sort_values("x")
        axes.plot(mine["x"], mine["expected"], "-", color=_COLOURS[k], lw=1.1, zorder=3)
        axes.errorbar(mine["x"], mine["mean"], mine["sem"].fillna(0.0), color=_COLOURS[k],
                      fmt=_MARKERS[k], label=_key(curve), **_FILLED)  # fmt: skip
    for k, level in enumerate(levels):
        _level(axes, points[points["curve"] == level].iloc[0], level, _DASHES[k % len(_DASHES)])
    axes.margins(y=0.12)
    values = sorted(points["x"].dropna().unique())
    if not log:
        axes.ticklabel_format(axis="x", style="sci", scilimits=(-3, 5), useMathText=True)
        return
    axes.set_xscale("log")
    axes.set_xlim(values[0] / 1.5, values[-1] * 1.5)
    if len(values) <= 7 and np.diff(np.log10(values)).min(initial=1.0) > 0.2:
        axes.set_xticks(values, [f"{value:.3g}" for value in values])
        axes.minorticks_off()


def _level(axes: Axes, row: "pd.Series[Any]", label: str, look: Any) -> None:
    axes.axhline(row["mean"], color=style.INK, lw=0.9, ls=look, zorder=2, label=label)
    if pd.notna(row["sem"]):
        axes.axhspan(row["mean"] - row["sem"], row["mean"] + row["sem"], color=style.PALE,
                     alpha=0.4, lw=0, zorder=0.5)  # fmt: skip


def _below(axes: Axes, points: pd.DataFrame, curves: list[str], words: list[str]) -> None:
    """Draw words below each other, curves a little apart."""
    for k, curve in enumerate(curves):
        mine = points[points["curve"] == curve]
        shift = 0.5 * ((k + 0.5) / len(curves) - 0.5)
        at = [words.index(str(word)) + shift for word in mine["x"]]
        axes.plot(mine["expected"], at, "|", color=_COLOURS[k], ms=8, mew=1.1, zorder=3)
        axes.errorbar(mine["mean"], at, xerr=mine["sem"].fillna(0.0), color=_COLOURS[k],
                      fmt=_MARKERS[k], label=_key(curve), **_FILLED)  # fmt: skip
    axes.set_yticks(range(len(words)), [_name(word) for word in words])
    axes.set_ylim(len(words) - 0.5, -0.5)
    axes.margins(x=0.12)


def _key(curve: str) -> str:
    return curve or "mean ± SEM"


def _name(word: str) -> str:
    return "no drug" if word == "none" else word.replace("+", " + ")


def caption(points: pd.DataFrame, outcome: Outcome, *, title: str) -> str:
    """Return the caption, with the numbers of every point."""
    numbers = "; ".join(_told(row) for _, row in points.iterrows())
    expected = points["expected"].notna().any()
    noise = " Lines, and numbers in brackets: without release noise." if expected else ""
    seeds = points["runs"].max() > 1
    over = "runs of different seeds" if seeds else "slices"
    return f"{outcome.title} against {_lower(title)}: mean ± SEM over {over}.{noise} {numbers}."


def _told(row: "pd.Series[Any]") -> str:
    place = "" if isinstance(row["x"], float) and np.isnan(row["x"]) else f"{_x(row['x'])}: "
    curve = f"{row['curve']}, " if row["curve"] and place else f"{row['curve']}: " * (not place)
    error = "" if pd.isna(row["sem"]) else f" ± {row['sem']:.2g}"
    expected = "" if pd.isna(row["expected"]) else f" ({row['expected']:.3g})"
    mean = "not measured" if pd.isna(row["mean"]) else f"{row['mean']:.3g}{error}{expected}"
    return f"{curve}{place}{mean}"


def _x(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def save_sweep(
    table: pd.DataFrame, folder: Path, name: str, *, title: str, log: bool, column: str | None
) -> tuple[str, tuple[Path, ...]]:
    """Draw a sweep and write picture, numbers and caption; return the caption and the files.

    Parameters
    ----------
    table : DataFrame
        Its runs, with ``curve`` and ``x``.
    folder, name : Path, str
        Where, and the name of the files.
    title, log
        The axis.
    column : str, optional
        What is plotted, if it is not the usual outcome.

    Raises
    ------
    BadInput
        If there is nothing to draw, or the folder cannot be written.
    """
    outcome = outcome_of(table, column)
    points = points_of(table, outcome)
    figure = draw(points, outcome, title=title, log=log)
    text = caption(points, outcome, title=title)
    rows = list(_plain(points))
    written = json.dumps({"caption": text, "x": title, "y": outcome.mean, "points": rows}, indent=2,
                         ensure_ascii=False, allow_nan=False)  # fmt: skip
    try:
        pictures = style.write(figure, folder, name)
        write_text(written + "\n", folder / f"{name}.json")
        write_text(textwrap.fill(text, 100) + "\n", folder / f"{name}.txt")
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror or error}") from None
    return text, (*pictures, folder / f"{name}.json", folder / f"{name}.txt")


def _plain(points: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the points as JSON has them."""
    for row in points.astype(object).to_dict("records"):
        yield {str(key): None if pd.isna(value) else value for key, value in row.items()}
