"""Making one tree of typed points with radii out of what a file holds.

Each step returns points and what it has to say of them; it leaves sound points as they are.
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from ca1ltd.errors import BadInput
from ca1ltd.model.reconstruction.points import (
    APICAL,
    BASAL,
    NEURITES,
    ROOT,
    SOMA,
    Point,
    Points,
    at,
    children_of,
    counted,
    descendants,
    listed,
    positions,
    roots_of,
)

#: Fork and end points in files of the first programs: no types of their own, nothing to say.
FORK_AND_END: Final = (5, 6)
#: Widest gap (um) between a neurite and the soma that it is taken to start at.
REACH: Final = 20.0
#: Largest share of points whose radius may be missing.
MISSING: Final = 0.1

Step = Callable[[Points], tuple[Points, list[str]]]


def mended(points: Points) -> tuple[Points, list[str]]:
    """Return points that are one cell, parents first, and what was mended.

    Raises
    ------
    BadInput
        If they are not one pyramidal cell.
    """
    said: list[str] = []
    steps: tuple[Step, ...] = (
        _acyclic,
        _rooted,
        _typed,
        _joined,
        _checked,
        _with_radii,
        _merged,
        _long,
    )
    for step in steps:
        points, more = step(points)
        said += more
    return points, said


def _acyclic(points: Points) -> tuple[Points, list[str]]:
    """Refuse points that do not all hang on a root."""
    children = children_of(points)
    reached = {label for root in roots_of(points) for label in descendants(root.id, children)}
    if len(reached) < len(points):
        raise BadInput(f"the points {listed(sorted(points.keys() - reached))} form a cycle.")
    return points, []


def _rooted(points: Points) -> tuple[Points, list[str]]:
    """Turn a tree that starts in a neurite round, so that it starts in the soma."""
    if not positions(points, SOMA).size:
        raise BadInput(
            "it has no soma (type 1): give the points of the cell body, or the one in which its "
            "dendrites meet, the type 1."
        )
    if any(root.type == SOMA for root in roots_of(points)):
        return points, []
    first = next(point for point in points.values() if point.type == SOMA)
    way = [first]
    while way[-1].parent != ROOT:
        way.append(points[way[-1].parent])
    turned = points | {first.id: replace(first, parent=ROOT)}
    for below, above in pairwise(way):
        turned[above.id] = replace(above, parent=below.id)
    return turned, [f"it started at {at(way[-1])}, outside the soma, and starts at the soma now"]


def _typed(points: Points) -> tuple[Points, list[str]]:
    """Give every point one of the four types: that of the neurite it lies on."""
    known = (SOMA, *NEURITES)
    strange = Counter(point.type for point in points.values() if point.type not in known)
    if not strange:
        return points, []
    children = children_of(points)
    typed: Points = {}
    for root in roots_of(points):
        for label in descendants(root.id, children):
            point = points[label]
            if point.type not in known:
                above = typed.get(point.parent)
                on_neurite = above is not None and above.type != SOMA
                kind = above.type if above and on_neurite else _first_type(label, points, children)
                point = replace(point, type=kind)
            typed[label] = point
    said = [
        f"{counted(number, 'point')} of type {kind} {'is' if number == 1 else 'are'} taken as part "
        "of the neurite that bears it"
        for kind, number in sorted(strange.items())
        if kind not in FORK_AND_END
    ]
    return {label: typed[label] for label in points}, said


def _first_type(label: int, points: Points, children: dict[int, list[int]]) -> int:
    """Return the first type of a neurite after a point at which one starts without any."""
    for below in descendants(label, children):
        if points[below].type in NEURITES:
            return points[below].type
    raise BadInput(
        f"the neurite that starts at {at(points[label])} has the type {points[label].type} "
        "throughout: give its points the type 2 (axon), 3 (basal) or 4 (apical dendrite)."
    )


def _joined(points: Points) -> tuple[Points, list[str]]:
    """Join neurites, and parts of the soma, that are trees of their own to the soma."""
    roots = roots_of(points)
    body = [point for point in points.values() if point.type == SOMA]
    first = next(root for root in roots if root.type == SOMA)
    loose = [root for root in roots if root is not first]
    joined = dict(points)
    for root in loose:
        others = [each for each in body if each is not root] if root.type == SOMA else body
        gap = min(math.dist(root.xyz, each.xyz) - max(each.radius, 0.0) for each in others)
        inside = _inside(root, body)
        if gap > REACH and not inside:
            raise BadInput(
                f"it is disconnected: the tree that starts at {at(root)} is {gap:.0f} um from the "
                f"soma (a root within {REACH:g} um is joined to it); join it to the point it "
                "continues, or delete it."
            )
        joined[root.id] = replace(root, parent=first.id)
    neurites = sum(root.type != SOMA for root in loose)
    parts = len(loose) - neurites
    said = []
    if neurites:
        said.append(f"{counted(neurites, 'root')} of a neurite joined to the soma")
    if parts:
        said.append(f"{counted(parts, 'root')} within the soma joined to the rest of it")
    return joined, said


def _inside(point: Point, body: list[Point]) -> bool:
    """Say whether a point lies in the ball around the points of a soma, an outline for instance."""
    places = np.array([each.xyz for each in body])
    centre = places.mean(axis=0)
    reach = float(np.max(np.linalg.norm(places - centre, axis=1)))
    return math.dist(point.xyz, centre) <= reach + REACH


def _checked(points: Points) -> tuple[Points, list[str]]:
    """Refuse what is one tree but no pyramidal cell, or has a soma in several places."""
    children = children_of(points)
    root = next(each for each in roots_of(points) if each.type == SOMA)
    if not positions(points, APICAL).size:
        other = "" if positions(points, BASAL).size else ", and no dendrite at all"
        raise BadInput(
            f"it has no apical dendrite (type 4){other}: give the points of the apical tree the "
            "type 4."
        )
    for point in points.values():
        if point.type == SOMA and point is not root and points[point.parent].type != SOMA:
            raise BadInput(
                f"its soma is in several places: {at(point)} hangs on a neurite and has the type 1."
            )
    return {label: points[label] for label in descendants(root.id, children)}, []


def _with_radii(points: Points) -> tuple[Points, list[str]]:
    """Give points without a radius the mean of their neighbours'."""
    bad = [label for label, point in points.items() if not _sound(point)]
    if not bad:
        return points, []
    if len(bad) > max(1.0, MISSING * len(points)):
        raise BadInput(
            f"{len(bad)} of its {len(points)} points have no radius above 0 um: measure the "
            "diameters, or give the points those of a cell like it."
        )
    children = children_of(points)
    filled = dict(points)
    for label in bad:  # parents first, so that a parent's radius is there
        near = [filled[points[label].parent]] if points[label].parent != ROOT else []
        near += [_next_sound(below, points, children) for below in children[label]]
        alike = [
            each.radius
            for each in near
            if _sound(each) and (each.type == SOMA) == (points[label].type == SOMA)
        ]
        if not alike:
            raise BadInput(f"{at(points[label])} has no radius, and no neighbour that has one.")
        filled[label] = replace(points[label], radius=sum(alike) / len(alike))
    said = f"{counted(len(bad), 'point')} without a radius above 0 um"
    many = "has the mean radius of its neighbours" if len(bad) == 1 else "have their neighbours'"
    return filled, [f"{said} {many} (id {listed(bad)})"]


