"""The points of a traced cell and the tree that they make."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ca1ltd.arrays import Floats

#: Types of points that are parts of a cell.
SOMA, AXON, BASAL, APICAL = 1, 2, 3, 4
DENDRITES: Final = (BASAL, APICAL)
NEURITES: Final = (AXON, BASAL, APICAL)

ROOT: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of a cell; coordinates and radius in um, ``parent`` the id of another point or -1."""

    id: int
    type: int
    xyz: tuple[float, float, float]
    radius: float
    parent: int


Points = dict[int, Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconstruction:
    """A cell as read.

    Attributes
    ----------
    points : dict of int to Point
        Points by id: one tree, parents before their children.
    mended : tuple of str
        What was no sound reconstruction in the file, and what was made of it.
    remarks : tuple of str
        How it was turned, and what is implausible in it.
    """

    points: Points
    mended: tuple[str, ...] = field(default=())
    remarks: tuple[str, ...] = field(default=())


def children_of(points: Points) -> dict[int, list[int]]:
    """Return the ids of the children of each point, sorted."""
    children: dict[int, list[int]] = {label: [] for label in points}
    for point in sorted(points.values(), key=lambda each: each.id):
        if point.parent != ROOT:
            children[point.parent].append(point.id)
    return children


def descendants(root: int, children: dict[int, list[int]]) -> Iterator[int]:
    """Yield the point and all points after it, parents first, in the order of the ids."""
    waiting = [root]
    while waiting:
        label = waiting.pop()
        yield label
        waiting.extend(reversed(children[label]))


def roots_of(points: Points) -> list[Point]:
    """Return the points without a parent."""
    return [point for point in points.values() if point.parent == ROOT]


def positions(points: Points, *types: int) -> Floats:
    """Return the positions (um) of the points of some types, shape ``(n, 3)``."""
    found = [point.xyz for point in points.values() if point.type in types]
    return np.array(found, dtype=float).reshape(-1, 3)


def distance(a: Point, b: Point) -> float:
    """Return the distance (um) of two points."""
    return math.dist(a.xyz, b.xyz)


def at(point: Point) -> str:
    """Return where a point is, in words."""
    x, y, z = point.xyz
    return f"the point {point.id} at ({x:.1f}, {y:.1f}, {z:.1f})"


def listed(labels: list[int]) -> str:
    """Return ids in words, the first three of many."""
    return ", ".join(str(label) for label in labels[:3]) + (", ..." if len(labels) > 3 else "")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
