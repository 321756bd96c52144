"""The points of a cell in an SWC file, checked.

The format is that of Cannon et al. 1998 (doi 10.1016/S0165-0270(98)00091-0): one point a row,
``id type x y z radius parent`` in um, types 1 soma, 2 axon, 3 basal and 4 apical dendrite.
Every `BadInput` says in one clause what is wrong; the caller names the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from ca1ltd.errors import BadInput

#: Widest extent of the soma and dendrites (um) for which coordinates can be in um.
EXTENT_RANGE: Final = (100.0, 3000.0)

#: Types of points.
SOMA, AXON, BASAL, APICAL = 1, 2, 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One row of an SWC file; ``parent`` is the id of another point or -1."""

    id: int
    type: int
    xyz: tuple[float, float, float]
    radius: float
    parent: int


def read_points(path: Path) -> dict[int, Point]:
    """Return the points by id: one tree that is a pyramidal cell, no point on its parent.

    Parameters
    ----------
    path : Path
        SWC file, coordinates in um, apical dendrite towards +y.

    Returns
    -------
    dict of int to Point
        Points, parents before their children.

    Raises
    ------
    BadInput
        If the file cannot be read or is not one connected pyramidal cell in um.
    """
    points = _parse(_lines(path))
    children = tree(points)
    _check_cell(points)
    return _merged(points, children)


def _lines(path: Path) -> list[str]:
    """Return the lines of a file whose comments may be in any encoding."""
    try:
        return [line.decode("latin-1") for line in path.read_bytes().splitlines()]
    except OSError as error:
        raise BadInput(f"it cannot be read ({error.strerror}).") from None


def _parse(lines: list[str]) -> dict[int, Point]:
    """Return the points by id, in the order of the file."""
    points: dict[int, Point] = {}
    for number, line in enumerate(lines, start=1):
        row = line.partition("#")[0].split()
        if not row:
            continue
        point = _point(row, number)
        if point.id in points:
            raise BadInput(f"line {number} repeats the id {point.id}.")
        points[point.id] = point
    if not points:
        raise BadInput("it has no points.")
    return points


def _point(row: list[str], number: int) -> Point:
    try:
        label, kind, x, y, z, radius, parent = (float(word) for word in row)
        point = Point(
            id=_whole(label), type=_whole(kind), xyz=(x, y, z), radius=radius, parent=_whole(parent)
        )
        if point.id < 0:
            raise ValueError(point.id)
    except (ValueError, OverflowError):
        raise BadInput(
            f"line {number} must hold seven numbers (id, type, x, y, z, radius, parent; id, type "
            f"and parent whole, id 0 or above), not '{' '.join(row)[:60]}'."
        ) from None
    if not np.all(np.isfinite([*point.xyz, point.radius])):
        raise BadInput(f"line {number} (id {point.id}) has a coordinate or radius without value.")
    if point.radius <= 0:
        raise BadInput(
            f"line {number} (id {point.id}) has the radius {point.radius:g} um; it must be above 0."
        )
    if point.type not in (SOMA, AXON, BASAL, APICAL):
        raise BadInput(
            f"line {number} (id {point.id}) has the type {point.type}; the types are 1 soma, "
            "2 axon, 3 basal and 4 apical dendrite."
        )
    return point


def _whole(value: float) -> int:
    if value != int(value):
        raise ValueError(value)
    return int(value)


def tree(points: dict[int, Point]) -> dict[int, list[int]]:
    """Return the children of each point, sorted by id, or refuse points that are not one tree."""
    children: dict[int, list[int]] = {label: [] for label in points}
    roots = []
    for point in sorted(points.values(), key=lambda p: p.id):
        if point.parent == -1:
            roots.append(point.id)
        elif point.parent in points:
            children[point.parent].append(point.id)
        else:
            raise BadInput(f"the parent {point.parent} of the point {point.id} is missing.")
    if len(roots) > 1:
        raise BadInput(
            f"it has {len(roots)} roots (ids {_listed(roots)}), so it is disconnected; "
            "one cell has one root."
        )
    reached = set(descendants(roots[0], children)) if roots else set()
    if len(reached) < len(points):
        raise BadInput(f"the points {_listed(sorted(points.keys() - reached))} form a cycle.")
    return children


def descendants(root: int, children: dict[int, list[int]]) -> Iterator[int]:
    """Yield the point and all points after it, parents first, in the order of the ids."""
    waiting = [root]
    while waiting:
        label = waiting.pop()
        yield label
        waiting.extend(reversed(children[label]))


def _listed(labels: list[int]) -> str:
    return ", ".join(str(label) for label in labels[:3]) + (", ..." if len(labels) > 3 else "")


def _check_cell(points: dict[int, Point]) -> None:
    """Refuse a tree that is not a pyramidal cell in um with its apical dendrite towards +y."""
    by_type = {t: [p for p in points.values() if p.type == t] for t in (SOMA, APICAL)}
    if not by_type[SOMA]:
        raise BadInput("it has no soma (type 1).")
    if not by_type[APICAL]:
        raise BadInput("it has no apical dendrite (type 4).")
    root = root_of(points)
    if root.type != SOMA:
        raise BadInput(f"its root (id {root.id}) must be in the soma, not of type {root.type}.")
    for point in by_type[SOMA]:
        if point is not root and points[point.parent].type != SOMA:
            raise BadInput(f"its soma is disconnected: {point.id} hangs on a neurite.")
    body = np.array([p.xyz for p in points.values() if p.type != AXON])
    extent = float(np.max(np.ptp(body, axis=0)))
    if not EXTENT_RANGE[0] <= extent <= EXTENT_RANGE[1]:
        raise BadInput(
            f"its dendrites span {extent:.6g} um, and a pyramidal cell spans "
            f"{EXTENT_RANGE[0]:g} to {EXTENT_RANGE[1]:g} um; are the coordinates in um?"
        )
    centre = np.mean([p.xyz for p in by_type[SOMA]], axis=0)
    axis = np.mean([p.xyz for p in by_type[APICAL]], axis=0) - centre
    if axis[1] < np.linalg.norm(axis) * np.cos(np.pi / 4):
        raise BadInput(
            "its apical dendrite must point towards +y within 45 degrees, but points towards "
            f"({axis[0]:.0f}, {axis[1]:.0f}, {axis[2]:.0f}); rotate the coordinates."
        )


def _merged(points: dict[int, Point], children: dict[int, list[int]]) -> dict[int, Point]:
    """Return the points without those that coincide with their parent."""
    kept: dict[int, Point] = {}
    stands_for = {-1: -1}
    for label in descendants(root_of(points).id, children):
        point = replace(points[label], parent=stands_for[points[label].parent])
        above = kept.get(point.parent)
        stem = above is not None and SOMA == above.type != point.type
        stays = stem or above is None or above.xyz != point.xyz
        stands_for[label] = label if stays else point.parent
        if stays:
            kept[label] = point
    return kept


def root_of(points: dict[int, Point]) -> Point:
    """Return the point without a parent."""
    return next(p for p in points.values() if p.parent == -1)
