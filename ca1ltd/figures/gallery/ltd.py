"""The LTD figure: the experiment, the depression, and how it comes about."""

from matplotlib.figure import Figure

from ca1ltd.declared import Declared
from ca1ltd.figures.entry import FigureEntry
from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.numbers import after_induction, caption, numbers
from ca1ltd.figures.parts.panel_experiment import draw_experiment
from ca1ltd.figures.parts.panel_mechanism import draw_mechanism, draw_signals
from ca1ltd.figures.parts.panel_timecourse import draw_epsps, draw_timecourse, label_epsps
from ca1ltd.figures.run import Run

WIDTH, HEIGHT = 180.0, 216.0
"""Size of the page (mm): the width of two columns."""
_SIGNALS = ((111, 11), (131, 11), (149, 11), (167, 11), (187, 20))
"""Top and height (mm) of the time courses of panel C."""


def ltd(run: Run) -> Figure:
    """Return the figure of long-term depression, drawn from a finished run.

    Parameters
    ----------
    run
        Tables, traces and geometry of the run; only read.

    Returns
    -------
    Figure
        Panels A (the cell, its fibres and electrodes), B (EPSP slope against time) and C (the
        mechanism with its time courses), 180 mm wide.
    """
    found = numbers(run)
    with style.look():
        plate = style.Plate(width=WIDTH, height=HEIGHT)
        draw_experiment(plate.axes(3, 6, 86, 94), run)
        for left, pathway in ((104.0, "conditioned"), (138.0, "control")):
            draw_epsps(plate.axes(left, 7, 28, 22), run, pathway)
        label_epsps(plate.drawing(104, 31, 62, 2), f"{after_induction(found)} after induction")
        draw_timecourse(plate.axes(103, 37, 63, 55), run, found)
        mechanism = plate.drawing(3, 106, 119, 110)
        mechanism.set_ylim(-17.7, 92.3)
        draw_mechanism(mechanism, found)
        rows = [plate.axes(132, top, 45, height) for top, height in _SIGNALS]
        draw_signals(rows, run, found)
        for letter, left, top in (("A", 2, 2), ("B", 92, 2), ("C", 2, 104)):
            plate.letter(letter, left, top)
    return plate.figure


FIGURE = FigureEntry(
    name="ltd",
    runs={"lfs": Declared("lfs")},
    draw=lambda runs: ltd(runs["lfs"]),
    words=lambda runs: caption(runs["lfs"]),
    numbers=lambda runs: numbers(runs["lfs"]),
)
