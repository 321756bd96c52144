"""What a drug changes in a slice: its target, by the right fraction, and nothing else."""

import gc

import pytest

from ca1ltd import protocols
from ca1ltd.engine.bath import Bath
from ca1ltd.engine.rig import Rig
from ca1ltd.model import drugs, parameters
from ca1ltd.model.mechanisms import MECHANISMS

PAIR = protocols.paired_pulse(pairs=1, every=4, interval=150)
NAMES = [
    (mechanism.name, row.name)
    for mechanism in MECHANISMS
    for row in parameters.table().values()
    if row.group == mechanism.name
]


def everything(rig):
    """The values that each parameter of a mechanism has in the slice."""
    return {
        f"{mechanism}.{name}": {
            getattr(each, name) for each in rig.instances(mechanism) if hasattr(each, name)
        }
        for mechanism, name in NAMES
    }


@pytest.fixture(scope="module")
def rig():
    gc.collect()
    return Rig(cell="dhc", seed=1, index=0, synapses=4, changed={"inhibition.g_axon": 1e-3})


@pytest.mark.parametrize(
    "known", [each for each in drugs.DRUGS if each.acts[0].half], ids=lambda known: known.name
)
def test_at_half_its_effect_a_drug_changes_its_targets_and_nothing_else(rig, known):
    before = everything(rig)
    for act in known.acts:
        taken = [drugs.drug(known.name, act.half)]
        Bath(rig, taken, PAIR)
        after = everything(rig)
        changed = {key for key, values in after.items() if values != before[key]}
        assert changed == {each.key for each in known.acts}
        (value,) = after[act.key]
        assert value == pytest.approx(0.5 * act.most)
        for mechanism, name, value in drugs.together(taken, {}, rig.value):
            rig.set_everywhere(mechanism, name, value)
    assert everything(rig) == before
