"""The bare cell in NEURON: geometry, rest, current steps, spikes, refinement, repeats."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from ca1ltd import resources
from ca1ltd.engine import session
from ca1ltd.engine.cell import D_LAMBDA, Cell, build_cell
from ca1ltd.errors import BadInput
from ca1ltd.model.cell_biophysics import biophysics_of, changed_biophysics
from ca1ltd.model.morphology import read_morphology

CELLS = ("dhc", "c5038804")


def build(name: str, *, d_lambda: float = D_LAMBDA) -> Cell:
    folder = resources.cells_dir() / name
    return build_cell(
        read_morphology(folder / "morphology.swc"),
        biophysics_of(name),
        d_lambda=d_lambda,
    )


@dataclass
class Settled:
    """A cell at rest, its state saved, with a clamp in the soma and synapses on apical dendrites.

    NEURON saves and restores all cells there are, so only one may exist at a time.
    """

    n: Any
    cell: Cell

    def __post_init__(self) -> None:
        self.clamp = self.n.IClamp(self.cell.soma(0.5))
        self.synapses, self.connections = [], []
        sections = self.cell.morphology.sections
        apical = [i for i, s in enumerate(sections) if s.kind == "apical"]
        for k in range(240):
            place = self.cell.segment(apical[k % len(apical)], (k % 7 + 0.5) / 7)
            synapse = self.n.Exp2Syn(place)
            synapse.tau1, synapse.tau2, synapse.e = 0.3, 2.5, 0.0
            self.synapses.append(synapse)
            self.connections.append(self.n.NetCon(None, synapse, 0, 0.0, 5e-4))
        self.clamp.dur = 0
        self.n.CVode().active(False)
        self.n.dt = 20.0
        self.n.finitialize(-70)
        for _ in range(500):
            self.n.fadvance()
        self.state = self.n.SaveState()
        self.state.save()

    def run(
        self,
        t_stop: float,
        *,
        current: float = 0.0,
        dur: float = 1e9,
        synapses: int = 0,
        at: Any = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Times (ms) and voltage (mV) of a segment from rest; the input comes at 5 ms."""
        self.clamp.delay, self.clamp.dur, self.clamp.amp = 5.0, dur, current
        where = self.cell.soma(0.5) if at is None else at
        t, v = self.n.Vector().record(self.n._ref_t), self.n.Vector().record(where._ref_v)
        cvode = self.n.CVode()
        cvode.active(True)
        self.n.finitialize(-70)
        self.state.restore(1)
        self.n.t = 0
        cvode.re_init()
        self.n.frecord_init()
        for connection in self.connections[:synapses]:
            connection.event(5.0)
        cvode.solve(t_stop)
        cvode.active(False)
        return t.as_numpy().copy(), v.as_numpy().copy()

    def trunk(self, distance: float) -> Any:
        """Thickest apical segment at a path distance (um)."""
        sections = self.cell.morphology.sections
        crossed = [
            self.cell.segment(i, (distance - s.path_distance) / s.length)
            for i, s in enumerate(sections)
            if s.kind == "apical" and s.path_distance <= distance <= s.path_distance + s.length
        ]
        return max(crossed, key=lambda seg: seg.diam)


def spikes(v: np.ndarray) -> int:
    return int(np.sum((v[1:] >= -10) & (v[:-1] < -10)))


def without_slow_inactivation(cell: Cell) -> None:
    for sec in cell.sections("apical"):
        for seg in sec:
            seg.ca1nat.sf = 1.0


@pytest.fixture(scope="module")
def n() -> Iterator[Any]:
    session.load()
    with session.settings(celsius=34.0, atol=1e-3):
        yield session.n


@pytest.fixture(scope="class", params=CELLS)
def settled(n: Any, request: pytest.FixtureRequest) -> Settled:
    return Settled(n, build(request.param))


@pytest.fixture(params=CELLS)
def cell(n: Any, request: pytest.FixtureRequest) -> Cell:
    return build(request.param)


def frusta(cell: Cell, index: int) -> float:
    """Lateral area (um2) of a section."""
    points = cell.morphology.sections[index].points
    step = np.linalg.norm(np.diff(points[:, :3], axis=0), axis=1)
    slant = np.hypot(step, np.diff(points[:, 3]) / 2)
    return float(np.sum(np.pi * (points[1:, 3] + points[:-1, 3]) / 2 * slant))


