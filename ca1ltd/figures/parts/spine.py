"""One synapse of panel C: bouton and spine with their receptors by number (mm)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path

from ca1ltd.arrays import Floats
from ca1ltd.figures.parts import shapes, style
from ca1ltd.figures.parts.cascade import PORE, TOP, draw_cascade
from ca1ltd.figures.parts.shapes import Canvas

_SHOULDER: Final = np.array([(17.0, TOP), (24.5, TOP), (26.5, 55.0), (26.5, 44.0)])
_BELLY: Final = np.array([(26.5, 44.0), (26.5, 24.0), (21.5, 20.5), (9.0, 19.5)])
_NECK: Final = np.array([(9.0, 19.5), (5.2, 18.9), (4.6, 17.0), (4.6, 14.5)])
_BASE: Final = np.array([(4.6, 14.5), (4.6, 11.5), (6.0, 10.5), (9.5, 10.5)])
_DENDRITE: Final = (28.5, 3.0)  # half length and lower edge
_ENDOSOMES: Final = (
    (-17.5, 36.5), (-10.0, 35.0), (-19.0, 29.5), (-12.0, 28.0), (-5.3, 26.6), (-10.4, 22.2),
    (-4.1, 20.5), (2.2, 21.4),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What one drawing shows: symbols of receptors per pool and the levels of the cascade.

    ``active`` is whether the cascade is switched on, ``endocytosed`` the words at a coated pit
    ("" draws slow recycling instead). ``slots`` are the places at the PSD and on the surface:
    after endocytosis the empty ones are drawn as ghosts. ``names`` labels the synapse's parts.
    """

    active: bool
    endocytosed: str
    anchored: int
    diffusing: int
    internal: int
    slots: tuple[int, int]
    names: bool
    levels: Mapping[str, str]


def draw_synapse(axes: Axes, centre: float, scene: Scene) -> None:
    """Draw a synapse about a vertical line at ``centre`` (mm)."""
    canvas = Canvas(axes, centre)
    draw_bouton(canvas, released=11 if scene.active else 6)
    draw_head(canvas)
    _surface(canvas, scene)
    _endosomes(canvas, scene)
    draw_cascade(canvas, scene.levels, on=scene.active)
    if scene.names:
        _names(canvas)


def _closed(right: Sequence[tuple[Floats, Any]]) -> Path:
    """Return a closed path from the right half of a shape that is symmetric about x = 0.

    Each part is its points and their code; the first point of a curve is the end of the last part.
    """
    points: list[Any] = [right[0][0][0]]
    codes: list[Any] = [Path.MOVETO]
    for part, code in right:
        points.extend(part[1:])
        codes.extend([code] * (len(part) - 1))
    left = [(-x, y) for x, y in reversed(points)]
    return Path(
        np.array([*points, *left, points[0]]),
        [*codes, Path.LINETO, *reversed(codes[1:]), Path.CLOSEPOLY],
    )


def _spine_path() -> Path:
    length, low = _DENDRITE
    end = np.array([_BASE[-1], (length, _BASE[-1][1]), (length, low)])
    curves: list[tuple[Floats, Any]] = [
        (part, Path.CURVE4) for part in (_SHOULDER, _BELLY, _NECK, _BASE)
    ]
    return _closed([*curves, (end, Path.LINETO)])


def draw_head(canvas: Canvas) -> None:
    """Draw a spine on its dendrite, with its postsynaptic density and nothing in it."""
    shapes.membrane(canvas.axes, canvas.path(_spine_path()), shapes.CYTOSOL)
    canvas.axes.fill_between([canvas.dx - 16.5, canvas.dx + 16.5], TOP - 2.0, TOP - 0.5,
                             color=shapes.DENSITY, lw=0, zorder=2)  # fmt: skip


