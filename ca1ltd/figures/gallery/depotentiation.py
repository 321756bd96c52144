"""The figure of reversal: potentiation and depression taken back, and depression saturated."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry, Runs
from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.inductions import inductions
from ca1ltd.figures.parts.numbers import Number, level, outcomes, plain, slices_text
from ca1ltd.figures.parts.series import binned_points, both, draw_series, highest, labels
from ca1ltd.figures.run import Run

WIDTH, HEIGHT = 180.0, 176.0
_TITLES: Final = {
    "depotentiation": "Depotentiation",
    "dedepression": "De-depression",
    "saturation": "Saturation",
}
_FOLLOW_UP: Final = {"follow_up": 30}  # min: as long as the rests


def draw(runs: Runs) -> Figure:
    """Return the figure: a panel for each sequence of inductions, all at the same scale of time."""
    found = numbers(runs)
    spans = {key: float(np.ptp(run.epsp["time_min"])) for key, run in runs.items()}
    with style.look():
        plate = style.Plate(width=WIDTH, height=HEIGHT)
        for letter, y, key in zip("ABC", (2.0, 61.0, 120.0), _TITLES, strict=True):
            plate.letter(letter, 2, y)
            axes = plate.axes(15, y + 8, 144 * spans[key] / max(spans.values()), 39)
            axes.set_title(_TITLES[key], size=style.LARGE, weight="bold", loc="left", pad=4)
            series = both(key, runs[key])
            room = 20 * bool(runs[key].summary.get("phases"))  # for the levels' words
            draw_series(axes, series, found, top=max(highest(each) for each in series) + room)
            _levels(axes, runs[key])
            labels(axes)
    return plate.figure


def _levels(axes: Axes, run: Run) -> None:
    """Draw the level of pathway 1 at the end of each rest, and write it away from all points."""
    control, conditioned = (binned_points(each) for each in both("", run))
    for phase in run.summary.get("phases", ()):
        start, end = phase["window_min"]
        mean, other = (phase["pathways"][each]["percent_of_baseline"] for each in style.PATHWAYS)
        if mean is None or other is None:
            continue
        near = pd.concat((control, conditioned)).query("@start <= time_min <= @end")
        above, spread = mean >= other, near["sem"].fillna(0)
        edge = (near["mean"] + spread).max() if above else (near["mean"] - spread).min()
        axes.plot([start, end], [mean, mean], color=style.INK, lw=1.2, zorder=6)
        axes.annotate(f"{mean:.0f} %", ((start + end) / 2, edge), xytext=(0, 2 if above else -2),
                      textcoords="offset points", ha="center", va="bottom" if above else "top",
                      size=style.SMALL, color=style.VERMILION, zorder=7)  # fmt: skip


def numbers(runs: Runs) -> dict[str, Number]:
    """Return the outcomes, and the level of pathway 1 after each induction of each run."""
    found = outcomes(runs)
    for key, run in runs.items():
        stages = [*run.summary.get("phases", ()), run.summary]
        for number, stage in enumerate(stages, start=1):
            outcome = stage["pathways"]["conditioned"]
            found[f"{key}_stage_{number}_percent"] = plain(outcome["percent_of_baseline"])
    return found


def caption(runs: Runs) -> str:
    """Return the caption, with the runs' own numbers."""
    found = numbers(runs)
    return (
        "Reversal and saturation. Inductions follow each other in pathway 1; pathway 2 has none. "
        "The levels of pathway 1 in the last 10 min before the next induction or the end "
        f"({slices_text(runs)}; thin lines: without release noise), in per cent of the baseline: "
        f"A, {_story('depotentiation', runs, found)}. B, {_story('dedepression', runs, found)}. "
        f"C, {_story('saturation', runs, found)}."
    )


def _story(key: str, runs: Runs, found: Mapping[str, Number]) -> str:
    return ", ".join(
        f"{level(found[f'{key}_stage_{number}_percent'], 3)} % after {each.words}"
        for number, each in enumerate(inductions(runs[key]), start=1)
    )


FIGURE = FigureEntry(
    name="depotentiation",
    runs={
        "depotentiation": Declared("depotentiation", {"again": True, **_FOLLOW_UP}),
        "dedepression": Declared("de-depression", _FOLLOW_UP),
        "saturation": Declared("saturation", _FOLLOW_UP),
    },
    draw=draw,
    words=caption,
    numbers=numbers,
)