def test_geometry_is_that_of_the_morphology(n, cell):
    for index, section in enumerate(cell.morphology.sections):
        if section.kind == "axon":
            continue
        sec = cell.section(index)
        assert abs(sec.L - section.length) < 1e-3
        area = sum(seg.area() for seg in sec)
        assert area == pytest.approx(frusta(cell, index), rel=1e-3)


def test_branches_off_the_trunk_are_as_thick_as_the_biophysics_say(n):
    rules = changed_biophysics(
        biophysics_of("dhc"), {("passive", "branch_diameter"): 0.5}, source="this test"
    )
    drawn = read_morphology(resources.cells_dir() / "dhc" / "morphology.swc")
    cell = build_cell(drawn, rules)
    trunk = drawn.trunk()
    for index, section in enumerate(drawn.sections):
        if section.kind != "axon":
            scale = 1.0 if section.kind == "soma" or index in trunk else 0.5
            found = [cell.section(index).diam3d(k) for k in range(len(section.points))]
            assert found == pytest.approx(scale * section.points[:, 3])
    assert len(trunk) > 5


def test_path_distances_are_those_of_the_morphology(n, cell):
    for index, section in enumerate(cell.morphology.sections):
        if section.kind == "axon":
            continue
        for x in (0.0, 0.5, 1.0):
            found = n.distance(cell.soma(0.5), cell.segment(index, x))
            assert found == pytest.approx(section.path_distance_at(x), abs=0.01)


def test_axon_is_the_initial_segment_whatever_the_file_holds(cell):
    assert cell.sections("axon") == (cell.axon,)
    assert abs(cell.axon.L - 60.0) < 1e-6
    assert cell.axon.parentseg() == cell.soma(0.5)
    assert cell.axon.y3d(2) < cell.axon.y3d(0) < cell.soma.y3d(0) + cell.soma.L
    assert cell.axon(0.9).ca1nat.gbar > 2 * cell.soma(0.5).ca1nat.gbar


def test_axon_of_the_file_cannot_be_reached():
    cell = build("c5038804")
    axons = [i for i, s in enumerate(cell.morphology.sections) if s.kind == "axon"]
    assert axons, "this cell shows the case"
    with pytest.raises(BadInput, match="no soma or dendrite"):
        cell.section(axons[0])


def test_domains_share_out_every_segment(cell):
    domains = ("soma", "oriens", "radiatum", "lacunosum")
    found = [seg for domain in domains for _, seg in cell.segments(domain)]
    assert len(found) == len(set(found)) == cell.n_segments - cell.axon.nseg
    assert all(any(True for _ in cell.segments(domain)) for domain in domains)


def test_membrane_follows_the_rules(cell):
    rules = cell.biophysics
    spiny = 0
    for index, section in enumerate(cell.morphology.sections):
        if section.kind == "axon":
            continue
        for seg in cell.section(index):
            far = section.path_distance_at(seg.x)
            factor = rules.passive.spine_factor(section.kind, far, seg.diam)
            spiny += factor > 1
            assert seg.cm == pytest.approx(rules.passive.capacitance.value * factor)
            resistance = rules.passive.resistance_at(section.kind, far)
            assert seg.pas.g == pytest.approx(factor / resistance)
            assert seg.ca1ka.gbar == pytest.approx(rules.ka.density_at(section.kind, far))
            assert seg.ca1ih.gbar == pytest.approx(rules.ih.density_at(far))
            assert seg.ca1nat.sf == pytest.approx(rules.nat.exempt_at(section.kind, far))
            assert seg.ca1ka.vhalf == (-1.0 if far > 100 else 11.0)
            assert (seg.ena, seg.ek, seg.cao) == (50.0, -90.0, 2.5)
    assert spiny > 100


@pytest.mark.parametrize("d_lambda", [0.0, -0.1, 1.5])
def test_d_lambda_out_of_range_is_refused(n, d_lambda):
    with pytest.raises(BadInput, match="d_lambda"):
        build("dhc", d_lambda=d_lambda)


def test_two_builds_are_bit_identical(n):
    runs = [Settled(n, build("dhc")).run(25.0, current=0.5, synapses=60) for _ in range(2)]
    assert spikes(runs[0][1]) >= 1
    assert np.array_equal(runs[0][0], runs[1][0])
    assert np.array_equal(runs[0][1], runs[1][1])


def test_sections_go_with_their_cell(n):
    before = sum(1 for _ in n.allsec())
    cell = build("dhc")
    assert sum(1 for _ in n.allsec()) == before + len(cell.sections())
    del cell
    assert sum(1 for _ in n.allsec()) == before


