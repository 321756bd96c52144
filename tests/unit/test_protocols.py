import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ca1ltd import protocols
from ca1ltd.errors import BadInput
from ca1ltd.protocols.induced import InducedProtocol
from ca1ltd.units import minute, s

#: Every protocol with an induction that has a default.
INDUCED = [
    name
    for name, kind in protocols.PROTOCOLS.items()
    if issubclass(kind, InducedProtocol) and name != "phases"
]


def times(protocol, pathway, kind):
    return np.array([p.time for p in protocol.pulses() if pathway in p.pathways and p.kind == kind])


def test_every_induction_has_the_current_of_the_test_pulses_and_the_same_option_for_another():
    for name in (*INDUCED, "clamped-pairing"):
        kind = protocols.PROTOCOLS[name]
        if not any(pulse.kind == "induction" for pulse in kind().pulses()):
            continue
        for said, expected in (({}, 1.0), ({"strength": 1.7}, 1.7)):
            found = {p.strength for p in kind(**said).pulses() if p.kind == "induction"}
            weak = {0.5} if name == "associativity" else set()
            assert found == {expected} | weak, name


def test_lfs_by_default_is_900_pulses_at_1_hz_after_20_min():
    lfs = protocols.lfs()
    induction = times(lfs, "conditioned", "induction")
    assert len(induction) == 900
    assert induction[0] == lfs.induction_start == 20 * minute
    assert np.diff(induction) == pytest.approx(1 * s)
    assert times(lfs, "control", "induction").size == 0
    assert lfs.induction_end == 35 * minute
    assert lfs.t_stop == 95 * minute
    assert lfs.summary_window == (85 * minute, 95 * minute)


def test_test_pulses_alternate_half_an_interval_apart_and_pause_during_induction():
    lfs = protocols.lfs()
    conditioned, control = (times(lfs, pathway, "test") for pathway in protocols.PATHWAYS)
    for train in (conditioned, control):
        assert np.count_nonzero(train < lfs.induction_start) == 40
        assert not ((train >= lfs.induction_start) & (train < lfs.induction_end)).any()
        assert np.diff(train[:40]) == pytest.approx(30 * s)
        assert np.diff(train[40:]) == pytest.approx(30 * s)
    assert control[:40] - conditioned[:40] == pytest.approx(15 * s)
    assert control[40:] - conditioned[40:] == pytest.approx(15 * s)
    last_of_induction = times(lfs, "conditioned", "induction")[-1]
    assert conditioned[40] - last_of_induction == pytest.approx(15 * s)


def test_without_induction_the_test_pulses_go_on_unchanged_through_time_0():
    tests = protocols.test_pulses(duration=20, baseline=10)
    assert np.diff(times(tests, "conditioned", "test")) == pytest.approx(30 * s)
    assert times(tests, "conditioned", "test").size == 40
    assert tests.induction_start == tests.induction_end == 10 * minute
    assert not any(pulse.kind == "induction" for pulse in tests.pulses())


@settings(deadline=None)  # times are never asserted
@given(
    rate=st.floats(0.05, 100),
    pulses=st.integers(1, 600),
    baseline=st.floats(5, 30),
    follow_up=st.floats(5, 90),
    interval=st.floats(4, 120),
)
def test_probes_stay_clear_of_pulses_and_of_induction(rate, pulses, baseline, follow_up, interval):
    lfs = protocols.lfs(
        rate=rate, pulses=pulses, baseline=baseline, follow_up=follow_up, test_interval=interval
    )
    pulse_times = np.array([pulse.time for pulse in lfs.pulses()])
    assert (np.diff(pulse_times) >= 0).all()
    assert pulse_times[0] >= 0
    assert pulse_times[-1] < lfs.t_stop
    probes = lfs.probe_times()
    for time, _ in probes:
        assert np.abs(pulse_times - time).min() >= 1 * s * (1 - 1e-9)
        assert not lfs.induction_start <= time < lfs.induction_end
        assert 0 < time < lfs.t_stop
    start, end = lfs.summary_window
    for pathway in protocols.PATHWAYS:
        own = [time for time, probed in probes if probed == pathway]
        tested = times(lfs, pathway, "test")
        before = tested[tested < lfs.induction_start]
        assert sum(time < lfs.induction_start for time in own) >= min(4, len(before))
        assert sum(start <= time <= end for time in own) >= 1


