"""Figures drawn from finished runs and measured cells. They load and draw; they never simulate."""

from ca1ltd.figures.cell import save_cell
from ca1ltd.figures.ltd import ltd
from ca1ltd.figures.parts.numbers import caption, numbers
from ca1ltd.figures.registry import (
    FIGURES,
    Declared,
    FigureEntry,
    Runs,
    figure_entry,
    save_figure,
)

__all__ = [
    "FIGURES",
    "Declared",
    "FigureEntry",
    "Runs",
    "caption",
    "figure_entry",
    "ltd",
    "numbers",
    "save_cell",
    "save_figure",
]
