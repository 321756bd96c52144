"""What drives a rule of plasticity: calcium, potential and releases of spines through a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from ca1ltd.arrays import Floats, Ints
from ca1ltd.units import ms

REST: Final = 0.06
"""Calcium (uM) where none is recorded."""
QUIET: Final = 0.08
"""Calcium (uM) below this is at rest."""
STILL: Final = 0.5
"""A potential rests while it moves by less (mV)."""
CALCIUM_SAMPLE: Final = 5 * ms
POTENTIAL_SAMPLE: Final = 1 * ms
FEEDBACK: Final = 0.13
"""Calcium of an event goes with the AMPA conductance to this power.

Measured on the cell with AMPA conductance x .7 and x 1.4: AMPA receptors depolarise the spine.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretches:
    """The stretches of a record in which something moved.

    Attributes
    ----------
    starts : ndarray
        When each begins (ms), ascending, shape ``(n_stretches,)``.
    lengths : ndarray
        Of each, in samples, shape ``(n_stretches,)``.
    values : ndarray
        Means over samples, all stretches in turn, shape ``(n_samples, n_spines)``; of half
        precision.
    """

    starts: Floats
    lengths: Ints
    values: np.ndarray[tuple[int, int], np.dtype[np.float16]]

    def __post_init__(self) -> None:
        if self.starts.shape != self.lengths.shape or self.lengths.sum() != len(self.values):
            raise ValueError("its stretches are not as long as they say")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drive:
    """What drives some spines of a pathway through a run.

    Attributes
    ----------
    axons : ndarray
        Their axons, shape ``(n_spines,)``.
    calcium : Stretches
        Calcium (uM) every `CALCIUM_SAMPLE`, where that of any spine is above `QUIET`, as it would
        be with the AMPA conductance of rest (`FEEDBACK`).
    potential : Stretches
        Potential of the heads (mV) every `POTENTIAL_SAMPLE`, where that of any has moved by more
        than `STILL`; between stretches it keeps the last values.
    resting : ndarray
        Potential at first (mV), shape ``(n_spines,)``.
    releases : ndarray
        When a bouton released (ms), ascending, shape ``(n_releases,)``.
    released : ndarray
        Position of the spine of each release among the axons, shape ``(n_releases,)``.
    """

    axons: Ints
    calcium: Stretches
    potential: Stretches
    resting: Floats
    releases: Floats
    released: Ints


Drives = Mapping[str, Drive]
"""Drives by the name of the pathway."""
