"""Conditions and drugs in the simulated slice: inhibition, holding current, channels, wash-out."""

import gc

import numpy as np
import pytest

from ca1ltd import protocols
from ca1ltd.engine import session
from ca1ltd.engine.recorder import Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate
from ca1ltd.errors import BadInput
from ca1ltd.experiment.slice import build_rig, steps_of
from ca1ltd.experiment.spec import SliceSpec
from ca1ltd.model import drugs
from ca1ltd.model.condition_windows import parse
from ca1ltd.model.conditions import Conditions
from ca1ltd.protocols import Pulse
from ca1ltd.units import minute

PAIR = protocols.paired_pulse(pairs=1, every=4, interval=150)
RELIABLE = {"ca1bouton.u_rest": 0.5}
#: One vesicle, nearly always released: of several a spine feels less than the sum, and of fewer
#: receptors then more than their share.
SINGLE = {"ca1bouton.u_rest": 0.9, "ca1bouton.n_rrp": 1}
INTACT = {"inhibition.g_axon": 1e-4}


def rig_of(*, synapses=10, holding=None, wash=0.0, **changed):
    return Rig(
        cell="dhc",
        seed=1,
        index=0,
        synapses=synapses,
        changed=RELIABLE | changed,
        holding=holding,
        wash=wash,
    )


def responses(protocol=PAIR, taken=(), *, integrator="efficient", **options):
    gc.collect()
    return simulate(rig_of(**options), protocol, taken, integrator=integrator).responses


def test_blocked_inhibition_is_not_there():
    assert rig_of().inhibition is None
    gc.collect()
    assert session.load().List("ca1gaba").count() == 0


def test_inhibition_cuts_the_epsp_and_is_depressed_at_the_second_pulse():
    strong = {"inhibition.g_axon": 5e-4}
    free, inhibited = responses(), responses(**strong, **{"ca1gaba.most": 0.0})
    depressed = responses(**strong)
    areas = [
        [np.trapezoid(r.potential - r.potential[0]) for r in each]
        for each in (free, inhibited, depressed)
    ]
    assert areas[0][0] > 0
    assert areas[1][0] < 0.8 * areas[0][0]
    assert areas[2][0] == pytest.approx(areas[1][0], rel=1e-6)
    assert areas[2][1] > areas[1][1] + 0.2 * (areas[0][1] - areas[1][1])


def test_inhibition_comes_after_its_delay_in_proportion_to_the_axons():
    conductances = []
    for synapses in (4, 8):
        gc.collect()
        rig = rig_of(synapses=synapses, **INTACT)
        place = rig.inhibition.receptors
        record = {f"{k}": Tape(each._ref_g) for k, each in enumerate(place)}
        (first, *_) = simulate(rig, PAIR, [], record=record).responses
        total = sum(first.recorded.values())
        assert not total[first.times < rig.value("inhibition.delay")].any()
        conductances.append(total.max())
        assert first.recorded["0"].max() == pytest.approx(0.5 * total.max(), rel=1e-3)
        del rig, place, record
    assert conductances == pytest.approx([4e-4, 8e-4], rel=0.03)


def test_our_steps_agree_with_variable_steps_under_inhibition():
    ours, reference = (responses(integrator=name, **INTACT) for name in ("efficient", "reference"))
    for one, other in zip(ours, reference, strict=True):
        scale = np.ptp(other.potential)
        assert scale > 0.3
        found, expected = (each.potential[each.times > -0.05] for each in (one, other))
        np.testing.assert_allclose(found, expected, rtol=0, atol=0.03 * scale)


def test_the_receptors_take_the_parameters_they_are_told():
    rig = rig_of(**INTACT, **{"ca1gaba.e": -65.0})
    assert {each.e for each in rig.inhibition.receptors} == {-65.0}


@pytest.mark.parametrize("potential", [-85.0, -70.0])
def test_the_soma_rests_where_it_is_held(potential):
    before = [r.potential[0] for r in responses(holding=potential)]
    assert before[0] == pytest.approx(potential, abs=0.02)


def test_steps_of_current_come_on_top_of_the_holding_current():
    rig = rig_of(holding=-80.0)
    simulate(rig, PAIR, [])
    steady = rig.electrode.injected
    assert steady < -0.1
    rig.electrode.inject(0.2)
    assert rig.electrode.injected == pytest.approx(steady + 0.2)


def test_a_potential_at_which_the_cell_fires_cannot_be_held():
    with pytest.raises(BadInput, match="no steady current holds the soma at -50 mV"):
        responses(holding=-50.0)


