"""A user's own mechanism on our cell."""

import json

import numpy as np
import pytest

import ca1ltd as ltd
from ca1ltd.errors import BadInput, BuildError

#: A delayed rectifier as textbooks have it, with ions and a RANGE variable.
MINE = """
TITLE Potassium current of mine

NEURON {
    SUFFIX mykv
    USEION k READ ek WRITE ik
    RANGE gbar, g
}

PARAMETER {
    gbar = 0 (S/cm2)
    tau = 2 (ms)
}

ASSIGNED { v (mV) ek (mV) ik (mA/cm2) g (S/cm2) }
STATE { n }

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar*n
    ik = g*(v - ek)
}

INITIAL { n = 1/(1 + exp(-(v + 60)/5)) }

DERIVATIVE states { n' = (1/(1 + exp(-(v + 60)/5)) - n)/tau }
"""
PROTOCOL = ltd.protocols.test_pulses(duration=2, baseline=1, test_interval=60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("mine")
    (made / "mykv.mod").write_text(MINE)
    return made


def slice_(**options):
    return ltd.Slice(seed=1, synapses=5, parameters=(("ca1bouton.u_rest", 0.5),), **options)


def test_ones_own_mechanism_acts_where_it_is_inserted(folder):
    plain = slice_().run(PROTOCOL)
    rig = slice_(mechanisms=folder)
    rig.insert("mykv", "apical", {"gbar": 2e-3})
    rig.record("gate", "apic[60](0.5).mykv.n")
    rig.record("conductance", "apic[60](0.5).mykv.g", every="10 ms")
    run = rig.run(PROTOCOL)
    assert run.epsp["epsp_amplitude_mV"].max() < 0.9 * plain.epsp["epsp_amplitude_mV"].max()
    gate = run.trace("gate", pulse=0)
    assert gate.unit == "1"
    assert 0.01 < gate.values[0] < 0.5
    assert gate.values.max() > 1.1 * gate.values[0]
    assert run.trace("conductance").unit == "S/cm2"
    assert run.trace("conductance").values[0] == pytest.approx(2e-3 * gate.values[0], rel=0.01)
    # what it was made with is known
    setup = run.spec["setup"]
    assert setup["mechanisms"]["folder"] == str(folder)
    assert len(setup["mechanisms"]["sha256"]) == 64
    assert setup["inserted"] == [{"mechanism": "mykv", "where": "apical", "values": {"gbar": 2e-3}}]
    json.dumps(run.spec)


def test_it_is_listed_where_it_is(folder):
    rig = slice_(mechanisms=folder)
    rig.insert("mykv", "spines")
    rig.insert("mykv", "apic[3]")
    for place, there in (("spine[3]", True), ("apic[3]", True), ("apic[4]", False)):
        variables = rig.recordable(place)["variable"].tolist()
        assert ("mykv.n" in variables) is there
        assert "mykv.gbar" not in variables
    with pytest.raises(BadInput, match=r"no variable 'mykv\.n' there"):
        rig.record("gate", "apic[4].mykv.n")


def test_a_mechanism_without_conductance_moves_nothing(folder):
    rig = slice_(mechanisms=folder)
    for where in ("everywhere", "spines"):
        rig.insert("mykv", where)
    slopes = [each.run(PROTOCOL).epsp["epsp_slope_mV_per_ms"] for each in (rig, slice_())]
    np.testing.assert_allclose(*slopes, rtol=1e-9)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("myna", "apical"), "myna is not there: .* has mykv to be inserted"),
        (("mykv", "tuft"), "'tuft' is no place for a mechanism"),
        (("mykv", "apic[3](0.5)"), "is no place for a mechanism"),
        (("mykv", "apic[999]"), "no section apic.999."),
        (("mykv", "apical", {"tau": 3}), "no RANGE parameter 'tau': it has gbar"),
        (("mykv", "apical", {"gbar": "x"}), "gbar of mykv is 'x', and must be a number"),
    ],
)
def test_what_cannot_be_inserted_is_said_at_once(folder, words, sentence):
    with pytest.raises(BadInput, match=sentence):
        slice_(mechanisms=folder).insert(*words)


def test_a_folder_that_cannot_be_used_is_said_at_once(tmp_path, folder):
    with pytest.raises(BadInput, match="holds no mod files"):
        slice_(mechanisms=tmp_path)
    with pytest.raises(BadInput, match="no mechanisms of your own"):
        slice_().insert("mykv", "apical")
    (tmp_path / "ours.mod").write_text(MINE.replace("mykv", "ca1nat"))
    with pytest.raises(BadInput, match="has a mechanism ca1nat already"):
        slice_(mechanisms=tmp_path)
    (tmp_path / "ours.mod").write_text(MINE.replace("mykv", "mine").replace("- ek)", "- "))
    with pytest.raises(BuildError, match="do not compile"):
        slice_(mechanisms=tmp_path)


def test_mod_files_that_changed_since_are_refused(tmp_path):
    (tmp_path / "mykv.mod").write_text(MINE)
    rig = slice_(mechanisms=tmp_path)
    (tmp_path / "mykv.mod").write_text(MINE.replace("tau = 2", "tau = 3"))
    with pytest.raises(BadInput, match="are not what they were"):
        rig.run(PROTOCOL)


def test_a_name_that_neuron_has_is_refused_at_the_run(tmp_path):
    (tmp_path / "hh.mod").write_text(MINE.replace("mykv", "hh"))
    rig = slice_(mechanisms=tmp_path)
    with pytest.raises(BadInput, match=r"NEURON refuses the mechanisms in .*already exists"):
        rig.run(PROTOCOL)