def test_the_default_lfs_is_probed_four_times_before_and_five_times_in_the_window():
    lfs = protocols.lfs()
    start, end = lfs.summary_window
    for pathway in protocols.PATHWAYS:
        own = np.array([time for time, probed in lfs.probe_times() if probed == pathway])
        assert np.count_nonzero(own < lfs.induction_start) == 4
        assert np.count_nonzero((own >= start) & (own <= end)) == 5
        assert np.diff(own[own > lfs.induction_end]).max() <= 6 * minute


def test_input_output_gives_each_current_once_per_repeat():
    curve = protocols.input_output(currents=(5, 20), repeats=2, interval=10, pathway="control")
    pulses = curve.pulses()
    assert [pulse.current for pulse in pulses] == [5, 20, 5, 20]
    assert np.diff([pulse.time for pulse in pulses]) == pytest.approx(10 * s)
    assert all(pulse.pathways == ("control",) for pulse in pulses)
    assert curve.t_stop == 40 * s
    assert protocols.make("input-output", {"currents": "5,20"}).currents == (5, 20)


def test_paired_pulses_are_the_interval_apart():
    pairs = protocols.paired_pulse(interval=50, pairs=3, every=15)
    pulse_times = np.array([pulse.time for pulse in pairs.pulses()]).reshape(3, 2)
    assert np.diff(pulse_times, axis=1) == pytest.approx(50)
    assert np.diff(pulse_times[:, 0]) == pytest.approx(15 * s)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        *((name, {"baseline": 5.0}) for name in INDUCED),
        ("test-pulses", {"duration": 95}),
        ("input-output", {"currents": [5.0]}),
        ("paired-pulse", {"interval": 100}),
    ],
)
def test_json_gives_the_same_protocol_back(name, other, tmp_path):
    protocol = protocols.make(name, {})
    file = tmp_path / "protocol.json"
    protocols.save(protocol, file)
    assert protocols.load(file) == protocol
    assert protocols.from_dict({**protocol.as_dict(), **other}) != protocol


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("lfs", {"rate": -1}, ["rate is -1", "0.01 to 1000 Hz"]),
        ("lfs", {"rate": 1e6}, ["rate is 1000000", "Hz"]),
        ("lfs", {"rate": "fast"}, ["rate is fast", "number"]),
        ("lfs", {"rate": float("nan")}, ["rate is nan"]),
        ("lfs", {"rate": 300}, ["3.33 ms apart", "refractory period of 2 ms"]),
        ("lfs", {"pulses": 0}, ["pulses is 0", "whole number from 1"]),
        ("lfs", {"pulses": 2.5}, ["pulses is 2.5", "whole number"]),
        ("lfs", {"follow_up": 0}, ["follow-up is 0", "min"]),
        ("lfs", {"speed": 1}, ["no option 'speed'", "rate, pulses"]),
        ("lfs", {"baseline": 1, "test_interval": 90}, ["baseline of 1 min", "90 s"]),
        ("lfs", {"follow_up": 1, "test_interval": 120}, ["after induction", "120 s"]),
        ("lfs", {"rate": 0.01, "pulses": 10000}, ["279 h", "24 h"]),
        ("paired-pulse", {"interval": 3}, ["3 ms apart", "4 ms"]),
        ("paired-pulse", {"pathway": "left"}, ["pathway is left", "conditioned or control"]),
        ("input-output", {"currents": "5,-2"}, ["currents is -2", "uA"]),
        ("test-pulses", {"baseline": 30}, ["baseline is 30 min", "duration of 20 min"]),
        ("ltp", {}, ["no protocol 'ltp'", "lfs, hfs, tbs, stdp, paired-pulse-lfs"]),
    ],
)
def test_bad_input_is_one_sentence_with_value_unit_and_range(name, options, words):
    with pytest.raises(BadInput) as caught:
        protocols.make(name, options)
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_fastest_train_that_axons_follow_is_accepted():
    assert protocols.lfs(rate=250).t_stop > 0
    assert protocols.paired_pulse(interval=4).t_stop > 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("3", "must be a JSON object"),
        ('{"rate": 1}', "needs a 'name'"),
        ('{"name": "lfs", "rtae": 1}', "no option 'rtae'"),
        ('{"name": "lfs", "rate": -3, "rate": 5}', "'rate' is given twice"),
        ('{"name": "lfs", "rate": ' + "9" * 5000 + "}", "a number has 5000 digits"),
        ('{"name": "lfs", "rate": ' + "9" * 400 + "}", "rate is 9"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"name": "lfs", "rate": true}', "rate is true, and must be a number from"),
        ('{"name": "lfs", "pulses": true}', "pulses is true, and must be a whole number"),
        ('{"name": "input-output", "currents": [5, true]}', "currents is true"),
        ('{"name": "depotentiation", "again": 3}', "again is 3"),
        ('{"name": "pairing", "clamp": false}', "clamp is false"),
    ],
)
def test_a_bad_protocol_file_is_refused(text, words, tmp_path):
    file = tmp_path / "protocol.json"
    file.write_text(text)
    with pytest.raises(BadInput, match=words):
        protocols.load(file)
    with pytest.raises(BadInput, match="cannot read"):
        protocols.load(tmp_path / "nowhere.json")


