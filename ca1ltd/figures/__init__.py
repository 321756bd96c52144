"""Figures drawn from finished runs and measured cells. They load and draw; they never simulate.

Matplotlib and pandas are imported by the part that needs them, when it is first used.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ca1ltd.declared import Declared
    from ca1ltd.figures.cell import save_cell
    from ca1ltd.figures.entry import FigureEntry, Runs
    from ca1ltd.figures.gallery.ltd import ltd
    from ca1ltd.figures.parts.numbers import caption, numbers
    from ca1ltd.figures.registry import FIGURES, TITLES, figure_entry, save_figure
    from ca1ltd.figures.spine import save_spines

__all__ = [
    "FIGURES",
    "TITLES",
    "Declared",
    "FigureEntry",
    "Runs",
    "caption",
    "figure_entry",
    "ltd",
    "numbers",
    "save_cell",
    "save_figure",
    "save_spines",
]

_PLACES = {
    "FIGURES": "figures.registry",
    "TITLES": "figures.registry",
    "Declared": "declared",
    "FigureEntry": "figures.entry",
    "Runs": "figures.entry",
    "caption": "figures.parts.numbers",
    "figure_entry": "figures.registry",
    "ltd": "figures.gallery.ltd",
    "numbers": "figures.parts.numbers",
    "save_cell": "figures.cell",
    "save_figure": "figures.registry",
    "save_spines": "figures.spine",
}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(importlib.import_module(f"ca1ltd.{_PLACES[name]}"), name)
    raise AttributeError(f"module 'ca1ltd.figures' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
