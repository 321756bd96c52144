"""What the default experiment must show; the bands are those of published slices.

Bands bind the EPSP expected without release noise; what the electrode saw must agree with it.
"""

import numpy as np
import pytest

from ca1ltd.analysis import POOLS

pytestmark = pytest.mark.slow

BLOCKERS = ("d-ap5", "okadaic-acid", "fk506", "bapta")


def outcome(run, pathway="conditioned"):
    return run.summary["pathways"][pathway]


def slices(run, pathway):
    """Expected outcome (%) of every slice."""
    start, stop = run.summary["window_min"]
    rows = run.expected[
        (run.expected["pathway"] == pathway) & run.expected["time_min"].between(start, stop)
    ]
    return rows.groupby("slice")["percent_of_baseline"].mean()


def test_lfs_depresses_the_conditioned_pathway_alone(experiment):
    run = experiment("lfs")
    assert 60 <= outcome(run)["percent_expected"] <= 76
    assert slices(run, "control").between(97, 103).all()
    assert outcome(run)["sd"] <= 8


@pytest.mark.parametrize("pathway", ["conditioned", "control"])
@pytest.mark.parametrize("name", ["lfs", "c5038804", "nothing"])
def test_electrode_and_expectation_agree(experiment, name, pathway):
    seen = outcome(experiment(name), pathway)
    assert abs(seen["percent_of_baseline"] - seen["percent_expected"]) <= 3 * seen["sem"]


def test_the_epsp_falls_because_receptors_left(experiment):
    run = experiment("lfs")
    table = run.synapses[run.synapses["pathway"] == "conditioned"]
    pools = {
        when: table[[f"ampar_{pool}_{when}" for pool in POOLS]] for when in ("before", "after")
    }
    totals = [frame.sum(axis=1).to_numpy() for frame in pools.values()]
    np.testing.assert_allclose(totals[1], totals[0], rtol=0, atol=1e-9 * totals[0].max())
    lost = (pools["before"].iloc[:, :2].to_numpy() - pools["after"].iloc[:, :2].to_numpy()).sum(1)
    gained = (table["ampar_internal_after"] - table["ampar_internal_before"]).to_numpy()
    assert lost.mean() > 10
    np.testing.assert_allclose(gained, lost, atol=1e-7)
    expected = outcome(run)["percent_expected"]
    assert abs(run.summary["anchored_ampar_percent"] - expected) <= 5


def test_phosphatases_rise_and_the_kinase_does_not(experiment):
    table = experiment("lfs").timecourse
    conditioned = table[table["pathway"] == "conditioned"]
    rest = conditioned[conditioned["time_min"] < 0].iloc[0]
    during = conditioned[conditioned["time_min"].between(5, 15)].mean(numeric_only=True)
    assert during["calcineurin_active"] > 3 * rest["calcineurin_active"]
    assert during["pp1_active_uM"] > 3 * rest["pp1_active_uM"]
    assert conditioned["camkii_pt286"].max() < 0.1


@pytest.mark.parametrize("drug", BLOCKERS)
def test_no_ltd_with_a_link_of_the_chain_blocked(experiment, drug):
    assert 94 <= outcome(experiment(drug))["percent_expected"] <= 106


def test_ltd_stays_without_the_kinase(experiment):
    """As in Mulkey et al. 1993; Cook et al. 2021 found that LTD, too, needs pT286."""
    assert outcome(experiment("kn-62"))["percent_expected"] < 80


def test_more_calcium_depresses_more(experiment):
    less, more = (
        outcome(experiment(f"calcium-{factor}"))["percent_expected"] for factor in (0.8, 1.25)
    )
    assert less > outcome(experiment("lfs"))["percent_expected"] > more


@pytest.mark.parametrize("pathway", ["conditioned", "control"])
def test_test_pulses_alone_change_nothing(experiment, pathway):
    assert 99 <= outcome(experiment("nothing"), pathway)["percent_expected"] <= 101


def test_the_same_on_another_cell(experiment):
    run = experiment("c5038804")
    assert 55 <= outcome(run)["percent_expected"] <= 80
    assert slices(run, "control").between(97, 103).all()
