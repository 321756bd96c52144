"""What the figures have in common: colours, type, and axes laid out in millimetres."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import AbstractPathEffect, Normal, Stroke

from ca1ltd.writing import replacing

DPI: Final = 300
SCREEN_DPI: Final = 150
MM_PER_INCH: Final = 25.4

# Colours that colour-blind readers tell apart (Okabe & Ito 2008, jfly.uni-koeln.de/color).
VERMILION: Final = "#D55E00"
BLUE: Final = "#0072B2"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
ORANGE: Final = "#E69F00"
PURPLE: Final = "#CC79A7"
INK: Final = "#1F2328"
GREY: Final = "#6E757C"
PALE: Final = "#B9BFC5"
SHADE: Final = "#F3E6DA"

PATHWAYS: Final[Mapping[str, tuple[str, str]]] = {
    "conditioned": ("1", VERMILION),
    "control": ("2", BLUE),
}
"""Number and colour of each pathway."""

SMALL: Final = 6.5
TEXT: Final = 7.0
LARGE: Final = 8.0
LETTER: Final = 12.0

_RC: Final[dict[str, Any]] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the layout is the same everywhere
    "font.size": TEXT,
    "mathtext.default": "regular",
    "text.color": INK,
    "axes.labelsize": TEXT,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelpad": 2.5,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.major.pad": 2.0,
    "ytick.major.pad": 2.0,
    "lines.solid_capstyle": "round",
    "svg.fonttype": "none",  # text stays text, to be searched, read aloud and edited
    "svg.hashsalt": "ca1ltd",  # the same figure gives the same file
    "pdf.fonttype": 42,
}


def look() -> AbstractContextManager[None]:
    """Return a context in which everything drawn or saved has the figures' style."""
    return rc_context(rc=_RC)  # type: ignore[arg-type]  # its keys are literals in the stubs


def write(figure: Figure, folder: Path, name: str) -> tuple[Path, ...]:
    """Write a figure as PNG, SVG and PDF into a folder, which is made; return the files so."""
    folder.mkdir(parents=True, exist_ok=True)
    left_out = {"png": "Software", "svg": "Date", "pdf": "CreationDate"}  # differ with each writing
    pictures = []
    for end, what in left_out.items():
        pictures.append(folder / f"{name}.{end}")
        with look(), replacing(pictures[-1]) as file:
            dpi = DPI if end == "png" else "figure"
            figure.savefig(file, format=end, dpi=dpi, metadata={what: None})
    return tuple(pictures)


class Picture(Figure):
    """A figure that notebooks show by themselves."""

    def _repr_png_(self) -> bytes:
        content = BytesIO()
        with look():
            self.savefig(content, format="png", dpi=SCREEN_DPI)
        return content.getvalue()


@dataclass(slots=True, kw_only=True)
class Plate:
    """A page of ``width`` by ``height`` (mm); axes are placed from its upper left corner."""

    width: float
    height: float
    figure: Picture = field(init=False)

    def __post_init__(self) -> None:
        size = (self.width / MM_PER_INCH, self.height / MM_PER_INCH)
        self.figure = Picture(figsize=size, facecolor="white")
        FigureCanvasAgg(self.figure)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes whose upper left corner lies ``left``, ``top`` (mm) from the page's."""
        bottom = self.height - top - height
        return self.figure.add_axes(
            (left / self.width, bottom / self.height, width / self.width, height / self.height)
        )

    def drawing(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes without frame whose data unit is the millimetre, origin lower left."""
        axes = self.axes(left, top, width, height)
        axes.set_axis_off()
        axes.set(xlim=(0, width), ylim=(0, height))
        return axes

    def letter(self, text: str, left: float, top: float) -> None:
        """Write a panel's letter with its upper left corner at ``left``, ``top`` (mm)."""
        x, y = left / self.width, 1 - top / self.height
        self.figure.text(x, y, text, size=LETTER, weight="bold", ha="left", va="top")


def halo(colour: str = "white", width: float = 1.8) -> list[AbstractPathEffect]:
    """Return path effects that keep text legible on lines: an outline in the ground's colour."""
    return [Stroke(linewidth=width, foreground=colour), Normal()]


def round_length(length: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten that does not exceed a positive length."""
    if not length > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(length))
    return float(max(step for step in (1, 2, 5) if step * power <= length * (1 + 1e-9)) * power)
