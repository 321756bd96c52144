"""The extracellular potential that membrane currents make at a field electrode.

A field electrode sees the cells around it together, and the pulse reaches them all alike. They are
taken as copies of the one cell that is modelled, set evenly over the layer around the tip; what is
told is the share of one cell, that is, the mean over where it stands. Of a single cell an electrode
would see the few synapses nearest to it, and little else.

The tissue is taken as an endless, homogeneous, ohmic volume conductor, and the membrane current of
a stretch of dendrite as spread evenly along its middle line (the line-source method, Holt & Koch
1999, doi 10.1023/A:1008832702585).
"""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ca1ltd.arrays import Floats
from ca1ltd.errors import BadInput
from ca1ltd.model.parameters import default

if TYPE_CHECKING:  # the stages exchange values and do not depend on each other at run time
    from ca1ltd.model.morphology import Morphology


#: Places where a cell stands around the tip; five times as many change the potential by .5 %.
PLACES: Final = 200


def line_source_potential(
    start: Floats,
    stop: Floats,
    radius: Floats,
    tip: npt.ArrayLike,
    *,
    conductivity: float,
) -> Floats:
    """Return the potential (mV) at a point for 1 nA out of each of some straight lines.

    With s the position along a line of length L, counted from the foot of the perpendicular from
    the point, and r the length of that perpendicular::

        phi = I / (4 pi sigma L) integral ds / sqrt(s^2 + r^2)
            = I / (4 pi sigma L) (arsinh(s_stop / r) - arsinh(s_start / r))

    No point is nearer to the middle line than the membrane: r is at least the radius.

    Parameters
    ----------
    start, stop : ndarray
        Ends of the lines (um), shape ``(n, 3)``.
    radius : ndarray
        Radii (um), shape ``(n,)``.
    tip : array_like
        The point (um), shape ``(3,)``.
    conductivity : float
        Conductivity of the tissue (S/m).

    Returns
    -------
    ndarray
        Potential per current (mV/nA), shape ``(n,)``.
    """
    along = stop - start
    length = np.linalg.norm(along, axis=1)
    away = start - np.asarray(tip)
    first = np.einsum("ij,ij->i", away, along) / length
    squared = np.einsum("ij,ij->i", away, away) - first**2
    r = np.sqrt(np.maximum(squared, radius**2))
    integral = np.arcsinh((first + length) / r) - np.arcsinh(first / r)
    potential: Floats = integral / (4 * np.pi * conductivity * length)  # nA / (S/m um) is mV
    return potential


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldElectrode:
    """An extracellular recording electrode, small enough to be a point, and the cells it sees.

    Parameters
    ----------
    tip : tuple of float
        x, y, z of the tip (um).
    conductivity : float
        Conductivity of the tissue (S/m); by default that of the model.
    reach : float
        Distance (um) from the tip, along the layer, within which like cells stand; 0 for this cell
        alone where it is. By default that of the model.

    Raises
    ------
    BadInput
        If the tip has no position, the tissue does not conduct or the reach is negative.
    """

    tip: tuple[float, float, float]
    conductivity: float = field(default_factory=partial(default, "field.conductivity"))
    reach: float = field(default_factory=partial(default, "field.reach"))

    def __post_init__(self) -> None:
        if not _is_position(self.tip):
            raise BadInput(
                f"The tip of the field electrode needs a position x, y, z in um, not {self.tip}."
            )
        if not (np.isfinite(self.conductivity) and self.conductivity > 0):
            raise BadInput(
                f"The conductivity of the tissue must be above 0 S/m, not {self.conductivity}."
            )
        if not (np.isfinite(self.reach) and self.reach >= 0):
            raise BadInput(
                f"The reach of the field electrode must be 0 um or above, not {self.reach}."
            )

    def potential(self, start: Floats, stop: Floats, radius: Floats) -> Floats:
        """Return the potential (mV) at the tip for 1 nA out of each of some lines of the cell.

        The mean over cells on a sunflower's spiral, which covers the disc evenly (Vogel 1979, doi
        10.1016/0025-5564(79)90080-4). Parameters and shapes are those of `line_source_potential`.
        """
        k = np.arange(PLACES if self.reach else 1)
        r, angle = self.reach * np.sqrt((k + 0.5) / len(k)), k * np.pi * (3 - np.sqrt(5))
        away = np.column_stack((r * np.cos(angle), np.zeros(len(k)), r * np.sin(angle)))
        seen = [
            line_source_potential(start, stop, radius, tip, conductivity=self.conductivity)
            for tip in self.tip + away
        ]
        mean: Floats = np.mean(seen, axis=0)
        return mean


def _is_position(tip: object) -> bool:
    try:
        place = np.asarray(tip, dtype=float)
    except (TypeError, ValueError):
        return False
    return place.shape == (3,) and bool(np.isfinite(place).all())


def default_field_electrode(
    morphology: "Morphology", depth: float, *, beside: float, conductivity: float, reach: float
) -> FieldElectrode:
    """Return the field electrode beside the apical trunk at a depth, away from CA3.

    Parameters
    ----------
    morphology : Morphology
        The cell.
    depth : float
        y of the tip (um), between the depths of the stimulating electrodes: there the synapses of
        both pathways make a negative wave.
    beside : float
        Distance (um) of the tip from the trunk, along the axons.
    conductivity, reach : float
        As of `FieldElectrode`.

    Raises
    ------
    BadInput
        If the cell has no apical dendrite.
    """
    trunk = [morphology.sections[k].points[:, :3] for k in morphology.trunk()]
    if not trunk:
        raise BadInput(
            f"The cell {morphology.name} has no apical dendrite to put a field electrode beside."
        )
    points = np.concatenate(trunk)
    x, _, z = points[np.argmin(np.abs(points[:, 1] - depth))]
    tip = float(x) + beside, depth, float(z)
    return FieldElectrode(tip=tip, conductivity=conductivity, reach=reach)
