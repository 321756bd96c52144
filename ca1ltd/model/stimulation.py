"""Extracellular stimulation: which axons a current at the tip of an electrode makes fire.

Currents are in uA here, as they are set on a stimulator.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ca1ltd.arrays import Floats, Ints
from ca1ltd.errors import BadInput
from ca1ltd.units import mm

if TYPE_CHECKING:  # the stages exchange values and do not depend on each other at run time
    from ca1ltd.model.morphology import Morphology, Pieces


#: Ratio of the distance of two tips to the sum of their reaches from which they are independent.
MARGIN: Final = 1.1

_GRID: Final = 10.0  # um, between the places that are tried


@dataclass(frozen=True, slots=True, kw_only=True)
class StimulatingElectrode:
    """A stimulating electrode.

    An axon at the distance r fires when ``I >= threshold + k r^2`` (Stoney, Thompson & Asanuma
    1968, doi 10.1152/jn.1968.31.5.659). k scales the current for a reach and changes nothing else.

    Parameters
    ----------
    name : str
        Name of the pathway it stimulates.
    tip : tuple of float
        x, y, z of the tip (um); axons run along x.
    threshold : float
        Current (uA) that excites an axon at the tip.
    k : float
        Growth of that current with the squared distance (uA/mm2).
    """

    name: str
    tip: tuple[float, float, float]
    threshold: float
    k: float

    def __post_init__(self) -> None:
        if not np.all(np.isfinite(self.tip)):
            raise BadInput(f"The tip of the {self.name} electrode has no position: {self.tip}.")
        if not (np.isfinite(self.threshold) and self.threshold >= 0):
            raise BadInput(
                f"The threshold of the {self.name} electrode must be 0 uA or above, "
                f"not {self.threshold}."
            )
        if not (np.isfinite(self.k) and self.k > 0):
            raise BadInput(
                f"The constant k of the {self.name} electrode must be above 0 uA/mm2, not {self.k}."
            )

    def thresholds(self, depth: Floats, z: Floats) -> Floats:
        """Return the current (uA) from which each axon fires, shape ``(n,)``; y and z in um."""
        r = np.hypot(depth - self.tip[1], z - self.tip[2])
        return self.threshold + self.k * (r / mm) ** 2

    def recruited(self, depth: Floats, z: Floats, current: float) -> Ints:
        """Return the indices of the axons that a current (uA) makes fire, in ascending order."""
        return np.flatnonzero(self.thresholds(depth, z) <= current)

    def reach(self, current: float) -> float:
        """Return the distance (um) to which a current (uA) makes axons fire, 0 if too weak."""
        return float(np.sqrt(max(current - self.threshold, 0.0) / self.k)) * mm

    def current_for(self, n: int, depth: Floats, z: Floats) -> float:
        """Return the current (uA) that makes the nearest ``n`` axons fire.

        It lies midway between the thresholds of the last axon that fires and of the next one, so
        that rounding the current does not change the set.

        Parameters
        ----------
        n : int
            Number of axons, at least 1.
        depth, z : ndarray
            y and z of all axons (um), shape ``(n_axons,)``.

        Returns
        -------
        float
            Current (uA). Axons at the same distance as the last one fire too.

        Raises
        ------
        BadInput
            If there are fewer than ``n`` axons.
        """
        if n < 1:
            raise BadInput(f"An electrode must recruit at least 1 axon, not {n}.")
        if n > len(depth):
            raise BadInput(
                f"The {self.name} electrode cannot recruit {n} axons; this cell has {len(depth)}."
            )
        ladder = np.sort(self.thresholds(depth, z))
        following = ladder[n] if n < len(ladder) else ladder[-1] + 2.0  # 1 uA above the last axon
        return float(ladder[n - 1] + following) / 2


def default_tips(
    morphology: "Morphology",
    *,
    beyond: float,
    distance: float,
    depths: tuple[float, float],
    radius: float,
    separation: float,
    threshold: float,
    k: float,
) -> tuple[StimulatingElectrode, StimulatingElectrode]:
    """Electrodes ``conditioned`` and ``control``, placed where this cell has dendrite in radiatum.

    An experimenter moves the electrodes until both pathways give a good EPSP. Here the length of
    radiatum dendrite in a disc around the tip is computed on a grid of 10 um in the depth-z plane
    and the pair is taken whose poorer disc is richest. The tip nearer
    to the soma is the conditioned one.

    Parameters
    ----------
    morphology : Morphology
        The cell.
    beyond : float
        Path distance (um) from the soma below which dendrite does not count, as it has no spines.
    distance : float
        Distance (um) of the tips from the soma along the axons, towards CA3 (-x).
    depths : tuple of float
        Least and greatest depth (um) below the soma.
    radius : float
        Radius of the disc (um).
    separation : float
        Least distance of the tips in the depth-z plane (um).
    threshold, k : float
        As of `StimulatingElectrode`.

    Returns
    -------
    tuple of StimulatingElectrode
        The conditioned and the control electrode.

    Raises
    ------
    BadInput
        If the cell has too little dendrite for two electrodes, or the depths are in disorder.
    """
    if not depths[0] <= depths[1]:
        raise BadInput(
            f"tips cannot stand from {depths[0]:g} to {depths[1]:g} um below the soma: "
            "electrodes.tip_depth_from must not exceed electrodes.tip_depth_to"
        )
    pieces = morphology.pieces("radiatum", beyond=beyond)
    soma = morphology.soma_position
    grid = _grid(pieces, soma, depths)
    content = _dendrite_near(grid, pieces, radius)
    apart = np.linalg.norm(grid[:, None] - grid[None], axis=2) >= separation - 1e-6
    poorer = np.where(apart, np.minimum(content[:, None], content[None]), 0.0)
    if not np.any(poorer > 0):
        raise BadInput(
            f"The cell {morphology.name} has no radiatum dendrite at two places {separation:g} um "
            "apart, so two electrodes cannot be placed."
        )
    best = np.unravel_index(np.argmax(poorer), poorer.shape)
    near, far = sorted((float(y), float(z)) for y, z in grid[list(best)])
    x = float(soma[0]) - distance
    return (
        StimulatingElectrode(name="conditioned", tip=(x, *near), threshold=threshold, k=k),
        StimulatingElectrode(name="control", tip=(x, *far), threshold=threshold, k=k),
    )


def _grid(pieces: "Pieces", soma: Floats, depths: tuple[float, float]) -> Floats:
    """Return the positions (y, z) tried for a tip (um), across the width of the cell."""
    y = soma[1] + np.arange(depths[0], depths[1] + _GRID / 2, _GRID)
    steps = np.ceil(np.max(np.abs(pieces.start[:, 2] - soma[2]), initial=0.0) / _GRID)
    z = soma[2] + _GRID * np.arange(-steps, steps + 1)
    return np.stack(np.meshgrid(y, z, indexing="ij"), axis=-1).reshape(-1, 2)


def _dendrite_near(grid: Floats, pieces: "Pieces", radius: float) -> Floats:
    """Return the length (um) of the pieces whose middle is within a radius of each grid position.

    Rounded to 1 nm, so that the order of a sum does not decide between equal positions.
    """
    middle = (pieces.start[:, 1:] + pieces.stop[:, 1:]) / 2
    dy, dz = (np.subtract.outer(*each) for each in zip(grid.T, middle.T, strict=True))
    inside = dy**2 + dz**2 <= radius**2
    content: Floats = np.round(inside @ pieces.length, 3)
    return content


def assert_independent(
    first: StimulatingElectrode,
    second: StimulatingElectrode,
    currents: tuple[float, float],
    depth: Floats,
    z: Floats,
) -> None:
    """Raise BadInput unless two electrodes stimulate separate axons, with room to spare.

    Parameters
    ----------
    first, second : StimulatingElectrode
        The electrodes.
    currents : tuple of float
        Their currents (uA).
    depth, z : ndarray
        y and z of all axons (um), shape ``(n,)``.

    Raises
    ------
    BadInput
        If the tips are not further apart than 1.1 times the sum of their reaches, beyond which no
        axon can fire to both.
    """
    one, other = currents
    shared = np.intersect1d(first.recruited(depth, z, one), second.recruited(depth, z, other))
    distance = float(np.hypot(first.tip[1] - second.tip[1], first.tip[2] - second.tip[2]))
    needed = MARGIN * (first.reach(one) + second.reach(other))
    if distance <= needed:  # otherwise the discs are apart and no axon can be in both
        raise BadInput(
            f"The {first.name} electrode at {one:.1f} uA and the {second.name} electrode at "
            f"{other:.1f} uA are {distance:.0f} um apart and must be more than {needed:.0f} um "
            f"apart to be independent ({len(shared)} axons fire to both); use fewer "
            "synapses or weaker pulses."
        )