def test_nimodipine_reaches_soma_and_dendrites_and_is_washed_out():
    protocol = protocols.lfs(baseline=1, pulses=2, follow_up=1)
    rig = rig_of(synapses=4)
    sections = [sec for sec in rig.cell.sections() if sec.has_membrane("ca1cal")]
    assert len(sections) > 100
    seen = []

    def look(_fraction):
        blocks = {segment.ca1cal.block for section in sections for segment in section}
        seen.append((session.load().t, blocks))

    taken = [drugs.nimodipine(10, start=0, end=0.5), drugs.nbqx(end=0)]
    simulate(rig, protocol, taken, progress=look)
    start = protocol.induction_start
    there = taken[0].info.acts[0].size(10)
    assert there > 0.98
    for time, blocks in seen:
        if abs(time - start) > 1 and abs(time - start - 0.5 * minute) > 1:
            assert blocks == {there if start < time < start + 0.5 * minute else 0.0}
    assert {block for _, found in seen for block in found} == {0.0, there}
    (synapse, *_) = rig.synapses.values()
    assert synapse.spine.ampa.antagonist == 0


def washed(integrator, taken, tau):
    """Blocks of AMPA receptors by time (ms), and the sizes of EPSPs (mV), in a bath of tau (ms)."""
    gc.collect()
    rig = rig_of(synapses=4, wash=tau, **SINGLE)
    (synapse, *_) = rig.synapses.values()
    blocks = {}

    def look(_fraction):
        blocks[session.load().t] = synapse.spine.ampa.antagonist

    found = simulate(rig, PAIR, taken, integrator=integrator, progress=look)
    assert synapse.spine.head(0.5).ca1cam.can_block == drugs.info("FK506").acts[0].size(1)
    return blocks, [np.ptp(each.potential) for each in found.responses]


def test_a_bath_is_exchanged_by_and_by_alike_under_both_integrators():
    taken = [drugs.nbqx(0.3, start=0.005), drugs.fk506(1)]
    (act,) = taken[0].info.acts
    seen = []
    for name in ("efficient", "reference"):
        blocks, sizes = washed(name, taken, 500.0)
        for time, block in blocks.items():
            since = max(0.0, time - PAIR.induction_start - 0.005 * minute)
            assert block == pytest.approx(act.size(0.3 * (1 - np.exp(-since / 500.0))), abs=0.02)
        assert len(set(blocks.values())) > 20
        seen.append(sizes)
    assert seen[0] == pytest.approx(seen[1], rel=0.02)
    assert seen[0][0] < 0.5 * washed("efficient", taken[1:], 500.0)[1][0]


def test_solutions_and_the_holding_current_change_in_their_windows():
    protocol = protocols.lfs(baseline=1, pulses=2, follow_up=1)
    windows = tuple(map(parse, ("mg=0.2@0..0.5", "ca=4@0..0.5", "holding=-80@0.5..0.9")))
    conditions = Conditions(wash=0.02, readjust=True)
    spec = SliceSpec(protocol=protocol, synapses=4, conditions=conditions, windows=windows)
    rig = build_rig(spec)
    (synapse, *_) = rig.synapses.values()
    places = [synapse.spine.head(0.5), rig.cell.soma(0.5)]
    seen, recruited = [], {}

    def look(_fraction):
        minutes = (session.load().t - protocol.induction_start) / minute
        current = rig.current_of(Pulse(0.0, ("conditioned",), "test"), "conditioned")
        recruited[minutes] = len(rig.wiring.recruited("conditioned", current))
        assert places[0].cao == places[1].cao
        outside, release = places[0].cao, synapse.bouton.u_rest
        seen.append((minutes, synapse.spine.nmda.mg_o, outside, release, places[1].v))

    simulate(rig, protocol, [], steps=steps_of(spec), progress=look)
    usual = seen[0]
    assert usual[1:3] == (1.3, 2.5)
    late = [each for each in seen if 0.2 < each[0] < 0.5]
    for at, mg, outside, release, _ in late:
        assert (mg, outside) == (pytest.approx(0.2, abs=0.03), pytest.approx(4, abs=0.1))
        assert 0 < recruited[at] < 4  # more is released
        assert release == pytest.approx(
            Conditions(mg=0.2, ca=4).parameters()["ca1bouton.u_rest"], rel=0.02
        )
    assert late
    assert len({each[1] for each in seen}) > 40
    assert seen[-1][1] == pytest.approx(1.3, abs=0.03)
    held = [v for at, *_, v in seen if 0.6 < at < 0.9]
    assert recruited[usual[0]] == recruited[seen[-1][0]] == 4
    assert held
    assert held[0] == pytest.approx(-80, abs=0.5)
    assert seen[-1][-1] == pytest.approx(usual[-1], abs=0.5)


