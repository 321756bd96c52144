"""Outcomes as points: those of runs filled, published ones open."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes

from ca1ltd.figures.parts import style
from ca1ltd.figures.parts.numbers import Number
from ca1ltd.literature.published import published

_OPEN: Final[dict[str, Any]] = {"mfc": "white", "mec": style.INK, "mew": 0.8, "ms": 4.2}
_FILLED: Final[dict[str, Any]] = {"ms": 4.0, "mec": "white", "mew": 0.4, "lw": 1.1}


def draw_outcomes(
    axes: Axes, places: Sequence[float], keys: Sequence[str], found: Mapping[str, Number],
    *, colour: str, look: str = "o-", label: str = "",
) -> None:  # fmt: skip
    """Draw outcomes (% of baseline) of conditioned pathways.

    Points are what the electrode saw, mean and SEM, and the line joins the EPSPs without release
    noise.

    Parameters
    ----------
    axes
        Where.
    places, keys
        Where each lies, and of which run it is.
    found
        The outcomes, as `outcomes` of numbers gives them.
    colour, look
        Colour; marker, and style of the line if there is one.
    label
        For the legend, "" for none.
    """
    means, sems, expected = (
        np.array([found[f"{key}_conditioned_{what}"] for key in keys], dtype=float)
        for what in ("percent_of_baseline", "sem", "percent_expected")
    )
    marker, line = look[0], look[1:]
    if line:
        axes.plot(places, expected, line, color=colour, lw=1.1, zorder=3)
    axes.errorbar(places, means, np.nan_to_num(sems), fmt=marker, color=colour, elinewidth=0.8,
                  zorder=4, **_FILLED)  # fmt: skip
    if label:
        axes.plot([], [], look, color=colour, label=label, **_FILLED)


def draw_published(axes: Axes, at: Mapping[str, float], *, marker: str = "o") -> None:
    """Draw published outcomes (% of baseline) as sure as they are said to be, by ids and places."""
    for key, x in at.items():
        row = published()[key]
        if row.mean is not None and row.stated is not None:
            axes.errorbar(x, row.mean, row.stated[1] - row.mean, fmt=marker, ecolor=style.GREY,
                          elinewidth=0.6, capsize=1.5, zorder=2.5, **_OPEN)  # fmt: skip


def draw_legend(axes: Axes, *, columns: int, open_points: str = "published") -> None:
    """Draw the legend in rows above axes, where no data can be; say what open symbols are."""
    axes.plot([], [], "o", label=open_points, **_OPEN)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, frameon=False,
                fontsize=style.SMALL, handlelength=1.6, columnspacing=1.4,
                borderaxespad=0.2)  # fmt: skip


def papers(ids: Iterable[str]) -> str:
    """Return the papers of published outcomes, as "Dudek SM, Bear MF (1992) PNAS 89:4363-4367"."""
    return "; ".join(dict.fromkeys(published()[key].paper for key in ids))
