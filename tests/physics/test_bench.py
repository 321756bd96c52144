"""The bench and the measures, on a cable whose answers are known and on the default cell."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from ca1ltd import resources
from ca1ltd.engine import session
from ca1ltd.engine.bench import Bench, Step
from ca1ltd.engine.cell import build_cell
from ca1ltd.model.cell_biophysics import biophysics_of
from ca1ltd.model.morphology import read_morphology
from ca1ltd.validation import measures
from ca1ltd.validation.measures import Measurements


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    session.load()
    folder = resources.cells_dir() / "dhc"
    with session.settings(celsius=34.0, atol=1e-3):
        yield Bench(build_cell(read_morphology(folder / "morphology.swc"), biophysics_of("dhc")))


def soma(bench: Bench) -> dict[str, Any]:
    return {"soma": bench.cell.soma(0.5)}


def test_it_stays_at_rest(bench):
    found = bench.run(200.0, soma(bench))
    assert found["soma"][0] == pytest.approx(bench.rest, abs=1e-6)
    assert np.ptp(found["soma"]) < 0.01
    assert found["t"] == pytest.approx(np.arange(8001) * 0.025)


def test_an_experiment_leaves_nothing_behind(bench):
    first = bench.run(50.0, soma(bench), step=Step(0.1, 5.0, 20.0))
    bench.run(50.0, soma(bench), step=Step(2.0, 5.0, 20.0))
    again = bench.run(50.0, soma(bench), step=Step(0.1, 5.0, 20.0))
    assert np.array_equal(first["soma"], again["soma"])
    assert np.ptp(bench.run(50.0, soma(bench))["soma"]) < 0.01


def test_synapses_of_a_cluster_act_one_by_one_and_only_when_asked(bench):
    places = {"dendrite": bench.cell.segment(bench.cell.morphology.trunk()[0], 0.5)}
    cluster = bench.cluster(places["dendrite"], 3, rise=0.1, decay=2.0)
    sizes = [
        np.ptp(bench.run(40.0, places, events=cluster.arrivals(k, 1e-4, at=5.0))["dendrite"])
        for k in (0, 1, 2)
    ]
    assert sizes[0] < 0.01
    assert sizes[1] > 0.05
    assert sizes[2] == pytest.approx(2 * sizes[1], rel=0.05)
    late = bench.run(40.0, places, events=cluster.arrivals(1, 1e-4, at=20.0))
    assert np.argmax(late["dendrite"]) * 0.025 > 20.0


def test_nmda_receptors_of_a_cluster_have_the_share_asked_for(bench):
    place = bench.cell.segment(bench.cell.morphology.trunk()[0], 0.5)
    cluster = bench.cluster(place, 1, rise=0.1, decay=2.0, nmda=0.5)
    assert len(cluster.arrivals(1, 1e-4, at=5.0)) == 2
    (receptors, _), (synapse, _) = cluster._nmda[0], cluster._ampa[0]
    receptors.mg_o = 0.0
    peak = session.n.Vector().record(receptors._ref_g)
    ampa = session.n.Vector().record(synapse._ref_g)
    bench.run(60.0, soma(bench), events=cluster.arrivals(1, 1e-4, at=5.0))
    assert ampa.max() == pytest.approx(1e-4, rel=0.1)  # seen at the integrator's own steps
    assert peak.max() == pytest.approx(0.5e-4, rel=0.02)


def test_nmda_receptors_leave_the_calcium_outside_as_it_is(bench):
    place = bench.cell.segment(bench.cell.morphology.trunk()[0], 0.5)
    bench.cluster(place, 1, rise=0.1, decay=2.0, nmda=0.5)
    bench.run(1.0, soma(bench))
    assert place.cao == bench.cell.ca_o == 2.5


def test_measures_of_small_steps_are_those_of_the_trace(bench):
    found = Measurements()
    measures.small_steps(bench, found)
    times, v = found.curves["step -0.1"]
    assert found.values["rest"] == pytest.approx(v[0], abs=1e-3)
    steady = v[0] - v[(times > 280) & (times < 299)].mean()
    assert found.values["input_resistance"] == pytest.approx(steady / 0.1, rel=0.1)
    assert 0 < found.values["sag"] < 0.4
    assert 5 < found.values["time_constant"] < 30


def test_taking_ih_away_for_a_measure_gives_it_back(bench):
    before, rest = [seg.ca1ih.gbar for seg in bench.cell.soma], bench.rest
    found = Measurements()
    measures.steady_attenuation(bench, found)
    assert [seg.ca1ih.gbar for seg in bench.cell.soma] == before
    assert bench.rest == pytest.approx(rest, abs=1e-6)
    assert found.values["half_distance"] > 100


def test_epsps_shrink_on_their_way_to_the_soma(bench):
    found = Measurements()
    measures.epsp_attenuation(bench, found)
    near, middle, far = (found.values[f"epsp_attenuation_{d}"] for d in (100, 200, 300))
    assert 1 > near > middle > far > 0
