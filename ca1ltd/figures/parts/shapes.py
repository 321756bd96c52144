"""Parts of the mechanism's drawing: membranes, receptors, vesicles, labels. Units: mm on paper."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse, FancyArrowPatch, FancyBboxPatch, PathPatch
from matplotlib.path import Path
from matplotlib.typing import ColorType

from ca1ltd.arrays import Floats
from ca1ltd.figures.parts import style

MEMBRANE: Final = "#8C7B6B"
BILAYER: Final = "#E7DACB"
CYTOSOL: Final = "#FBF5EE"
TERMINAL: Final = "#E9F2EE"
DENSITY: Final = "#B7A18D"
AMPAR: Final = (style.SKY, "#0B4F7D")
NMDAR: Final = (style.PURPLE, "#7A3B5E")
GHOST: Final = ("none", "#6F8DA3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place on a membrane: position (mm) and the angle (rad) of its outward normal."""

    x: float
    y: float
    normal: float


@dataclass(frozen=True, slots=True)
class Canvas:
    """Axes (mm) with an own origin in x, so that a drawing can be placed."""

    axes: Axes
    dx: float

    def spot(self, x: float, y: float, normal: float = np.pi / 2) -> Spot:
        """Return a place on a membrane."""
        return Spot(x=x + self.dx, y=y, normal=normal)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return a position."""
        return x + self.dx, y

    def path(self, path: Path) -> Path:
        """Return a path at its place."""
        return Path(path.vertices + np.array((self.dx, 0.0)), path.codes)

    def text(self, x: float, y: float, words: str, *, colour: str = style.INK,
             weight: str = "normal", ha: Literal["left", "center"] = "left") -> None:  # fmt: skip
        """Write at a height, from the left or centred."""
        self.axes.text(x + self.dx, y, words, color=colour, weight=weight, ha=ha, va="center",
                       size=style.SMALL, linespacing=1.1, zorder=6)  # fmt: skip


def membrane(axes: Axes, path: Path, face: str, zorder: float = 1) -> None:
    """Draw a closed membrane filled with cytosol."""
    for colour, width in ((MEMBRANE, 2.4), (BILAYER, 0.9)):
        axes.add_patch(
            PathPatch(path, fc=face, ec=colour, lw=width, joinstyle="round", zorder=zorder)
        )


def ball(axes: Axes, x: float, y: float, radius: float, colour: str, zorder: float = 5) -> None:
    """Draw an ion or a molecule."""
    axes.add_patch(Circle((x, y), radius, fc=colour, ec="white", lw=0.25, zorder=zorder))


def ampar(axes: Axes, spot: Spot, *, ghost: bool = False, scale: float = 1.0) -> None:
    """Draw an AMPA receptor across a membrane; as a ghost where one has left."""
    _receptor(axes, spot, (0.85 * scale, 2.9 * scale), GHOST if ghost else AMPAR, ghost)


def nmdar(axes: Axes, spot: Spot) -> None:
    """Draw an NMDA receptor across a membrane."""
    _receptor(axes, spot, (1.7, 5.0), NMDAR, ghost=False)


def _receptor(
    axes: Axes, spot: Spot, size: tuple[float, float], colours: tuple[str, str], ghost: bool
) -> None:
    width, height = size
    tangent = spot.normal - np.pi / 2
    for side in (-0.6, 0.6):
        centre = (
            spot.x + side * width * np.cos(tangent) + 0.15 * height * np.cos(spot.normal),
            spot.y + side * width * np.sin(tangent) + 0.15 * height * np.sin(spot.normal),
        )
        axes.add_patch(
            Ellipse(centre, width, height, angle=float(np.degrees(tangent)), fc=colours[0],
                    ec=colours[1], lw=0.4, ls=(0, (1.2, 1.0)) if ghost else "-", zorder=4)
        )  # fmt: skip


def transmitter_vesicle(axes: Axes, x: float, y: float, *, empty: bool = False) -> None:
    """Draw a synaptic vesicle with glutamate."""
    axes.add_patch(Circle((x, y), 1.75, fc="white", ec=MEMBRANE, lw=0.7, zorder=3))
    if empty:
        return
    for k in range(4):
        angle = np.pi / 4 + k * np.pi / 2
        ball(axes, x + 0.75 * np.cos(angle), y + 0.75 * np.sin(angle), 0.42, style.GREEN)


def endosome(axes: Axes, x: float, y: float, receptors: int) -> None:
    """Draw a vesicle with AMPA receptors in its membrane, their outer side in its lumen."""
    radius = 2.6
    axes.add_patch(Circle((x, y), radius, fc="white", ec=MEMBRANE, lw=0.8, zorder=3))
    for k in range(receptors):
        angle = np.pi / 2 + 2 * np.pi * k / max(receptors, 3)
        spot = Spot(
            x=x + radius * np.cos(angle), y=y + radius * np.sin(angle), normal=angle + np.pi
        )
        ampar(axes, spot, scale=0.72)


def coated_pit(axes: Axes, spot: Spot) -> None:
    """Draw a clathrin-coated pit that opens at a spot of a membrane."""
    radius = 2.6
    inward = spot.normal + np.pi
    x, y = spot.x + 1.9 * np.cos(inward), spot.y + 1.9 * np.sin(inward)
    opening = 0.75
    axes.add_patch(Circle((x, y), radius, fc="white", ec="none", zorder=2.2))
    arc = spot.normal + np.linspace(opening, 2 * np.pi - opening, 60)
    axes.plot(
        x + radius * np.cos(arc), y + radius * np.sin(arc), color=MEMBRANE, lw=1.2, zorder=2.4
    )
    for angle in spot.normal + np.linspace(opening + 0.25, 2 * np.pi - opening - 0.25, 9):
        start, end = radius + 0.35, radius + 1.35
        axes.plot([x + start * np.cos(angle), x + end * np.cos(angle)],
                  [y + start * np.sin(angle), y + end * np.sin(angle)],
                  color=style.INK, lw=1.1, zorder=2.4)  # fmt: skip
    for turn in (-0.75, 0.75):
        angle = inward + turn
        ampar(axes, Spot(x=x + radius * np.cos(angle), y=y + radius * np.sin(angle),
                         normal=angle + np.pi), scale=0.72)  # fmt: skip


def pill(axes: Axes, x: float, y: float, name: str, value: str, *, face: ColorType, bold: bool,
         half: float = 10.2) -> None:  # fmt: skip
    """Draw a protein as a rounded label with its level; ``half`` is half its width (mm)."""
    box = FancyBboxPatch((x - half, y - 3.1), 2 * half, 6.2,
                         boxstyle="round,pad=0,rounding_size=2.4", fc=face, ec=style.INK,
                         lw=0.9 if bold else 0.5, zorder=5)  # fmt: skip
    axes.add_patch(box)
    axes.text(x, y + 1.4, name, ha="center", va="center", size=style.SMALL, zorder=6,
              weight="bold" if bold else "normal")  # fmt: skip
    axes.text(x, y - 1.4, value, ha="center", va="center", size=style.SMALL, zorder=6)


def arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], *, strong: bool = True,
    curve: float = 0.0, inhibits: bool = False, colour: str = style.INK, width: float | None = None,
) -> None:  # fmt: skip
    """Draw an effect: an arrow, or a bar for inhibition; thin and dashed if it is weak.

    A ``width`` (points) takes the place of that of a strong effect.
    """
    more = 0.0 if width is None else width
    head = (
        f"|-|,widthA=0,widthB={1.6 + 0.6 * more}"
        if inhibits
        else f"-|>,head_length={2.6 + 1.1 * more},head_width={1.3 + 0.8 * more}"
    )
    axes.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle=head, connectionstyle=f"arc3,rad={curve}", color=colour,
            lw=width or (1.3 if strong else 0.7), ls="-" if strong else (0, (2, 1.6)), shrinkA=0,
            shrinkB=0, mutation_scale=1.0, zorder=4.5,
        )
    )  # fmt: skip


def bezier(points: Floats, t: Floats) -> tuple[Floats, ...]:
    """Return positions, shape ``(n, 2)``, and directions (rad) along a cubic Bezier curve."""
    a, b, c, d = points
    u, v = t[:, None], 1 - t[:, None]
    position = v**3 * a + 3 * v**2 * u * b + 3 * v * u**2 * c + u**3 * d
    slope = 3 * v**2 * (b - a) + 6 * v * u * (c - b) + 3 * u**2 * (d - c)
    return position, np.arctan2(slope[:, 1], slope[:, 0])
