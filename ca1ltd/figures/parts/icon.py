"""A small drawing of an experiment: a cell, two fibres and how they are stimulated (mm)."""

from collections.abc import Mapping
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from ca1ltd.figures.parts import style

WIDTH, HEIGHT = 36.0, 34.0
"""Size of the drawing (mm)."""
_TRUNK: Final = 20.0
_CELL: Final = "#3A3F45"
_FIBRES: Final = {"conditioned": 15.5, "control": 24.5}
_THICK: Final = {"strong": 2.6, "weak": 0.9, "on": 1.6}


def draw_icon(
    axes: Axes, active: Mapping[str, str], *, step: str = "", force: Mapping[str, str] | None = None
) -> None:
    """Draw the cell and its two pathways.

    Parameters
    ----------
    axes
        Axes in mm, `WIDTH` by `HEIGHT`.
    active
        What is given to each pathway that is stimulated for induction.
    step
        What depolarises the cell through the pipette, "" for nothing.
    force
        How strongly an active pathway is stimulated: "strong", "weak" or (by default) "on".
    """
    _cell(axes)
    for pathway, y in _FIBRES.items():
        number, colour = style.PATHWAYS[pathway]
        words = active.get(pathway, "")
        width = _THICK[(force or {}).get(pathway, "on")] if words else 0.8
        alpha = 1.0 if words else 0.45
        axes.plot([4.5, WIDTH - 7], [y, y], color=colour, lw=width, alpha=alpha, zorder=2)
        axes.plot(_TRUNK - 1.5, y, "o", color=colour, ms=3.6, alpha=alpha, zorder=4)
        axes.text(3.6, y, number, color=colour, weight="bold", ha="right", va="center",
                  size=style.LARGE)  # fmt: skip
        if words:
            axes.plot([6.2, 6.2], [y + 1.1, y + 3.6], color=style.INK, lw=0.8)
            axes.plot(6.2, y + 1.1, "v", color=style.INK, ms=3, zorder=5)
            axes.text(7.8, y + 1.4, words, size=style.SMALL, color=colour, va="bottom",
                      path_effects=style.halo(), zorder=6)  # fmt: skip
    _pipette(axes, step)


def _cell(axes: Axes) -> None:
    for xs, ys, width in (
        ((_TRUNK, _TRUNK), (5, 29), 2.0),
        ((_TRUNK, _TRUNK - 5, _TRUNK - 6), (28, 31.5, 34), 1.1),
        ((_TRUNK, _TRUNK + 4, _TRUNK + 5.5), (28, 31.5, 34), 1.1),
        ((_TRUNK, _TRUNK + 4.5), (18.5, 20.5), 0.8),
        ((_TRUNK - 1, _TRUNK - 5), (4, 0.3), 1.0),
        ((_TRUNK + 1, _TRUNK + 4), (4, 0.3), 1.0),
    ):
        axes.plot(xs, ys, color=_CELL, lw=width, zorder=3)
    soma = [(_TRUNK - 2.6, 3.2), (_TRUNK + 2.6, 3.2), (_TRUNK + 0.7, 9.0), (_TRUNK - 0.7, 9.0)]
    axes.add_patch(
        Polygon(soma, closed=True, fc=_CELL, ec=_CELL, lw=2, joinstyle="round", zorder=3)
    )


def _pipette(axes: Axes, step: str) -> None:
    tip, end = (_TRUNK + 2.9, 4.6), (_TRUNK + 11.0, 8.4)
    shaft = [tip, (end[0] - 0.5, end[1] + 1.1), (end[0] + 0.5, end[1] - 1.1)]
    axes.add_patch(Polygon(shaft, closed=True, fc="#E9F3F8", ec=style.INK, lw=0.6, zorder=4))
    if step:
        x, y = _TRUNK + 7.0, 0.6
        axes.plot([x - 1.6, x, x, x + 4, x + 4, x + 5.6], [y, y, y + 1.8, y + 1.8, y, y],
                  color=style.PURPLE, lw=1.0)  # fmt: skip
        axes.text(x + 6.4, y + 0.9, step, size=style.SMALL, color=style.PURPLE, va="center")