def test_a_protocol_file_may_start_with_a_byte_order_mark(tmp_path):
    file = tmp_path / "protocol.json"
    file.write_text('{"name": "depotentiation", "again": true}', encoding="utf-8-sig")
    assert protocols.load(file) == protocols.depotentiation(again=True)


def test_a_file_without_a_name_is_said():
    with pytest.raises(BadInput, match="name of the protocol's file is empty"):
        protocols.load("")


def test_a_protocol_cannot_be_changed():
    with pytest.raises(Exception, match="frozen"):
        protocols.lfs().rate = 2


def test_hfs_by_default_is_one_second_at_100_hz():
    hfs = protocols.hfs()
    induction = times(hfs, "conditioned", "induction")
    assert len(induction) == 100
    assert induction[0] == hfs.induction_start == 20 * minute
    assert np.diff(induction) == pytest.approx(10)
    assert hfs.induction_end == pytest.approx(induction[-1])
    assert times(hfs, "control", "induction").size == 0


def test_trains_follow_each_other():
    induction = times(protocols.hfs(trains=3, every=20, pulses=10), "conditioned", "induction")
    assert induction.reshape(3, 10)[:, 0] - induction[0] == pytest.approx([0, 20 * s, 40 * s])


def test_theta_bursts_are_bursts_of_four_at_5_hz():
    induction = times(protocols.tbs(), "conditioned", "induction")
    bursts = induction.reshape(10, 4)
    assert np.diff(bursts[:, 0]) == pytest.approx(200)
    assert np.diff(bursts, axis=1) == pytest.approx(10)


