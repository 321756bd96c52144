"""Turning a cell so that its apical dendrite points towards +y, as the layers are laid."""

from dataclasses import replace
from typing import Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.model.reconstruction.points import (
    APICAL,
    SOMA,
    Points,
    distance,
    positions,
)

#: Angle (degrees) within which the axis of the drawing is taken: a tree's own axis is not known
#: better, as its sides are never alike.
AS_GOOD_AS: Final = 10.0
#: Angle (degrees) from which a cell that stays as drawn lies across the layers.
ACROSS: Final = 45.0
#: Least distance (um) of the middle of an apical tree from the soma that makes an axis.
_AXIS: Final = 20.0


def upright(points: Points, *, as_drawn: bool) -> tuple[Points, str | None]:
    """Return the points turned about the soma by the least angle, and what was done, if anything.

    The apical axis leads from the middle of the soma to the middle of the apical dendrite's length.

    Parameters
    ----------
    points : dict of int to Point
        Points of a cell by id.
    as_drawn : bool
        Whether they stay, and it is said if they lie across the layers.
    """
    centre = positions(points, SOMA).mean(axis=0)
    axis = _apical_middle(points) - centre
    if np.linalg.norm(axis) < _AXIS:
        return points, "its apical dendrite lies around the soma, points nowhere, and is not turned"
    turn, angle = _turn(axis / np.linalg.norm(axis))
    if as_drawn:
        across = f"as drawn, its apical dendrite points {angle:.0f} degrees away from +y"
        return points, across if angle > ACROSS else None
    if angle <= AS_GOOD_AS:
        return points, None
    turned = {
        label: replace(point, xyz=_tuple(centre + turn @ (np.array(point.xyz) - centre)))
        for label, point in points.items()
    }
    return turned, f"turned by {angle:.0f} degrees, so that its apical dendrite points towards +y"


def _apical_middle(points: Points) -> Floats:
    """Return the middle (um) of the length of the apical dendrite, shape ``(3,)``."""
    pairs = [(points[each.parent], each) for each in points.values() if each.type == APICAL]
    pairs = [(a, b) for a, b in pairs if a.type != SOMA]
    lengths = np.array([distance(a, b) for a, b in pairs])
    if not lengths.sum():
        alone: Floats = positions(points, APICAL).mean(axis=0)
        return alone
    middles = np.array([np.add(a.xyz, b.xyz) / 2 for a, b in pairs])
    middle: Floats = lengths @ middles / lengths.sum()
    return middle


def _turn(axis: Floats) -> tuple[Floats, float]:
    """Return the matrix that turns a direction towards +y by the least angle, and that (degrees).

    Of all turns by half a circle it is the one in the plane of the slice, about z.
    """
    x, y, z = axis
    about = np.array([-z, 0.0, x])  # axis x (0, 1, 0)
    sine = float(np.linalg.norm(about))
    about = about / sine if sine > 1e-6 else np.array([0.0, 0.0, 1.0])
    cross = np.array(
        [[0.0, -about[2], about[1]], [about[2], 0.0, -about[0]], [-about[1], about[0], 0.0]]
    )
    matrix: Floats = np.eye(3) + sine * cross + (1 - y) * cross @ cross
    return matrix, float(np.degrees(np.arctan2(sine, y)))


def _tuple(values: Floats) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return x, y, z
