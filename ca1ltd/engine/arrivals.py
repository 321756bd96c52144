"""When spikes arrive: on a grid that the steps of the integrators meet."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ca1ltd.arrays import Floats
from ca1ltd.units import ms

#: Spikes arrive at boutons on this grid after the pulse, so that they meet the steps of the
#: integrator; CVODE is restarted once by all that come together. It is finer than the jitter.
ARRIVAL_GRID: Final = 0.25 * ms
#: Arrivals come this much after the grid point (ms), so that no rounding error of the time decides
#: whether they belong to the step before it or after it.
_HAIR: Final = 1e-6 * ms
#: Times that differ by no more are one: less than that, and more than the rounding errors of the
#: time, which are 1.5e-8 ms after 24 hours, the longest run.
MOMENT: Final = 1e-7 * ms


class Arrivals(NamedTuple):
    """When the spikes of a pulse arrive (ms)."""

    first: float
    """The point of the grid that comes before the first; the time of the pulse if none does."""
    last: float

    @classmethod
    def of(cls, pulse: float, arrivals: Floats) -> "Arrivals":
        """Return when the first and the last arrive of a pulse given at a time (ms)."""
        if not arrivals.size:
            return cls(pulse, pulse)
        return cls(float(arrivals.min()) - _HAIR, float(arrivals.max()))

    def together(self, other: "Arrivals") -> "Arrivals":
        """Return when the spikes of this and of another pulse arrive."""
        return Arrivals(min(self.first, other.first), max(self.last, other.last))


def on_grid(delays: npt.ArrayLike) -> Floats:
    """Return delays from a pulse (ms), each moved to the next point of the grid."""
    moved: Floats = np.ceil(np.asarray(delays) / ARRIVAL_GRID) * ARRIVAL_GRID + _HAIR
    return moved
