"""Dendrites that carry the axon: half of the pyramidal cells of CA1 have one.

The axon leaves such a dendrite, and not the soma (Thome et al. 2014, doi
10.1016/j.neuron.2014.08.013). Some tracers draw what they share as an axon, from which then a
dendrite leaves. It is dendrite: it is as thick, and bears it.
"""

from dataclasses import replace

from ca1ltd.model.reconstruction.points import AXON, DENDRITES, Points, counted


def with_carrying_dendrites(points: Points) -> tuple[Points, str | None]:
    """Return points in which no dendrite hangs on an axon, and what was done, if anything.

    Parameters
    ----------
    points : dict of int to Point
        Points of a cell by id, parents before their children.
    """
    changed = dict(points)
    shared = 0
    for point in points.values():
        if point.type not in DENDRITES:
            continue
        above = point.parent
        while above in changed and changed[above].type == AXON:
            changed[above] = replace(changed[above], type=point.type)
            shared += 1
            above = changed[above].parent
    if not shared:
        return points, None
    return changed, (
        f"{counted(shared, 'point')} of axon on the way to a dendrite taken as dendrite, which "
        "carries the axon"
    )
