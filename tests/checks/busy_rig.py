"""A small rig in which everything happens, and what is seen of it."""

import gc

import numpy as np

from ca1ltd import resources
from ca1ltd.engine import session
from ca1ltd.engine.pointers import owner
from ca1ltd.engine.rig import Rig
from ca1ltd.model import parameters
from ca1ltd.model.mechanisms import shown
from ca1ltd.protocols import Pulse

TABLE = parameters.table("dhc")
MECHANISMS = {file.stem for file in resources.mod_files()}
OF_MECHANISMS = [row for row in TABLE.values() if row.group in MECHANISMS]
PATHWAYS = ("conditioned", "control")

#: All that a drug sets is there in part, calcium is held near a level, inhibition is intact, and
#: there are fewer slots than receptors are anchored at first: otherwise most of what belongs to
#: them would move nothing.
BUSY = {
    **{row.key: min(0.1, 0.1 * row.high) for row in OF_MECHANISMS if row.value == 0},
    "ca1spineca.clamp_rate": 0.05,
    "ca1spineca.clamp_cai": 2e-3,
    "ca1bouton.u_rest": 0.9,
    "ca1bouton.n_recycling": 4.0,
    "ca1ampar.slots_rest": 0.2 * TABLE["ca1ampar.total"].value,
    "inhibition.g_axon": 1e-3,
}

#: Values far away, of what decides by chance or by steps.
FAR = {"ca1bouton.tau_rec": 5.0, "ca1bouton.k_ready": 100.0, "electrodes.tip_radius": 20.0}


def other(row):
    """Another value of a parameter, within its limits."""
    value = BUSY.get(row.key, row.value)
    if row.key in FAR:
        return FAR[row.key]
    if value == 0:
        return 0.1 * row.high
    more, less = (1.3 * value, 0.7 * value) if value > 0 else (0.7 * value, 1.3 * value)
    found = more if more <= row.high else less
    assert row.low <= found <= row.high
    assert found != value
    return found


def rig_of(**changed):
    gc.collect()
    return Rig(cell="dhc", seed=1, index=0, synapses=2, changed=BUSY | changed)


def fingerprint(rig, shared=None):
    """What becomes of a rig: fast, with pulses, then slowly, with the cascade."""
    n = session.load()
    with session.settings(celsius=rig.celsius, atol=1e-3, shared=rig.shared | (shared or {})):
        for synapse in rig.synapses.values():
            synapse.bouton.stream.set_seq(0)
        rig._late = np.random.default_rng(1)
        n.finitialize(-65.0)
        rig.electrode.inject(0.5)
        for time in (0.0, 20.0, 40.0):
            while n.t < time - 1e-9:
                n.dt = 0.5
                n.fadvance()
            rig.stimulate(Pulse(n.t, PATHWAYS, "test"))
        for dt in (*[0.5] * 30, *[1000.0] * 20):
            n.dt = dt
            n.fadvance()
        rig.electrode.inject(0.0)
        return np.array(list(seen(rig)))


def seen(rig):
    for section in rig.cell.sections():
        yield from (segment.v for segment in section)
    for synapse in rig.synapses.values():
        head = synapse.spine.head(0.5)
        for mechanism, state in shown():
            if hasattr(head, mechanism.name):
                yield getattr(owner(head, mechanism.name, state.name), state.name)
        yield from (getattr(synapse.bouton, name) for name in ("n", "u", "ready", "quanta"))
        yield from (synapse.spine.nmda.g, synapse.spine.ampa.g)
    yield from (receptor.g for receptor in rig.inhibition.receptors)