def test_back_propagating_spikes_fade_by_slow_inactivation(n):
    fades = []
    for exempt in (False, True):
        cell = build("dhc")
        if exempt:
            without_slow_inactivation(cell)
        clamps = []
        for k in range(5):
            clamp = n.IClamp(cell.soma(0.5))
            clamp.delay, clamp.dur, clamp.amp = 5.0 + 20.0 * k, 2.0, 3.0
            clamps.append(clamp)
        settled = Settled(n, cell)
        t, v = settled.run(105.0, at=settled.trunk(250.0))
        first, last = (v[(t > a) & (t < a + 18)].max() - v[0] for a in (5.0, 85.0))
        fades.append(last / first)
        del settled, cell, clamps, clamp
    assert fades[0] < 0.85
    assert fades[1] > fades[0] + 0.05


def test_finer_segments_change_less_than_one_percent(n):
    found = []
    for d_lambda in (D_LAMBDA, D_LAMBDA / 2):
        settled = Settled(n, build("dhc", d_lambda=d_lambda))
        _, steady = settled.run(605.0, current=-0.1)
        _, epsp = settled.run(60.0, synapses=40)  # more make local spikes, all or none
        _, spike = settled.run(30.0, current=3.0, dur=2.0, at=settled.trunk(150.0))
        found.append(
            {
                "segments": settled.cell.n_segments,
                "rest": steady[0],
                "steady": steady[0] - steady[-1],
                "epsp": epsp.max() - epsp[0],
                "spike": spike.max() - spike[0],
            }
        )
        del settled
    assert found[1].pop("segments") > 1.5 * found[0].pop("segments")
    assert found[0]["epsp"] > 3
    assert found[0] == pytest.approx(found[1], rel=0.01)


class TestElectrophysiology:
    def test_rest_is_steady_and_silent(self, settled):
        for place in (settled.cell.soma(0.5), settled.trunk(300.0), settled.cell.axon(1)):
            _, v = settled.run(500.0, at=place)
            assert -68 < v[0] < -60
            assert np.ptp(v) < 0.02

    def test_rest_is_the_same_from_another_potential(self, n, settled):
        _, v = settled.run(1.0)
        n.dt = 20.0
        n.finitialize(-60)
        for _ in range(2000):
            n.fadvance()
        assert settled.cell.soma(0.5).v == pytest.approx(v[0], abs=1e-3)

    def test_calcium_at_rest_is_positive_and_near_its_resting_value(self, n, settled):
        settled.run(1.0)
        for sec in settled.cell.sections():
            for seg in sec:
                if hasattr(seg, "ca1capool"):
                    assert 5e-5 <= seg.cai < 1.2e-4

    def test_input_resistance_and_sag(self, settled):
        _, v = settled.run(605.0, current=-0.1)
        fall, steady = v[0] - v.min(), v[0] - v[-1]
        assert 25 < steady / 0.1 < 80
        assert 0.08 < 1 - steady / fall < 0.25

    def test_repetitive_overshooting_spikes(self, settled):
        t, v = settled.run(305.0, current=0.3)
        # patch recordings have 11.3 +- 1.9 spikes at .25 nA, and two more for every 50 pA
        assert 7 <= spikes(v) <= 19
        assert v.max() > 5
        assert v[t > 200].max() > 0, "it goes on firing"
        assert spikes(settled.run(305.0, current=0.05)[1]) == 0

    @pytest.mark.parametrize(("current", "dur"), [(0.3, 300.0), (0.9, 400.0), (1.4, 150.0)])
    def test_it_is_at_rest_again_soon_after_a_step(self, settled, current, dur):
        _, v = settled.run(5.0 + dur + 100.0, current=current, dur=dur)
        assert v.max() > 0
        assert v[-1] == pytest.approx(v[0], abs=5.0)

    def test_back_propagation_declines_with_distance(self, settled):
        heights = []
        for distance in (50.0, 150.0):
            _, v = settled.run(30.0, current=3.0, dur=2.0, at=settled.trunk(distance))
            heights.append(v.max() - v[0])
        assert 60 < heights[0] < 90
        # rat CA1: 62 +- 9 mV at 150 um (Golding, Kath & Spruston 2001)
        assert 44 < heights[1] < 80

    def test_a_strong_synaptic_input_fires_the_cell_and_a_weak_one_does_not(self, settled):
        assert spikes(settled.run(60.0, synapses=240)[1]) >= 1
        _, v = settled.run(60.0, synapses=8)
        assert spikes(v) == 0
        assert v.max() - v[0] > 1.5
