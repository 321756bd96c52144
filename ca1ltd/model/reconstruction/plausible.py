"""What no CA1 pyramidal cell has: said of a reconstruction that is otherwise one.

Limits are wide: adult rat cells have a soma of 400-900 um2, 8-17 mm of dendrite that is .2-5 um
thick, and end 500-750 um from the soma at the hippocampal fissure (Bannister & Larkman 1995, doi
10.1002/cne.903600111; Megias et al. 2001, doi 10.1016/S0306-4522(00)00496-6; recollected), cells of
mice are smaller, of humans larger.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.errors import BadInput
from ca1ltd.model.reconstruction.points import (
    APICAL,
    DENDRITES,
    ROOT,
    SOMA,
    Point,
    Points,
    counted,
    distance,
    listed,
    positions,
)
from ca1ltd.model.reconstruction.soma import area, soma_rows

#: Widest extent of the soma and dendrites (um) for which coordinates can be in um.
EXTENT: Final = (100.0, 3000.0)
#: Distance (um) of the furthest apical point from the soma.
REACH: Final = (250.0, 1000.0)
#: Area (um2) of the soma.
SOMA_AREA: Final = (300.0, 2000.0)
#: Diameter (um) of dendrites.
DIAMETER: Final = (0.1, 10.0)
#: Longest gap (um) between two points of a neurite.
GAP: Final = 20.0
#: Most dendrite (um).
LENGTH: Final = 30_000.0


def refuse_impossible(points: Points) -> None:
    """Raise BadInput if coordinates cannot be in um.

    Raises
    ------
    BadInput
        If the soma and dendrites are too small or too large for a cell.
    """
    body = positions(points, SOMA, *DENDRITES)
    with np.errstate(over="ignore"):  # too large is what is looked for
        extent = float(np.max(np.ptp(body, axis=0)))
    if not EXTENT[0] <= extent <= EXTENT[1]:
        unit = "mm" if extent < EXTENT[0] else "nm, or in pixels"
        raise BadInput(
            f"its dendrites span {extent:.6g} um, and a pyramidal cell spans {EXTENT[0]:g} to "
            f"{EXTENT[1]:g} um: multiply coordinates and radii, if they are in {unit}."
        )


def doubts(points: Points) -> Iterator[str]:
    """Yield what is implausible in a cell."""
    soma = area(soma_rows(points))
    if not SOMA_AREA[0] <= soma <= SOMA_AREA[1]:
        yield f"its soma has {soma:.0f} um2, and one of CA1 {_range(SOMA_AREA)} um2"
    reach = _reach(points)
    if not REACH[0] <= reach <= REACH[1]:
        yield (
            f"its apical dendrite ends {reach:.0f} um from the soma, and one of CA1 "
            f"{_range(REACH)} um: are coordinates in um, and not in pixels?"
        )
    dendrite = [point for point in points.values() if point.type in DENDRITES]
    thick = [point.id for point in dendrite if 2 * point.radius > DIAMETER[1]]
    if thick:
        yield f"{counted(len(thick), 'point')} of dendrite {_are(thick)} thicker than " + (
            f"{DIAMETER[1]:g} um (id {listed(thick)})"
        )
    thin = [point.id for point in dendrite if 2 * point.radius < DIAMETER[0]]
    if thin:
        yield f"{counted(len(thin), 'point')} of dendrite {_are(thin)} thinner than " + (
            f"{DIAMETER[0]:g} um (id {listed(thin)})"
        )
    steps = [(points[each.parent], each) for each in dendrite if each.parent != ROOT]
    ball = _ball(points)
    gaps = [below.id for above, below in steps if _gap(above, below, ball) > GAP]
    if gaps:
        yield f"{counted(len(gaps), 'gap')} of more than {GAP:g} um between points of dendrite " + (
            f"(before id {listed(gaps)})"
        )
    length = sum(distance(above, below) for above, below in steps if above.type != SOMA)
    if length > LENGTH:
        yield f"it has {length / 1000:.0f} mm of dendrite, and a CA1 cell at most {LENGTH / 1000:g}"


def _reach(points: Points) -> float:
    centre = positions(points, SOMA).mean(axis=0)
    return float(np.max(np.linalg.norm(positions(points, APICAL) - centre, axis=1)))


def _ball(points: Points) -> tuple[Floats, float]:
    """Return the middle and the radius (um) of the ball around a soma."""
    centre = positions(points, SOMA).mean(axis=0)
    body = [point for point in points.values() if point.type == SOMA]
    return centre, max(float(np.linalg.norm(centre - each.xyz)) + each.radius for each in body)


def _gap(above: Point, below: Point, ball: tuple[Floats, float]) -> float:
    """Return the distance (um) of two points; of one on the soma from the ball around that."""
    if above.type != SOMA:
        return distance(above, below)
    centre, radius = ball
    return float(np.linalg.norm(centre - below.xyz)) - radius


def _are(labels: list[int]) -> str:
    return "is" if len(labels) == 1 else "are"


def _range(limits: tuple[float, float]) -> str:
    return f"{limits[0]:g} to {limits[1]:g}"
