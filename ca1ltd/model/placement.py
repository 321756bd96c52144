"""Where on the cell the modelled synapses sit, and how strong their AMPA component is there."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ca1ltd.arrays import Floats, Ints
from ca1ltd.errors import BadInput

if TYPE_CHECKING:  # the stages exchange values and do not depend on each other at run time
    from ca1ltd.model.morphology import Domain, Morphology, Pieces


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sites:
    """Places of synapses, sorted by section and along it.

    Parameters
    ----------
    section : ndarray
        Index of the section in the morphology, shape ``(n,)``.
    x : ndarray
        Fraction of the section's length, shape ``(n,)``.
    position : ndarray
        x, y, z of the dendrite's axis there (um), shape ``(n, 3)``.
    path_distance : ndarray
        Distance (um) along the cell from the middle of the soma, shape ``(n,)``.
    """

    section: Ints
    x: Floats
    position: Floats
    path_distance: Floats

    def __post_init__(self) -> None:
        for each in fields(self):
            getattr(self, each.name).setflags(write=False)

    def __len__(self) -> int:
        return len(self.section)


def place_spines(
    morphology: "Morphology",
    rng: np.random.Generator,
    *,
    density: float,
    fraction: float,
    beyond: float,
    domain: "Domain" = "radiatum",
) -> Sites:
    """Return the sites of spines on modelled axons, a Poisson process along the dendrites.

    Spines of the given density of which every one is kept with the same probability are a Poisson
    process of density times fraction: the number of sites is Poisson distributed and they are
    uniform along the dendrites.

    Parameters
    ----------
    morphology : Morphology
        The cell.
    rng : Generator
        Source of the sites; the same generator state gives the same sites bit for bit.
    density : float
        Spines per um of dendrite, above 0.
    fraction : float
        Fraction of them that belongs to modelled axons, above 0 and at most 1.
    beyond : float
        Path distance (um) from the soma within which there are no spines.
    domain : str
        Domain of the cell, ``radiatum`` for Schaffer collaterals.

    Returns
    -------
    Sites
        Sites sorted by section and along it.

    Raises
    ------
    BadInput
        If a value is out of range or the cell has no dendrite in that domain.
    """
    if not (np.isfinite(density) and density > 0):
        raise BadInput(f"The spine density must be above 0 per um, not {density}.")
    if not 0 < fraction <= 1:
        raise BadInput(
            f"The fraction of modelled spines must be above 0 and at most 1: {fraction}."
        )
    pieces = morphology.pieces(domain, beyond=beyond)
    ends = np.cumsum(pieces.length)
    if not len(ends):
        raise BadInput(f"The cell {morphology.name} has no dendrite in {domain} for synapses.")
    count = rng.poisson(density * fraction * ends[-1])
    return _sites_at(pieces, ends, np.sort(rng.uniform(0.0, ends[-1], count)))


def _sites_at(pieces: "Pieces", ends: Floats, along: Floats) -> Sites:
    """Return the sites at distances (um) along the pieces laid end to end, ending at ``ends``."""
    piece = np.searchsorted(ends, along, side="right")
    length = pieces.length[piece]
    within = along - (ends[piece] - length)
    step = (pieces.stop - pieces.start)[piece]
    return Sites(
        section=pieces.section[piece],
        x=np.clip((pieces.arc[piece] + within) / pieces.section_length[piece], 0.0, 1.0),
        position=pieces.start[piece] + (within / length)[:, None] * step,
        path_distance=pieces.path_distance[piece] + within,
    )


def ampar_scale(path_distance: npt.ArrayLike, *, near: float, far: float, factor: float) -> Floats:
    """Return the factor by which AMPA conductance grows with distance from the soma.

    It is 1 up to ``near``, rises linearly and stays at ``factor`` from ``far`` on. AMPA currents
    of dendritic patches double between 100 and 250 um while NMDA currents stay the same
    (Andrasfalvy & Magee 2001, doi 10.1523/JNEUROSCI.21-23-09151.2001), which makes the somatic EPSP
    nearly independent of location (Magee & Cook 2000, doi 10.1038/78800).

    Parameters
    ----------
    path_distance : array_like
        Distance (um) along the cell from the middle of the soma, shape ``(n,)``.
    near, far : float
        Distances (um) between which the factor grows.
    factor : float
        Factor from ``far`` on.

    Returns
    -------
    ndarray
        Factors, shape ``(n,)``.

    Raises
    ------
    BadInput
        If it would grow backwards.
    """
    if not near < far:
        raise BadInput(
            f"AMPA conductance cannot grow from {near:g} to {far:g} um: placement.ampar_near must "
            "lie below placement.ampar_far"
        )
    scale: Floats = np.interp(np.asarray(path_distance, dtype=float), [near, far], [1.0, factor])
    return scale