@pytest.mark.parametrize("interval", [-20, 0, 15])
def test_the_interval_of_stdp_is_from_pulse_to_spike(interval):
    stdp = protocols.stdp(interval=interval, pairs=7, spikes=2)
    pulses = times(stdp, "conditioned", "induction")
    steps = np.array([step.time for step in stdp.current_steps()]).reshape(7, 2)
    assert steps[:, 0] - pulses == pytest.approx(interval)
    assert np.diff(steps) == pytest.approx(10)
    assert min(pulses[0], steps[0, 0]) == stdp.induction_start
    assert max(pulses[-1], steps[-1, -1] + 2) < stdp.induction_end
    assert all(step.current == 3 and step.duration == 2 for step in stdp.current_steps())
    assert protocols.lfs().current_steps() == ()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rate": 20, "interval": 60}, "pairs 50 ms apart, and one pair lasts 62 ms"),
        ({"spikes": 3, "step": 20}, "current steps of 20 ms, 10 ms apart"),
        ({"interval": 300}, "interval is 300, and must be a number from -200 to 200 ms"),
    ],
)
def test_impossible_pairs_are_refused(options, words):
    with pytest.raises(BadInput, match=words):
        protocols.stdp(**options)


@pytest.mark.parametrize(
    ("name", "options", "offsets"),
    [
        ("lfs", {}, [k / 1e-3 for k in range(900)]),
        ("lfs", {"rate": 3, "pulses": 450}, [k / (3 * 1e-3) for k in range(450)]),
        ("hfs", {}, [k / (100 * 1e-3) for k in range(100)]),
        (
            "tbs",
            {"trains": 2, "every": 10},
            [
                j * 1e4 + b / (5 * 1e-3) + k / (100 * 1e-3)
                for j in range(2)
                for b in range(10)
                for k in range(4)
            ],
        ),
        ("stdp", {}, [k / (5 * 1e-3) for k in range(100)]),
        ("stdp", {"interval": -20, "rate": 2}, [20 + k / (2 * 1e-3) for k in range(100)]),
    ],
)
def test_the_pulses_of_an_induction_come_exactly_when_they_always_did(name, options, offsets):
    protocol = protocols.make(name, options)
    induction = times(protocol, "conditioned", "induction")
    assert np.array_equal(induction, 20 * minute + np.array(offsets))  # to the last bit
    assert {(pulse.kind, pulse.strength) for pulse in protocol.pulses()} == {
        ("test", 1.0),
        ("induction", 1.0),
    }
    # conditioned, control, conditioned, ...: every 30 s each, from 7.5 s on
    tests = times(protocol, "conditioned", "test")
    assert np.array_equal(tests[:40], 7500.0 + 30_000.0 * np.arange(40))
    first = max(protocol.induction_end, induction[-1] + 15 * s)
    assert np.array_equal(tests[40:], first + 30_000.0 * np.arange(len(tests) - 40))
    controls = times(protocol, "control", "test")
    assert np.array_equal(
        controls[40:], first + 15_000.0 + 30_000.0 * np.arange(len(controls) - 40)
    )


def test_current_steps_come_exactly_when_they_always_did():
    stdp = protocols.stdp(pairs=3, spikes=2)
    expected = [20 * minute + 10 + k / (5 * 1e-3) + j / 0.1 for k in range(3) for j in range(2)]
    assert [step.time for step in stdp.current_steps()] == expected


@pytest.mark.parametrize(
    ("name", "end"), [("lfs", 900_000), ("hfs", 99 / 0.1), ("tbs", 9 / 0.005 + 30), ("stdp", 2e4)]
)
def test_induction_ends_when_it_always_did(name, end):
    protocol = protocols.make(name, {})
    assert protocol.induction_end == 20 * minute + end
    assert protocol.t_stop == protocol.induction_end + 60 * minute
    assert protocol.rest_windows == ()


def test_files_write_options_with_hyphens_or_underscores():
    given = {"name": "lfs", "follow-up": 30, "test_interval": 20}
    assert protocols.from_dict(given) == protocols.lfs(follow_up=30, test_interval=20)
    phases = [{"kind": "bursts", "burst-rate": 4}], [{"kind": "bursts", "burst_rate": 4}]
    one, other = (protocols.from_dict({"name": "phases", "phases": each}) for each in phases)
    assert one == other
