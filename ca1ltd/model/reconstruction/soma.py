"""The shape of a soma: one row of discs, whatever way it was drawn."""

from itertools import pairwise
from typing import Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.model.reconstruction.points import ROOT, SOMA, Point, Points, distance

#: Discs of a soma that is drawn as an outline.
_DISCS: Final = 11
#: Largest radius of the points of an outline, as a fraction of its extent across.
_LINE: Final = 0.1


def soma_rows(points: Points) -> Floats:
    """Return the discs of a soma, x, y, z and diameter (um), shape ``(n, 4)``, n >= 2.

    * Three points in the standard form, a centre and two points one radius to both sides, and an
      unbranched row of points are taken as drawn.
    * An outline (points much thinner than the ground they enclose) becomes the solid that it makes
      when turned about its long axis.
    * A point becomes a cylinder as long as it is wide, along y, with the area of its ball. So does
      a row that is shorter than a radius, which is a ball drawn twice.
    * Anything else becomes such a cylinder of the area of its frusta.

    Parameters
    ----------
    points : dict of int to Point
        Points of a cell by id, the soma's first, parents before their children.
    """
    body = [point for point in points.values() if point.type == SOMA]
    rows = np.array([(*point.xyz, 2 * point.radius) for point in body])
    standard = _standard(body)
    outline = _outline(rows)
    if standard is not None:
        shape = rows[standard]
    elif outline is not None:
        shape = outline
    elif len(body) == 1 or _length(rows) < rows[:, 3].mean() / 2:
        shape = _cylinder(rows[:, :3].mean(axis=0), np.pi * float(rows[:, 3].mean()) ** 2)
    elif _unbranched(body):
        shape = rows
    else:
        sides = (_side(points[point.parent], point) for point in body if point.parent != ROOT)
        shape = _cylinder(body[0].xyz, sum(sides))
    return shape


def area(rows: Floats) -> float:
    """Return the area (um2) of the side of a row of discs, shape ``(n, 4)``."""
    return float(
        sum(
            np.pi * (a[3] + b[3]) / 2 * np.hypot(np.linalg.norm(a[:3] - b[:3]), (a[3] - b[3]) / 2)
            for a, b in pairwise(rows)
        )
    )


def _standard(body: list[Point]) -> list[int] | None:
    """Return the order, along the soma, of three points in the standard form; None of others."""
    if len(body) != 3:
        return None
    first, *ends = body
    branched = all(end.parent == first.id for end in ends)
    opposite = np.allclose(np.add(ends[0].xyz, ends[1].xyz), 2 * np.array(first.xyz), atol=0.1)
    return [1, 0, 2] if branched or (opposite and distance(first, ends[0]) > 0) else None


def _unbranched(body: list[Point]) -> bool:
    return all(below.parent == above.id for above, below in pairwise(body))


def _length(rows: Floats) -> float:
    return float(np.linalg.norm(np.diff(rows[:, :3], axis=0), axis=1).sum())


def _outline(rows: Floats) -> Floats | None:
    """Return the discs of the solid of an outline; None if the points are none."""
    if len(rows) < 4:
        return None
    from scipy.spatial import ConvexHull  # slow to load, and few somata are outlines

    centre = rows[:, :3].mean(axis=0)
    _, _, axes = np.linalg.svd(rows[:, :3] - centre)
    flat = (rows[:, :3] - centre) @ axes[:2].T
    across = float(np.ptp(flat[:, 1]))
    if float(np.median(rows[:, 3])) / 2 > _LINE * across:
        return None
    border = flat[ConvexHull(flat).vertices]
    ends = border[:, 0].min(), border[:, 0].max()
    along = np.linspace(*ends, _DISCS)
    inset = (along[1] - along[0]) / 4  # the outline closes at its ends, and a disc must not
    at = np.clip(along, ends[0] + inset, ends[1] - inset)
    width = np.array([_width(border, x) for x in at])
    middle = np.array([_middle(border, x) for x in at])
    places = centre + along[:, None] * axes[0] + middle[:, None] * axes[1]
    return np.column_stack([places, width])


def _crossings(border: Floats, x: float) -> Floats:
    """Return where the straight line at ``x`` across a closed border meets it."""
    start, stop = border, np.roll(border, -1, axis=0)
    cut = (start[:, 0] <= x) != (stop[:, 0] <= x)
    a, b = start[cut], stop[cut]
    found: Floats = a[:, 1] + (x - a[:, 0]) / (b[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
    return found


def _width(border: Floats, x: float) -> float:
    return float(np.ptp(_crossings(border, x)))


def _middle(border: Floats, x: float) -> float:
    return float(np.mean(_crossings(border, x)))


def _side(a: Point, b: Point) -> float:
    """Return the area (um2) of the side of the frustum between two points."""
    return area(np.array([(*each.xyz, 2 * each.radius) for each in (a, b)]))


def _cylinder(centre: tuple[float, float, float] | Floats, side: float) -> Floats:
    """Return the points of a cylinder along y, as long as wide, of a given side area (um2)."""
    diam = np.sqrt(side / np.pi)
    x, y, z = centre
    return np.array([(x, y - diam / 2, z, diam), (x, y + diam / 2, z, diam)])
