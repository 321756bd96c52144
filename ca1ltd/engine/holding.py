"""The steady current that keeps the soma at a potential."""

from typing import Any, Final

from neuron import n

from ca1ltd.engine.integrators import Integrator
from ca1ltd.engine.rig import Rig
from ca1ltd.errors import BadInput, RunError

#: How far from the wanted potential the soma may rest (mV).
CLOSE: Final = 0.1
_RESISTANCE: Final = 1e-3  # MOhm, of the clamp that finds the current


def steady_current(rig: Rig, integrator: Integrator, potential: float) -> float:
    """Return the current (nA) that keeps the resting soma at a potential (mV), which it then does.

    A voltage clamp finds it; it is gone when the current flows, and the cell at rest.

    Raises
    ------
    BadInput
        If the cell with that current does not rest there.
    """
    soma = rig.cell.soma(0.5)
    rig.electrode.inject_steadily(0.0)
    clamp: Any = n.SEClamp(soma)
    clamp.rs, clamp.dur1, clamp.amp1 = _RESISTANCE, 1e12, potential
    integrator.find_rest(v_init=potential)
    current = float(clamp.i)
    del clamp
    rig.electrode.inject_steadily(current)
    failure = f"no steady current holds the soma at {potential:g} mV: with {current:.3g} nA"
    try:
        integrator.find_rest(v_init=potential)
    except RunError as error:
        raise BadInput(f"{failure} {error}") from None
    if abs(soma.v - potential) > CLOSE:
        raise BadInput(f"{failure} it rests at {soma.v:.1f} mV")
    return current
