"""Schaffer collaterals: axons along the pyramidal layer with one bouton each.

An axon runs along x and wanders on its way from the electrodes: at their x its depth (y) and z
differ from those of the spine it contacts by a normally distributed distance. Without it the axons
near a tip would all contact the same stretch of dendrite, dozens on one branch, and branch spikes
would follow every pulse. A few axons make two synapses on the same cell (Sorra & Harris 1993,
doi 10.1523/JNEUROSCI.13-09-03736.1993); here none does.
"""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.errors import BadInput

if TYPE_CHECKING:  # the stages exchange values and do not depend on each other at run time
    from ca1ltd.model.placement import Sites


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Afferents:
    """Axons in the order of the sites they contact.

    Parameters
    ----------
    depth : ndarray
        y of the axon at the electrodes (um), shape ``(n,)``.
    z : ndarray
        z of the axon at the electrodes (um), shape ``(n,)``.
    contact_x : ndarray
        x of its bouton (um), shape ``(n,)``.
    """

    depth: Floats
    z: Floats
    contact_x: Floats

    def __post_init__(self) -> None:
        for each in fields(self):
            getattr(self, each.name).setflags(write=False)

    def __len__(self) -> int:
        return len(self.depth)


def afferents_of(sites: "Sites", rng: np.random.Generator, *, wander: float) -> Afferents:
    """Return the axons of the sites, one each and in the same order.

    Parameters
    ----------
    sites : Sites
        Where the axons make their synapses.
    rng : Generator
        Source of the wandering.
    wander : float
        Standard deviation (um), in y and in z, of the distance between an axon at the electrodes
        and at its synapse.
    """
    x, y, z = sites.position.T.copy()
    off = rng.normal(0.0, wander, size=(2, len(x))) if wander else np.zeros((2, len(x)))
    return Afferents(depth=y + off[0], z=z + off[1], contact_x=x)


def conduction_delays(
    afferents: Afferents,
    tip: tuple[float, float, float],
    *,
    velocity: float,
) -> Floats:
    """Return the time from the stimulus to the arrival of the spike at each bouton.

    The spike starts where the axon passes the tip and travels along x.

    Parameters
    ----------
    afferents : Afferents
        The axons.
    tip : tuple of float
        x, y, z of the electrode's tip (um).
    velocity : float
        Conduction velocity (um/ms), above 0.

    Returns
    -------
    ndarray
        Delays (ms), shape ``(n,)``.

    Raises
    ------
    BadInput
        If the velocity is not above 0.
    """
    if not (np.isfinite(velocity) and velocity > 0):
        raise BadInput(f"The conduction velocity must be above 0 um/ms, not {velocity}.")
    return np.abs(afferents.contact_x - tip[0]) / velocity


def jitter(rng: np.random.Generator, n: int, sd: float) -> Floats:
    """Return random delays, never negative, with a given standard deviation.

    They follow a gamma distribution of shape 4, skewed to late arrivals like synaptic latencies;
    their mean is twice the standard deviation.

    Parameters
    ----------
    rng : Generator
        Source of the delays.
    n : int
        Number of delays.
    sd : float
        Standard deviation (ms), 0 or above.

    Returns
    -------
    ndarray
        Delays (ms), shape ``(n,)``.

    Raises
    ------
    BadInput
        If the standard deviation is negative.
    """
    if not (np.isfinite(sd) and sd >= 0):
        raise BadInput(f"The jitter must be 0 ms or above, not {sd}.")
    return rng.gamma(4.0, sd / 2.0, n)
