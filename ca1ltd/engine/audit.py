"""How large the error of the steps is: measured during the run, on copies of the state.

Some pulses are simulated twice more before the run goes on, with the steps of the run and with
steps of half their length. Both leave no trace. The strategy is of second order, so the difference
of the two is three quarters of the error of the longer steps. Where it exceeds `TOLERANCE` the
pulses of that kind go on with steps of half their length.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.recording import Audit
from ca1ltd.units import ms

#: Audits of a run, spread over its test pulses and its induction pulses alike.
AUDITS: Final = 8
#: How long a pulse is followed, if no other comes before: calcium and EPSP are over by then.
FOLLOWED: Final = 150 * ms
#: A difference beyond this part of the size halves the steps.
TOLERANCE: Final = 0.01
#: A spine whose calcium (uM) comes beyond this has received a quantum, or a spike reached it.
RELEASED: Final = 0.2
#: Where an EPSP ends and a spike begins (mV): how high the spike is, is no error of an EPSP.
THRESHOLD: Final = -40.0
#: Errors of an amplitude (mV) or of activated calcineurin (1) smaller than these are of these.
LEAST_AMPLITUDE: Final = 1.0
LEAST_CALCINEURIN: Final = 1e-3
#: Of differences that fall with the square of the step: error of the longer steps.
_ERROR_OF_DIFFERENCE: Final = 4 / 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What a pulse did: potential (mV), peaks of spine calcium (uM), calcineurin activated (1)."""

    potential: Floats
    peaks: Floats
    calcineurin: Floats

    @property
    def fired(self) -> bool:
        """Whether a spike set the peak."""
        return bool(self.potential.max() > THRESHOLD)

    @property
    def amplitude(self) -> float:
        """EPSP amplitude (mV), of a spike up to its threshold."""
        return float(min(self.potential.max(), THRESHOLD) - self.potential[0])


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

    fired = long.fired and short.fired
    return Audit(
        onset=onset,
        amplitude=None if fired else error(long.amplitude, short.amplitude, LEAST_AMPLITUDE),
        calcium=error(long.peaks[released].mean(), short.peaks[released].mean(), RELEASED),
        calcineurin=error(long.calcineurin.mean(), short.calcineurin.mean(), LEAST_CALCINEURIN),
    )


def errors(audits: Sequence[Audit]) -> dict[str, float]:
    """Return how wrong the steps of a run are: means over its audits, without their signs (1).

    What no audit has measured has no error.
    """
    found = {
        "epsp": [audit.amplitude for audit in audits if audit.amplitude is not None],
        "spine_ca": [audit.calcium for audit in audits],
        "calcineurin": [audit.calcineurin for audit in audits],
    }
    return {
        f"error_of_{name}": float(np.mean(np.abs(values)))
        for name, values in found.items()
        if values
    }