def test_nbqx_leaves_the_nmda_epsp_and_forskolin_raises_the_mean_release():
    plain, blocked = responses()[0], responses(taken=[drugs.nbqx()])[0]
    sizes = [np.ptp(each.potential) for each in (plain, blocked)]
    assert 0 < sizes[1] < 0.1 * sizes[0]
    gc.collect()
    rig = rig_of(synapses=4)
    (synapse, *_) = rig.synapses.values()
    before = synapse.mean_quanta
    simulate(rig, PAIR, [drugs.forskolin()])
    assert synapse.mean_quanta == pytest.approx(before * (1 + synapse.bouton.enhanced))
    assert 0.4 < synapse.bouton.enhanced < 0.5


def sizes(*taken, **options):
    return [np.ptp(each.potential) for each in responses(taken=taken, synapses=4, **options)]


def test_in_ttx_a_pulse_evokes_nothing():
    assert max(sizes(drugs.ttx(), **INTACT)) < 1e-3


def test_blockers_of_gaba_a_do_what_a_slice_without_them_does():
    strong = {"inhibition.g_axon": 1e-3}
    free, inhibited = sizes(), sizes(**strong)
    assert abs(inhibited[0] / free[0] - 1) > 0.1
    assert sizes(drugs.picrotoxin(1e5), **strong) == pytest.approx(free, rel=0.02)
    assert sizes(drugs.picrotoxin()) == free


def test_conditions_reach_the_rig_and_a_given_parameter_wins():
    conditions = Conditions(mg_o=0.5, ca_o=4.0, temperature=32, age=600, gaba="intact", holding=-75)
    gc.collect()
    rig = build_rig(
        SliceSpec(
            protocol=PAIR, synapses=4, conditions=conditions, parameters=(("ca1nmda.mg_o", 2.0),)
        )
    )
    (synapse, *_) = rig.synapses.values()
    assert rig.celsius == 32
    assert rig.holding == -75
    assert rig.inhibition is not None
    assert synapse.spine.nmda.mg_o == 2.0
    assert synapse.spine.head.cao == rig.cell.soma.cao == 4.0
    found = conditions.parameters()
    assert synapse.bouton.u_rest == pytest.approx(found["ca1bouton.u_rest"])
    assert rig.cell.soma(0.5).ca1cal.scale == pytest.approx(found["ca1cal.scale"])
    assert found["ca1cal.scale"] > 1.5


def spike(ca_o):
    """Calcium outside once initialised (mM), and what a spike adds inside trunk and spines (mM)."""
    gc.collect()
    rig = rig_of(synapses=4, **Conditions(ca_o=ca_o).parameters())
    n = session.load()
    places = [synapse.spine.head(0.5) for synapse in rig.synapses.values()]
    places.append(rig.cell.segment(rig.cell.morphology.trunk()[0], 0.5))
    with session.settings(celsius=rig.celsius, atol=session.ATOL):
        n.dt = 20.0
        n.finitialize(-65.0)
        entered = [sec for sec in n.allsec() if n.ismembrane("ca_ion", sec=sec)]
        outside = {segment.cao for section in entered for segment in section}
        assert len(entered) > len(places)
        for _ in range(300):
            n.fadvance()
        n.dt = 0.025
        before = highest = np.array([place.cai for place in places])
        top = -65.0
        for current, duration in ((3.0, 2.0), (0.0, 10.0)):
            rig.electrode.inject(current)
            for _ in range(round(duration / n.dt)):
                n.fadvance()
                top = max(top, rig.cell.soma(0.5).v)
                highest = np.maximum(highest, [place.cai for place in places])
    assert top > 0
    return outside, highest - before


def test_calcium_outside_is_that_of_the_bath_once_initialised_and_spikes_let_in_as_much():
    (usual, rise), (low, less) = spike(2.5), spike(1.25)
    assert (usual, low) == ({2.5}, {1.25})
    assert rise.min() > 5e-5
    # influx goes with what is outside; the spike itself hardly changes, and pumps tire of much
    assert np.mean(less / rise) == pytest.approx(0.5, rel=0.1)
    assert less / rise == pytest.approx(0.5, rel=0.15)
