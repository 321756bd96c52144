"""Which axons a slice needs, and that its two pathways are apart for every pulse."""

import itertools

import numpy as np
import pytest

from ca1ltd import declared
from ca1ltd.errors import BadInput
from ca1ltd.model import parameters
from ca1ltd.model.cell_biophysics import biophysics_of
from ca1ltd.model.own_cells import morphology_of
from ca1ltd.model.parameters import Values
from ca1ltd.model.wiring import wire
from ca1ltd.protocols import Pulse


def wired(**changed):
    morphology = morphology_of("dhc")
    placing, wandering = (np.random.default_rng(seed) for seed in (1, 2))
    return wire(
        morphology,
        biophysics_of("dhc").passive,
        Values(changed),
        synapses=60,
        placing=placing,
        wandering=wandering,
    )


def pulse(strength=1.0, pathway="conditioned", current=None):
    return Pulse(0.0, (pathway,), "induction", current, strength)


def orders(*strengths):
    return list(itertools.permutations([pulse(strength) for strength in strengths]))


def test_without_other_pulses_the_members_of_the_pathways_are_reached():
    wiring = wired()
    both = np.concatenate(list(wiring.pathways.values()))
    assert wiring.reached([]) == sorted(both.tolist())
    assert len(both) == 120


@pytest.mark.parametrize("pulses", orders(0.5, 2.0, 1.2))
def test_the_strongest_pulse_decides_what_is_reached(pulses):
    wiring = wired()
    reached = wiring.reached(pulses)
    strong = wiring.recruited("conditioned", wiring.current_for("conditioned", 2.0))
    assert len(strong) == 120
    assert set(reached) == set(strong.tolist()) | set(wiring.pathways["control"].tolist())


@pytest.mark.parametrize("pulses", orders(5.0, 0.5, 1.0))
def test_the_strongest_pulse_decides_whether_pathways_are_apart(pulses):
    with pytest.raises(BadInput, match="to be independent"):
        wired().reached(pulses)


def test_a_current_reaches_further_than_the_set_one():
    wiring = wired()
    current = wiring.current_for("control", 1.5)
    reached = wiring.reached([pulse(pathway="control", current=current)])
    assert len(reached) == 60 + 90


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"electrodes.tip_depth_from": 300.0}, "tip_depth_from must not exceed"),
        ({"electrodes.tip_separation": 900.0}, "no radiatum dendrite at two places"),
    ],
)
def test_what_cannot_be_wired_is_refused_in_a_sentence(changed, sentence):
    assert parameters.checked(changed.items(), "dhc")
    with pytest.raises(BadInput, match=sentence):
        wired(**changed)


def test_what_is_not_said_of_an_experiment_has_these_values():
    assert (declared.CELL, declared.SEED, declared.SLICES) == ("dhc", 1, 5)
    assert (declared.SYNAPSES, declared.INTEGRATOR) == (60, "efficient")
