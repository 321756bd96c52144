"""Two electrodes, two pathways: no axon in common, and neither feels the other."""

import numpy as np
import pytest

from ca1ltd.engine import session
from ca1ltd.engine.integrators import Efficient
from ca1ltd.engine.patch import Patch
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.session import ATOL
from ca1ltd.engine.spine_bench import BLOCKED, POTASSIUM_CHANNELS

#: Caesium and QX-314 in the pipette, with which EPSCs are recorded: dendrites that the clamp does
#: not hold neither fire nor change what comes next.
PIPETTE = (*POTASSIUM_CHANNELS, "ca1nat")
HOLDING = -70.0
SYNAPSES = 60  # in each pathway


@pytest.fixture(scope="module", params=["dhc", "c5038804", "nmo49821"])
def epscs(request):
    """Noise-free EPSCs (nA from 50 ms after the first pulse, with what came before taken off)."""
    rig = Rig(cell=request.param, seed=1, index=0, synapses=SYNAPSES, changed={})
    first, second = (set(axons.tolist()) for axons in rig.pathways.values())
    assert len(first) == len(second) == SYNAPSES
    assert not first & second
    for channel in PIPETTE:
        rig.set_everywhere(channel, "block", BLOCKED)
    patch = Patch(rig.cell.soma(0.5), hold=HOLDING)
    with session.settings(celsius=rig.celsius, atol=ATOL) as cvode:
        tape = patch.tape()
        integrator = Efficient(cvode)
        integrator.find_rest(HOLDING)

        def epsc(*pulses):
            with integrator.excursion():
                tape.erase()
                for pathway, onset in pulses:
                    integrator.advance(onset)
                    integrator.pulse(rig.stimulate_mean(pathway, onset))
                integrator.advance(110.0)
                rig.restore_quanta()
                return patch.measured(tape.window(0.0, 109.0)[1])

        curves = {
            "conditioned": epsc(("conditioned", 0.0)),
            "control": epsc(("control", 0.0)),
            "both": epsc(("conditioned", 0.0), ("control", 0.0)),
            "control after": epsc(("conditioned", 0.0), ("control", 50.0)),
            "conditioned after": epsc(("control", 0.0), ("conditioned", 50.0)),
        }
    # the grid starts at the first recorded step
    shortest = min(len(curve) for curve in curves.values())
    return {name: curve[-shortest:] - curve[0] for name, curve in curves.items()}


def peak(curve):
    return -curve.min()


def test_currents_of_both_pathways_add(epscs):
    assert peak(epscs["conditioned"]) > 0.05
    assert peak(epscs["control"]) > 0.05
    alone = epscs["conditioned"] + epscs["control"]
    assert peak(epscs["both"]) == pytest.approx(peak(alone), rel=0.03)


@pytest.mark.parametrize(
    ("first", "second"), [("conditioned", "control"), ("control", "conditioned")]
)
def test_a_pulse_to_one_pathway_does_not_change_the_other(epscs, first, second):
    added = epscs[f"{second} after"] - epscs[first]
    assert peak(added) / peak(epscs[second]) == pytest.approx(1.0, abs=0.03)
    assert np.argmin(added) > np.argmin(epscs[second])  # it is the second pulse that is measured
