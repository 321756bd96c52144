"""How large the error of the steps is: measured during the run, on copies of the state.

Some pulses are simulated twice more before the run goes on, with the steps of the run and with
steps of half their length. Both leave no trace. The strategy is of second order, so the difference
of the two is three quarters of the error of the longer steps. By it the steps at the pulses of that
kind become shorter or longer, so that their error is about `AIM`.

What is compared is what matters: the EPSP where it can be measured, the peaks of calcium, the
calcineurin that is activated, and the time of a spike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ca1ltd.arrays import Bools, Floats
from ca1ltd.recording import LEAST, Audit
from ca1ltd.units import ms

#: Audits of a run, spread over its test pulses and its induction pulses alike.
AUDITS: Final = 8
#: How long a pulse is followed, if no other comes before: calcium and EPSP are over by then.
FOLLOWED: Final = 150 * ms
#: An error of 1 % is not to escape: beyond this one the steps become shorter, and below that one
#: longer, ...
MOST_ERROR: Final = 0.007
LEAST_ERROR: Final = 0.0015
#: ... so that the error will be this one, ...
AIM: Final = 0.0035
#: ... but at once by no more than these factors, and never longer than the strategy's own.
MOST_SHORTER: Final = 4.0
MOST_LONGER: Final = 1.5
#: A spine whose calcium (uM) comes beyond this has received a quantum, or a spike reached it.
RELEASED: Final = 0.2
#: Where an EPSP ends and a spike begins (mV).
THRESHOLD: Final = -40.0
#: Errors of an amplitude (mV) or of activated calcineurin (1) smaller than these are of these.
LEAST_AMPLITUDE: Final = 1.0
LEAST_CALCINEURIN: Final = 1e-3
#: Of differences that fall with the square of the step: error of the longer steps.
_ERROR_OF_DIFFERENCE: Final = 4 / 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What a pulse did.

    Parameters
    ----------
    times, potential : ndarray
        Of the soma (ms, mV).
    peaks : ndarray
        Of the calcium of each spine (uM), shape ``(n_spines,)``.
    past : ndarray of bool
        Whether they are past: where calcium still rises, it has had none.
    calcineurin : ndarray
        Activated in each spine, gains without losses, as a fraction of it.
    """

    times: Floats
    potential: Floats
    peaks: Floats
    past: Bools
    calcineurin: Floats

    @property
    def fired(self) -> bool:
        """Whether the cell did."""
        return bool(self.potential.max() > THRESHOLD)

    @property
    def spike(self) -> float:
        """When the first spike began (ms), to a part of a sample; the end if none did."""
        above = np.flatnonzero(self.potential > THRESHOLD)
        if not above.size or above[0] == 0:
            return float(self.times[-1 if not above.size else 0])
        k = slice(above[0] - 1, above[0] + 1)
        return float(np.interp(THRESHOLD, self.potential[k], self.times[k]))

    @property
    def amplitude(self) -> float | None:
        """EPSP amplitude (mV); None where the cell fired or the pulse is cut off too early."""
        if self.fired or self.times[-1] - self.times[0] < LEAST:
            return None
        return float(self.potential.max() - self.potential[0])


def audited(kinds: list[str]) -> frozenset[int]:
    """Return the numbers of the pulses to audit, of pulses of these kinds."""
    chosen: set[int] = set()
    for kind in dict.fromkeys(kinds):
        numbers = [k for k, other in enumerate(kinds) if other == kind]
        count = min(AUDITS // len(set(kinds)), len(numbers))
        chosen |= {numbers[int((k + 0.5) * len(numbers) / count)] for k in range(count)}
    return frozenset(chosen)


def compare(onset: float, see: Callable[[float], Seen], refinement: float) -> Audit | None:
    """Return the error of the steps of a refinement; None if nothing was released.

    Parameters
    ----------
    onset : float
        When the pulse is given (ms).
    see : callable
        Simulates the pulse on a copy of the state, with the steps of a refinement.
    refinement : float
        That of the run.
    """
    long, short = see(refinement), see(2 * refinement)
    released = short.peaks > RELEASED
    if not released.any():
        return None

    def error(longer: float, shorter: float, least: float) -> float:
        return _ERROR_OF_DIFFERENCE * float(longer - shorter) / max(abs(shorter), least)

    sizes = long.amplitude, short.amplitude
    past = released & long.past & short.past
    return Audit(
        onset=onset,
        amplitude=None
        if sizes[0] is None or sizes[1] is None
        else error(sizes[0], sizes[1], LEAST_AMPLITUDE),
        calcium=error(long.peaks[past].mean(), short.peaks[past].mean(), RELEASED)
        if past.any()
        else None,
        calcineurin=error(long.calcineurin.mean(), short.calcineurin.mean(), LEAST_CALCINEURIN),
        spike=_ERROR_OF_DIFFERENCE * (long.spike - short.spike)
        if long.fired or short.fired
        else None,
    )


def refined(refinement: float, worst: float) -> float:
    """Return by what to divide the steps of a kind of pulse, whose error with this one is given."""
    if LEAST_ERROR <= worst <= MOST_ERROR:
        return refinement
    factor = float(np.clip((worst / AIM) ** 0.5, 1 / MOST_LONGER, MOST_SHORTER))
    return max(refinement * factor, 1.0)


def errors(audits: Sequence[Audit]) -> dict[str, float]:
    """Return how wrong the steps of a run are: means over its audits, without their signs (1).

    What no audit has measured has no error.
    """
    found = {
        "epsp": [audit.amplitude for audit in audits],
        "spine_ca": [audit.calcium for audit in audits],
        "calcineurin": [audit.calcineurin for audit in audits],
    }
    measured = {
        name: [abs(value) for value in values if value is not None]
        for name, values in found.items()
    }
    return {
        f"error_of_{name}": float(np.mean(values)) for name, values in measured.items() if values
    }
