"""A row of a figure: what is done, EPSPs before and after, and EPSP slope against time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ca1ltd.figures.parts.icon import HEIGHT, WIDTH, draw_icon
from ca1ltd.figures.parts.inductions import window_after
from ca1ltd.figures.parts.numbers import Number
from ca1ltd.figures.parts.panel_timecourse import draw_epsps, label_epsps
from ca1ltd.figures.parts.series import both, draw_series, labels
from ca1ltd.figures.parts.style import LARGE, Plate
from ca1ltd.figures.run import Run

ROW: Final = 58.0
"""Height of a row (mm)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a row says of its run.

    Attributes
    ----------
    letter, title : str
        Of the panel.
    given : mapping
        What is given to each pathway that is stimulated, in a word.
    force : mapping
        How strongly: "strong", "weak" or (by default) "on".
    step : str
        What depolarises the cell, "" for nothing.
    """

    letter: str
    title: str
    given: Mapping[str, str]
    force: Mapping[str, str] = field(default_factory=dict)
    step: str = ""


def draw_row(
    plate: Plate, y: float, row: Row, key: str, run: Run, found: Mapping[str, Number], *, top: float
) -> None:
    """Draw a row whose upper edge lies ``y`` (mm) below that of the page.

    ``key`` is what the run is called among the numbers, ``top`` the height of the data.
    """
    plate.letter(row.letter, 2, y)
    icon = plate.drawing(6, y + 10, WIDTH, HEIGHT)
    icon.text(4, HEIGHT + 6.8, row.title, size=LARGE, weight="bold", va="center", clip_on=False)
    draw_icon(icon, row.given, step=row.step, force=row.force)
    for k, pathway in enumerate(("conditioned", "control")):
        draw_epsps(plate.axes(51, y + 4 + 23 * k, 26, 16), run, pathway)
    label_epsps(plate.drawing(46, y + 47, 40, 2), f"{window_after(run)} after", spread=17)
    axes = plate.axes(98, y + 3, 61, 41)
    draw_series(axes, both(key, run), found, top=top)
    labels(axes)