def draw_bouton(canvas: Canvas, released: int) -> None:
    """Draw the bouton above a spine, with so many molecules of glutamate in the cleft."""
    low, high = TOP + 4.6, TOP + 21.0
    side = np.array([(15.0, low), (22.5, low), (23.0, low + 5), (19.5, low + 9.5)])
    roof = np.array([side[-1], (15.5, low + 14.5), (7.0, high - 1), (4.5, high + 3)])
    shapes.membrane(canvas.axes, canvas.path(_closed([(side, Path.CURVE4), (roof, Path.CURVE4)])),
                    shapes.TERMINAL)  # fmt: skip
    canvas.axes.plot([canvas.dx - 14, canvas.dx + 14], [low + 0.5] * 2, color=style.GREY, lw=2.2,
                    zorder=2, solid_capstyle="butt")  # fmt: skip
    for x, y in ((-11, 3.1), (-4, 3.1), (3.5, 3.1), (-13, 7.6), (-7.5, 7.4), (-1, 7.2), (-4, 11.4),
                 (13.5, 7.2)):  # fmt: skip
        shapes.transmitter_vesicle(canvas.axes, *canvas.at(x, low + y))
    shapes.transmitter_vesicle(canvas.axes, *canvas.at(PORE, low + 2.2), empty=True)
    rng = np.random.default_rng(3)  # places of the dots in the cleft, the same in every figure
    for x, y in zip(rng.uniform(-4, 4, released), rng.uniform(0.4, 2.6, released), strict=True):
        shapes.ball(canvas.axes, *canvas.at(PORE + x, TOP + 1.6 + y), 0.5, style.GREEN, zorder=6)
    canvas.text(8.0, low + 11.0, "glutamate", colour="#00684B", ha="center")


def _names(canvas: Canvas) -> None:
    canvas.text(-28.5, TOP + 18.5, "presynaptic\nbouton", colour=style.GREY)
    canvas.text(7.0, 15.0, "spine neck", colour=style.GREY)
    canvas.text(-26.0, 6.8, "dendrite of the CA1 cell", colour=style.GREY)


def _surface(canvas: Canvas, scene: Scene) -> None:
    """Draw the anchored receptors in the PSD and the diffusing ones on the shoulders."""
    anchored, diffusing = scene.slots
    places = np.linspace(-15.5, PORE - 4.0, max(anchored, 2))[:anchored]
    for x, filled in zip(places, _spread(scene.anchored, anchored), strict=True):
        if filled or scene.endocytosed:
            shapes.ampar(canvas.axes, canvas.spot(float(x), TOP), ghost=not filled)
    right = diffusing // 2
    spots = [*_shoulder(diffusing - right, -1), *_shoulder(right, 1)]
    for (x, y, normal), filled in zip(spots, _spread(scene.diffusing, diffusing), strict=True):
        if filled or scene.endocytosed:
            shapes.ampar(canvas.axes, canvas.spot(x, y, normal), ghost=not filled)
    shapes.nmdar(canvas.axes, canvas.spot(PORE, TOP))


def _spread(filled: int, places: int) -> list[bool]:
    """Return which places are filled so that the empty ones lie evenly among them."""
    return [((k + 1) * filled) // places > (k * filled) // places for k in range(places)]


def _shoulder(count: int, side: int) -> list[tuple[float, float, float]]:
    """Return position and normal of receptors spaced over one shoulder of the head."""
    t = np.linspace(0.36, 0.78, max(count, 1))[:count]
    position, direction = shapes.bezier(_SHOULDER, t)
    normal = direction + np.pi / 2
    if side < 0:
        normal = np.pi - normal
    return [(side * x, y, float(n)) for (x, y), n in zip(position, normal, strict=True)]


def _endosomes(canvas: Canvas, scene: Scene) -> None:
    vesicles = min(max(-(-scene.internal // 3), 1), len(_ENDOSOMES))
    share, extra = divmod(scene.internal, vesicles)
    for k, place in enumerate(_ENDOSOMES[:vesicles]):
        shapes.endosome(canvas.axes, *canvas.at(*place), share + (k < extra))
    pit = canvas.spot(-26.4, 42.0, np.pi)
    entry, landing = canvas.at(-21.0, 41.2), canvas.at(-18.2, 39.6)
    if scene.endocytosed:
        shapes.coated_pit(canvas.axes, pit)
        shapes.arrow(canvas.axes, entry, landing)
        canvas.text(-21.3, 47.3, scene.endocytosed)
    else:
        shapes.arrow(canvas.axes, canvas.at(-25.0, 43.0), canvas.at(-20.5, 38.8), strong=False,
                     curve=0.25)  # fmt: skip
        shapes.arrow(canvas.axes, canvas.at(-21.5, 35.5), canvas.at(-25.6, 38.5), strong=False,
                     curve=0.25)  # fmt: skip
        canvas.text(-19.5, 43.4, "slow\nrecycling")
