"""A spine head by itself: its cascade and nothing else, calcium held."""

import gc
from collections.abc import Mapping
from typing import Any, Final

from neuron import n

from ca1ltd.engine import session
from ca1ltd.engine.integrators import INTEGRATORS
from ca1ltd.engine.pointers import owner
from ca1ltd.errors import RunError

_CELSIUS: Final = 34.0  # of no effect: the cascade's rates do not depend on it


def resting_states(
    states: Mapping[str, str], *, cai: float, changed: Mapping[str, float]
) -> dict[str, float]:
    """Return where the states of a head settle at constant calcium.

    Parameters
    ----------
    states : mapping
        States and written concentrations, with the mechanism of each.
    cai : float
        Calcium (mM).
    changed : mapping
        Parameters that differ from the mod files, by ``mechanism.name``.

    Returns
    -------
    dict
        Value of each state, in the unit of its mod file.

    Raises
    ------
    RunError
        If NEURON holds another model, which would be simulated along.
    """
    session.load()
    gc.collect()
    if any(True for _ in n.allsec()):
        raise RunError("NEURON holds sections of another model; use a process of its own")
    head: Any = n.Section(name="head")
    for mechanism in dict.fromkeys(states.values()):
        head.insert(mechanism)
    here = head(0.5)
    here.cai = cai
    for key, value in changed.items():
        mechanism, name = key.split(".")
        setattr(getattr(here, mechanism), name, value)
    with session.settings(celsius=_CELSIUS, atol=session.ATOL) as cvode:
        INTEGRATORS["reference"](cvode).find_rest()
        return {
            state: float(getattr(owner(here, mechanism, state), state))
            for state, mechanism in states.items()
        }
