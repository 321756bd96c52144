"""Our synapse and cascade in a NEURON model of the user's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from neuron import n

from ca1ltd.declared import CELL
from ca1ltd.engine import session
from ca1ltd.engine.integrators import Fixed
from ca1ltd.engine.synapse import Synapse, build_synapse
from ca1ltd.model.cell_biophysics import biophysics_of
from ca1ltd.model.parameters import Values

_NEVER: Final = 1e15  # ms


def load_mechanisms() -> None:
    """Load our mechanisms into this session's NEURON, for models of your own.

    They are compiled at first use. Loading them twice is fine.

    Raises
    ------
    BuildError
        If they cannot be compiled.
    RunError
        If mechanisms of the same names were loaded from somewhere else.
    """
    session.load()


def add_synapse(segment: Any, *, seed: int = 1, axon: int = 0) -> Synapse:
    """Put one of our synapses on a dendrite of your own: spine, receptors, cascade and bouton.

    Temperature, stimulation and the simulation stay yours: ``synapse.afferent.event(t)`` gives the
    bouton a spike, and ``synapse.spine.head(0.5)`` has all that can be recorded. Bring the model to
    rest with `find_rest` before you simulate: the cascade needs hours to settle by itself.

    Parameters
    ----------
    segment : Segment
        Where the spine stands, as ``dendrite(0.5)``.
    seed, axon : int
        The bouton's random numbers are of these two: give each synapse its own axon.

    Returns
    -------
    Synapse
        Owner of the NEURON objects; keep it as long as the model.
    """
    load_mechanisms()
    value, biophysics = Values({}), biophysics_of(CELL)
    return build_synapse(
        axon,
        segment,
        value.group("spine"),
        biophysics.passive,
        e_leak=segment.pas.e if hasattr(segment, "pas") else n.v_init,
        e_k=biophysics.reversal.k.value,
        ca_o=value("slice.ca_o"),
        seed=(seed, 0),
        changed=(),
        ampa_scale=1.0,
        nmda_scale=1.0,
    )


def find_rest(v_init: float = -70.0) -> None:
    """Bring all sections of this session to rest, at time 0, whence ``h.continuerun`` goes on.

    ``h.run`` and ``h.finitialize`` would leave the rest again. Artificial stimuli are silent while
    the model settles, and begin at time 0.

    Parameters
    ----------
    v_init : float
        Potential to begin the search with (mV).

    Raises
    ------
    RunError
        If the model does not rest.
    """
    load_mechanisms()
    cvode = n.CVode()
    active, dt = cvode.active(), n.dt
    try:
        with _silent():
            Fixed(cvode).find_rest(v_init)
        rest = n.SaveState()
        rest.save()
    finally:
        cvode.active(active)
        n.dt = dt
    n.finitialize(v_init)  # puts what the artificial stimuli begin with into the queue
    rest.restore(1)  # which leaves the queue
    n.t = 0.0
    cvode.re_init() if active else n.fcurrent()
    n.frecord_init()


@contextmanager
def _silent() -> Iterator[None]:
    """Let no artificial stimulus give a spike, for as long as the block runs."""
    # their start and not their number: NEURON restores whether they are on
    stimuli = [(stimulus, stimulus.start) for stimulus in n.List("NetStim")]
    for stimulus, _ in stimuli:
        stimulus.start = _NEVER
    try:
        yield
    finally:
        for stimulus, start in stimuli:
            stimulus.start = start
