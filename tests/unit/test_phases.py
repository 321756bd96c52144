"""Phases and the protocols made of them: what happens when, files, and what is impossible."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ca1ltd import protocols
from ca1ltd.errors import BadInput
from ca1ltd.protocols import (
    Bursts,
    Calcium,
    Clamp,
    Hold,
    Pairs,
    Repeat,
    Rest,
    Steps,
    Together,
    Train,
)
from ca1ltd.units import minute, s, uM

TRAIN = {"kind": "train", "rate": 1, "pulses": 60}
REST = {"kind": "rest", "duration": 20}
HFS = {"kind": "bursts", "bursts": 1, "pulses": 100, "rate": 100, "strength": 2}
EVERY_KIND = [
    {**TRAIN, "trains": 2, "every": 90, "holding": -40, "pathways": ["control"]},
    REST,
    HFS,
    {"kind": "rest", "duration": 0.5},
    {"kind": "pairs", "interval": -15, "pairs": 20, "spikes": 2, "pre": 2},
    REST,
    {"kind": "clamp", "potential": -10, "rate": 0.5, "pulses": 10},
    REST,
    {"kind": "calcium", "concentration": 0.7, "duration": 60, "pathways": "control,conditioned"},
    REST,
    {"kind": "together", "phases": [{**HFS, "strength": 0.5}, {**HFS, "pathways": ["control"]}]},
    REST,
    {"kind": "repeat", "phases": [TRAIN, REST, HFS], "times": 3, "rest": 5},
    {"kind": "steps", "potential": 10, "duration": 3, "steps": 20, "every": 5},
]


def pulse_times(protocol, pathway="conditioned", kind="induction"):
    return np.array([p.time for p in protocol.pulses() if pathway in p.pathways and p.kind == kind])


def since_start(protocol, items):
    return [item.time - protocol.induction_start for item in items]


def test_every_kind_is_written_and_read_back(tmp_path):
    protocol = protocols.phases(phases=EVERY_KIND)
    assert {phase.name for phase in protocol.phases} == set(protocols.KINDS)
    protocols.save(protocol, tmp_path / "p.json")
    assert protocols.load(tmp_path / "p.json") == protocol
    assert hash(protocols.load(tmp_path / "p.json")) == hash(protocol)
    text = json.dumps(protocol.as_dict()["phases"])
    assert protocols.make("phases", {"phases": text}) == protocol  # as a cell of a table
    (tmp_path / "list.json").write_text(json.dumps(EVERY_KIND))
    assert protocols.load(tmp_path / "list.json") == protocol


@pytest.mark.parametrize("name", [n for n in protocols.PROTOCOLS if n != "phases"])
def test_a_named_protocol_is_the_sequence_of_its_phases(name):
    protocol = protocols.make(name, {})
    sequence = getattr(protocol, "sequence", tuple)()
    if not sequence:
        pytest.skip("nothing is induced")
    written = [phase.as_dict() for phase in sequence]
    same = protocols.phases(phases=written)
    assert same.pulses() == protocol.pulses()
    assert same.current_steps() == protocol.current_steps()
    assert same.holds() == protocol.holds()
    assert same.calcium_clamps() == protocol.calcium_clamps()
    assert same.probe_times() == protocol.probe_times()
    assert same.summary_window == protocol.summary_window


def test_the_example_of_the_page_is_a_protocol():
    page = (Path(__file__).parents[2] / "docs" / "protocols.md").read_text(encoding="utf-8")
    example = page.split("```json\n")[1].split("```")[0]
    protocol = protocols.from_dict(json.loads(example))
    assert [phase.name for phase in protocol.phases] == ["bursts", "rest", "train"]
    for name, kind in protocols.KINDS.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` | ")][-1:]
        for option in protocols.options_of(kind):
            if option.key not in ("strength", "pathways"):
                assert f"`{option.key}`" in row
    for name in protocols.PROTOCOLS:
        assert f"`{name}`" in page


def test_a_file_option_reads_any_protocol_and_other_options_count_first(tmp_path):
    file = tmp_path / "p.json"
    protocols.save(protocols.lfs(rate=5, baseline=10), file)
    assert protocols.make("phases", {"file": str(file)}) == protocols.lfs(rate=5, baseline=10)
    shorter = protocols.make("phases", {"file": str(file), "baseline": "5"})
    assert shorter == protocols.lfs(rate=5, baseline=5)
    file.write_text(json.dumps({"name": "phases", "file": str(file)}))
    with pytest.raises(BadInput, match="names another file"):
        protocols.make("phases", {"file": str(file)})


def test_phases_nested_too_deeply_are_refused():
    phases = TRAIN
    for _ in range(400):
        phases = {"kind": "together", "phases": [phases, TRAIN]}
    with pytest.raises(BadInput, match=r"^phases: its phases are nested too deeply$"):
        protocols.make("phases", {"phases": [phases]})


@pytest.mark.parametrize(
    ("phase", "word"),
    [
        ({"kind": "together", "parts": [TRAIN, TRAIN]}, "parts"),
        ({"kind": "train", "n_pulses": 9}, "n-pulses"),
        ({"kind": "calcium", "length": 9}, "length"),
    ],
)
def test_a_phase_is_described_in_the_words_of_its_options_alone(phase, word):
    with pytest.raises(BadInput, match=f"phase 1: {phase['kind']} has no option '{word}': it has"):
        protocols.phases(phases=[phase])


def test_phases_follow_each_other_and_test_pulses_go_on_in_rests():
    protocol = protocols.phases(phases=[TRAIN, REST, HFS], follow_up=30)
    start = protocol.induction_start
    induction = pulse_times(protocol)
    assert induction[:60] == pytest.approx(start + 1000 * np.arange(60))
    rest = start + 60 * s, start + 60 * s + 20 * minute
    assert induction[60:] == pytest.approx(rest[1] + 10 * np.arange(100))
    for pathway in protocols.PATHWAYS:
        tests = pulse_times(protocol, pathway, "test")
        inside = tests[(tests >= rest[0]) & (tests < rest[1])]
        assert np.diff(inside) == pytest.approx(30 * s)
        assert len(inside) == 40 if pathway == "conditioned" else 39
        outside = np.concatenate([tests[tests < start], tests[tests >= rest[1]]])
        assert len(inside) + len(outside) == len(tests)
        assert not ((outside >= start) & (outside < protocol.induction_end)).any()
    assert pulse_times(protocol, "conditioned", "test")[40] - induction[59] == 15 * s
    assert protocol.rest_windows == ((rest[1] - 10 * minute, rest[1]),)
    assert protocol.summary_window == (
        protocol.induction_end + 20 * minute,
        protocol.induction_end + 30 * minute,
    )


@settings(deadline=None, max_examples=50)
@given(
    rest=st.floats(0.05, 90),
    interval=st.floats(4, 120),
    pulses=st.integers(1, 300),
    rate=st.floats(0.1, 100),
)
def test_tests_and_probes_of_a_rest_stay_in_it(rest, interval, pulses, rate):
    train = Train(rate=rate, pulses=pulses)
    protocol = protocols.phases(phases=[train, Rest(duration=rest), train], test_interval=interval)
    start = protocol.induction_start + train.duration
    end = start + rest * minute
    all_pulses = np.array([pulse.time for pulse in protocol.pulses()])
    assert (np.diff(all_pulses) >= 0).all()
    for pathway in protocols.PATHWAYS:
        tests = pulse_times(protocol, pathway, "test")
        induced = (tests >= protocol.induction_start) & (tests < protocol.induction_end)
        inside = tests[induced]
        assert ((inside >= start) & (inside <= end - 1 * s)).all()
        probes = np.array([time for time, probed in protocol.probe_times() if probed == pathway])
        between = probes[(probes > protocol.induction_start) & (probes < protocol.induction_end)]
        assert ((between >= start) & (between < end)).all()
        late = (inside >= end - 10 * minute).sum() - 1  # the first may have no room for a probe
        assert (between >= end - 10 * minute - 2 * s).sum() >= min(5, late)
    for time, _ in protocol.probe_times():
        assert np.abs(all_pulses - time).min() >= 1 * s * (1 - 1e-9)


def test_only_rests_of_ten_minutes_have_an_outcome():
    rests = [Rest(duration=9.9), Rest(duration=10)]
    train = Train(**{key: TRAIN[key] for key in ("rate", "pulses")})
    protocol = protocols.phases(phases=[train, rests[0], train, rests[1], train])
    ((start, end),) = protocol.rest_windows
    assert end - start == pytest.approx(10 * minute)
    assert end == pytest.approx(protocol.induction_end - train.duration)


def test_a_clamp_settles_before_its_first_pulse():
    pairing = protocols.pairing(pulses=10, rate=2, potential=-5)
    assert since_start(pairing, [pairing.pulses()[80]]) == [500]
    assert pulse_times(pairing)[-1] - pairing.induction_start == 500 + 9 * 500
    assert pairing.holds() == (Hold(pairing.induction_start, 500 + 5000, -5.0),)
    assert pairing.induction_end == pairing.induction_start + 5500
    assert pairing.current_steps() == ()


def test_pairing_with_current_begins_a_step_with_each_pulse():
    pairing = protocols.pairing(clamp="current", pulses=10, step=120, current=0.8)
    assert pairing.holds() == ()
    assert [step.time for step in pairing.current_steps()] == pulse_times(pairing).tolist()
    assert {(step.duration, step.current) for step in pairing.current_steps()} == {(120, 0.8)}


def test_paired_pulse_lfs_is_900_pairs_at_1_hz():
    pairs = pulse_times(protocols.paired_pulse_lfs()).reshape(900, 2)
    assert np.diff(pairs) == pytest.approx(50)
    assert np.diff(pairs[:, 0]) == pytest.approx(1 * s)


def test_bursts_of_pulses_and_spikes_and_either_alone():
    stdp = protocols.stdp(pairs=2, rate=1, pre=3, pre_rate=50, spikes=2, interval=-10)
    start = stdp.induction_start
    assert pulse_times(stdp) - start == pytest.approx([10, 30, 50, 1010, 1030, 1050])
    assert since_start(stdp, stdp.current_steps()) == pytest.approx([0, 10, 1000, 1010])
    alone = protocols.stdp(pre=0)
    assert not pulse_times(alone).size
    assert len(alone.current_steps()) == 100


@pytest.mark.parametrize(
    ("again", "kinds"), [(False, "bursts rest train"), (True, "bursts rest train rest bursts")]
)
def test_depotentiation_is_hfs_a_rest_and_lfs(again, kinds):
    protocol = protocols.depotentiation(again=again, rest=15, hfs_trains=2, lfs_rate=2)
    sequence = protocol.sequence()
    assert [phase.name for phase in sequence] == kinds.split()
    assert len(protocol.rest_windows) == 1 + again
    pulses = pulse_times(protocol) - protocol.induction_start
    assert len(pulses) == 200 + 900 + 200 * again
    assert pulses[200] == pytest.approx(20 * s + 990 + 15 * minute)
    assert np.diff(pulses[200:1100]) == pytest.approx(500)


def test_de_depression_is_lfs_a_rest_and_hfs():
    names = [phase.name for phase in protocols.make("de-depression", {"again": "yes"}).sequence()]
    assert names == ["train", "rest", "bursts", "rest", "train"]


def test_saturation_repeats_lfs():
    protocol = protocols.saturation(repeats=4, rest=20, pulses=100)
    assert pulse_times(protocol).size == 400
    assert len(protocol.rest_windows) == 3
    assert protocol.induction_end - protocol.induction_start == 4 * 100 * s + 3 * 20 * minute


def test_associativity_gives_weak_and_strong_at_once():
    both = protocols.associativity(weak_strength=0.3, strength=1.5)
    assert np.array_equal(pulse_times(both), pulse_times(both, "control"))
    strengths = {p.pathways: p.strength for p in both.pulses() if p.kind == "induction"}
    assert strengths == {("conditioned",): 0.3, ("control",): 1.5}
    weak = protocols.associativity(inputs="weak", weak="control")
    assert not pulse_times(weak).size
    assert pulse_times(weak, "control").size == 100
    strong = protocols.associativity(inputs="strong", weak="control")
    assert pulse_times(strong).size == 100


def test_a_phase_together_may_be_late():
    parts = (Bursts(bursts=1, pulses=10), Bursts(bursts=1, pulses=10, pathways=("control",)))
    late = protocols.phases(phases=[Together(phases=parts, delay=50)])
    shift = pulse_times(late, "control") - pulse_times(late)
    assert shift == pytest.approx(np.full(10, 50.0))
    assert late.induction_end - late.induction_start == pytest.approx(50 + 90)


def test_calcium_is_clamped_on_the_pathways_asked_for():
    protocol = protocols.calcium_clamp(level=0.8, duration=90)
    (clamp,) = protocol.calcium_clamps()
    assert clamp.time == protocol.induction_start
    assert (clamp.duration, clamp.pathways) == (90 * s, ("conditioned",))
    assert clamp.concentration == pytest.approx(0.8 * uM)
    assert not any(pulse.kind == "induction" for pulse in protocol.pulses())
    after = pulse_times(protocol, "conditioned", "test")
    assert after[after > protocol.induction_start][0] > protocol.induction_end


@pytest.mark.parametrize(
    ("phases", "words"),
    [
        ([], "no phases"),
        ("[", "not JSON"),
        ({"kind": "train"}, "must be a list"),
        ([3], "phase 1 must be an object with a 'kind'"),
        ([TRAIN, {"rate": 1}], "phase 2 must be an object with a 'kind'"),
        ([{"kind": "trian"}], "phase 1: no kind 'trian': there are train, bursts"),
        ([{"kind": ["train"]}], "phase 1: no kind"),
        ([{**TRAIN, "rtae": 1}], "phase 1: train has no option 'rtae': it has rate, pulses"),
        ([{**TRAIN, "rate": -1}], "phase 1: train: rate is -1, and must be a number from 0.01"),
        ([{**TRAIN, "holding": "low"}], "holding is low, and must be a number from -120 to 60 mV"),
        ([{**TRAIN, "strength": 0}], "strength is 0, and must be a number from 0.01 to 20 times"),
        ([{**TRAIN, "pathways": []}], r"pathways is \[\], and must be conditioned or control"),
        ([{**TRAIN, "pathways": "left"}], "must be conditioned or control, or both"),
        ([{**TRAIN, "pathways": ["control"] * 2}], "a pathway of control, control is given twice"),
        ([{**TRAIN, "rate": 300}], "pulses come 3.33 ms apart"),
        ([{**TRAIN, "trains": 2}], "trains come every 20 s, and one lasts 59 s"),
        ([{**HFS, "bursts": 2, "burst_rate": 5}], "bursts come every 200 ms, and one lasts 990 ms"),
        ([HFS, HFS], "pulses come 0 ms apart"),
        ([TRAIN, REST], "the last phase is a rest"),
        ([TRAIN, REST, REST, TRAIN], "the phases 2 and 3 are rests"),
        ([{"kind": "repeat"}], "phase 1: repeat: it has no phases, and needs 1"),
        ([{"kind": "repeat", "phases": [TRAIN, REST]}], "the last phase is a rest"),
        ([{"kind": "repeat", "phases": [REST, TRAIN], "rest": 1}, TRAIN], "phases 3 and 4 are"),
        ([{"kind": "repeat", "phases": [TRAIN], "rest": 0.01}], "rest: duration is 0.01, and must"),
        ([{"kind": "repeat", "phases": [TRAIN], "times": 0}], "times is 0, and must be a whole"),
        (
            [
                {
                    "kind": "repeat",
                    "times": 1000,
                    "phases": [{"kind": "repeat", "phases": [HFS] * 9}],
                }
            ],
            "phase 1: repeat: 18000 phases would follow each other, and the most is 10000",
        ),
        (
            [{"kind": "together", "phases": [TRAIN, {"kind": "repeat", "phases": [REST, TRAIN]}]}],
            "rest cannot be given together",
        ),
        ([{"kind": "steps", "steps": 2, "duration": 6}], "steps come every 5 s, and one lasts 6 s"),
        ([{"kind": "steps", "pulses": 2}], "phase 1: steps has no option 'pulses': it has potent"),
        ([{**TRAIN, "pulses": 90_000}], "would take 26.3 h, and the longest run is 24 h"),
        ([{"kind": "together"}], "phase 1: together: it has 0 phases, and needs 2"),
        ([{"kind": "together", "phases": [TRAIN, REST]}], "rest cannot be given together"),
        ([{"kind": "together", "phases": [TRAIN, {}]}], "phase 1: phase 2 must be an object"),
        ([{"kind": "together", "phases": [TRAIN, TRAIN]}], "pulses come 0 ms apart"),
        (
            [
                {
                    "kind": "together",
                    "phases": [{"kind": "clamp"}, {**TRAIN, "holding": -40, "pathways": "control"}],
                }
            ],
            "a voltage clamp of the soma lasts 60.5 s, and a voltage clamp comes 0 s after",
        ),
        (
            [{"kind": "together", "phases": [{"kind": "clamp"}, {"kind": "pairs", "pre": 0}]}],
            "a voltage clamp of the soma lasts 100.5 s, and a current step comes 0.01 s after",
        ),
        (
            [{"kind": "together", "phases": [{"kind": "calcium"}] * 2, "delay": 100}],
            "a calcium clamp of the conditioned spines lasts 60 s, and a calcium clamp comes 0.1 s",
        ),
        ([{"kind": "pairs", "rate": 20, "interval": 60}], "pairs 50 ms apart, and one pair lasts"),
    ],
)
def test_an_impossible_sequence_is_refused_in_one_sentence(phases, words):
    with pytest.raises(BadInput, match=words) as caught:
        protocols.phases(phases=phases)
    assert "\n" not in str(caught.value)


def test_a_repeat_is_its_phases_written_out():
    written = [TRAIN, REST, HFS, {"kind": "rest", "duration": 5}] * 3
    repeated = protocols.phases(
        phases=[{"kind": "repeat", "phases": [TRAIN, REST, HFS], "times": 3, "rest": 5}]
    )
    same = protocols.phases(phases=written[:-1])
    assert repeated.sequence() == same.sequence()
    assert repeated.pulses() == same.pulses()
    assert repeated.rest_windows == same.rest_windows
    pairs = Pairs(pairs=10, rate=5)
    ten = protocols.phases(phases=[Repeat(phases=[pairs], times=12)])
    assert ten.pulses() == protocols.phases(phases=[Pairs(pairs=120, rate=5)]).pulses()
    alone = Repeat(phases=[pairs], times=2)
    assert list(alone.events(5.0)) == [*pairs.events(5.0), *pairs.events(5.0 + 2 * s)]
    assert alone.duration == 4 * s


def test_a_protocol_may_begin_with_a_rest():
    rested = protocols.phases(phases=[REST, TRAIN])
    start = rested.induction_start
    for pathway in protocols.PATHWAYS:
        tests = pulse_times(rested, pathway, "test")
        before = tests[tests < start + 20 * minute]
        np.testing.assert_allclose(np.diff(before), 30 * s)  # on through the baseline's end
    assert pulse_times(rested)[0] == start + 20 * minute
    assert rested.rest_windows == ((start + 10 * minute, start + 20 * minute),)
    assert rested.rests == rested.rest_windows


def test_steps_clamp_the_soma_without_a_pulse():
    steps = protocols.phases(phases=[Steps(potential=10, duration=3, steps=20, every=5)])
    assert steps.holds()[:2] == (
        Hold(steps.induction_start, 3000, 10),
        Hold(steps.induction_start + 5000, 3000, 10),
    )
    assert len(steps.holds()) == 20
    assert steps.induction_end - steps.induction_start == 98 * s
    assert not any(pulse.kind == "induction" for pulse in steps.pulses())


def test_what_meets_does_not_overlap():
    clamps = [Clamp(rate=3, pulses=7), Clamp(rate=3, pulses=7), Calcium(duration=1 / 3)]
    protocol = protocols.phases(phases=[*clamps, Calcium(duration=1), Pairs(pairs=1)])
    assert len(protocol.holds()) == 2
    assert len(protocol.calcium_clamps()) == 2
