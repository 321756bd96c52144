"""What is measured while the soma is voltage clamped: the current of the clamp."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import Response
from ca1ltd.protocols import Hold, Protocol
from ca1ltd.recording import Trace, averaged
from ca1ltd.units import pA

Floats = npt.NDArray[np.float64]

#: Columns of the table of pulses in voltage clamp, means over the spines that released: potential
#: and calcium at the pulse, and the peak of calcium.
SPINES: Final = ("spine_v_mV", "spine_ca_before_uM", "spine_ca_uM")


def clamp_at(protocol: Protocol, time: float) -> Hold | None:
    """Return the voltage clamp that is on at a time (ms), if there is one."""
    on = (clamp for clamp in protocol.holds() if 0 <= time - clamp.time < clamp.duration)
    return next(on, None)


def clamp_current(response: Response, clamp: Hold, rig: Rig) -> Floats:
    """Return the current of a voltage clamp (nA), inward below 0: what its resistance lets pass."""
    current: Floats = (clamp.potential - response.potential) / rig.value("slice.series_resistance")
    return current


def mean_currents(
    protocol: Protocol, rig: Rig, tests: Iterable[Response], count: int
) -> Iterable[Trace]:
    """Yield the mean of the last currents (pA) at each potential, before and after induction.

    Parameters
    ----------
    protocol : Protocol
        What was given.
    rig : Rig
        The slice.
    tests : iterable of Response
        Responses to test pulses of one pathway; those without voltage clamp are left out.
    count : int
        How many are averaged at most.
    """
    found: dict[str, list[tuple[Floats, Floats]]] = {}
    for response in tests:
        clamp = clamp_at(protocol, response.onset)
        if clamp is not None and response.times[-1] >= 59.9:
            later = protocol.induction_start < protocol.induction_end <= response.onset
            when = "after" if later else "before"
            name = f"soma_i/{response.pathways[0]}/{clamp.potential:g}/{when}"
            current = response.times, clamp_current(response, clamp, rig) / pA
            found.setdefault(name, []).append(current)
    for name, curves in found.items():
        yield averaged(name, curves[-count:], "pA")