def _next_sound(label: int, points: Points, children: dict[int, list[int]]) -> Point:
    """Return the first point with a radius along an unbranched way, or its last point."""
    while not _sound(points[label]) and len(children[label]) == 1:
        label = children[label][0]
    return points[label]


def _sound(point: Point) -> bool:
    return math.isfinite(point.radius) and point.radius > 0


def _merged(points: Points) -> tuple[Points, list[str]]:
    """Return the points without those that coincide with their parent."""
    kept: Points = {}
    stands_for = {ROOT: ROOT}
    for label, point in points.items():
        if stands_for[point.parent] != point.parent:
            point = replace(point, parent=stands_for[point.parent])
        above = kept.get(point.parent)
        stem = above is not None and SOMA == above.type != point.type
        stays = stem or above is None or above.xyz != point.xyz
        stands_for[label] = label if stays else point.parent
        if stays:
            kept[label] = point
    return kept, []


def _long(points: Points) -> tuple[Points, list[str]]:
    """Return the points without neurites of a single point on the soma, which have no length."""
    children = children_of(points)
    stubs = {
        label
        for label, point in points.items()
        if point.type != SOMA and points[point.parent].type == SOMA and not children[label]
    }
    if not stubs:
        return points, []
    kept = {label: point for label, point in points.items() if label not in stubs}
    verb = "is" if len(stubs) == 1 else "are"
    words = f"{counted(len(stubs), 'neurite')} of a single point {verb} left out"
    return kept, [f"{words} (id {listed(sorted(stubs))})"]
