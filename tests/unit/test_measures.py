"""What is measured for a condition, on runs made by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ca1ltd import protocols
from ca1ltd.errors import RunError
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.literature.experiments import Experiment, Setting
from ca1ltd.literature.measures import before_last_phase, outcome
from ca1ltd.literature.published import published
from ca1ltd.recording import Trace

EPSP = published()["MM92_ctrl"]  # measured 30-45 min after induction
LAST = published()["JP05_depot"]  # no time given
CALCIUM = published()["SB02_bAP_tau"]


def spec_of(protocol):
    return ExperimentSpec(protocol=protocol, slices=2)


SEEN_MORE = 3.0  # per cent, by the electrode


def run_of(*, epsp=lambda k, minute: 100.0, states=None, synapses=None, traces=()):
    minutes = np.arange(-10.0, 120.0)
    rows = pd.DataFrame(
        [(k, way, m) for k in (0, 1) for way in ("conditioned", "control") for m in minutes],
        columns=["slice", "pathway", "time_min"],
    )
    percent = [
        epsp(k, m) if way == "conditioned" else 100.0 for k, way, m in rows.itertuples(index=False)
    ]
    return SimpleNamespace(
        epsp=rows.assign(percent_of_baseline=[x + SEEN_MORE for x in percent]),
        expected=rows.assign(percent_of_baseline=percent),
        timecourse=rows if states is None else rows.assign(**states(rows["time_min"])),
        synapses=synapses,
        slice_traces={(k, "spine_ca/conditioned/example"): trace for k, trace in enumerate(traces)},
        summary={"pathways": {"conditioned": {"fired_percent": 2.0, "local_spike_percent": 3.0}}},
        path="here",
    )


def found(condition, experiment, protocol, *runs, seen=False):
    return outcome(condition, experiment, [spec_of(protocol)] * len(runs), runs, seen=seen)


LFS = Experiment(protocol="lfs")


def test_the_epsp_is_read_in_the_published_window_after_the_end_of_induction():
    # induction lasts 15 min: the window is 45 to 60 min
    run = run_of(epsp=lambda k, minute: 60.0 + 10 * k if 45 <= minute <= 60 else 0.0)
    result = found(EPSP, LFS, protocols.lfs(), run)
    assert result.value == pytest.approx(65)
    assert result.sem == pytest.approx(5)
    assert result.change == pytest.approx(65)
    assert result.n_slices == 2


def test_what_the_electrode_saw_is_read_if_it_is_asked_for():
    run = run_of(epsp=lambda k, minute: 60.0 + 10 * k)
    result = found(EPSP, LFS, protocols.lfs(), run, seen=True)
    assert result.value == pytest.approx(65 + SEEN_MORE)
    assert result.change == result.value
    reversal = Experiment(protocol="depotentiation", against="last-phase")
    protocol = protocols.make("depotentiation", {"rest": 30})
    run = run_of(epsp=lambda k, minute: 147.0 if 1 < minute < 31 else 102.0)
    assert found(LAST, reversal, protocol, run, seen=True).change == pytest.approx(70)


def test_the_other_pathway_is_read_if_it_is_asked_for():
    run = run_of(epsp=lambda k, minute: 60.0)
    control = Experiment(protocol="lfs", pathway="control")
    assert found(EPSP, control, protocols.lfs(), run).value == 100


def test_without_a_published_time_it_is_the_window_of_the_summary():
    run = run_of(epsp=lambda k, minute: 80.0 if 65 <= minute <= 75 else 0.0)
    assert found(LAST, LFS, protocols.lfs(), run).value == pytest.approx(80)


def test_a_reversal_is_judged_against_the_level_before_the_last_induction():
    protocol = protocols.make("depotentiation", {"rest": 30})
    run = run_of(epsp=lambda k, minute: 150.0 if 1 < minute < 31 else 105.0)
    reversal = Experiment(protocol="depotentiation", against="last-phase")
    result = found(LAST, reversal, protocol, run)
    assert result.value == pytest.approx(105)
    assert result.change == pytest.approx(70)
    assert result.direction == "LTD"


def test_an_induction_without_a_rest_has_no_level_before_its_last_phase():
    assert before_last_phase(protocols.make("depotentiation", {"rest": 30})) == pytest.approx(
        (20 + 0.99 / 60, 30 + 0.99 / 60)
    )
    with pytest.raises(RunError, match="no rest"):
        before_last_phase(protocols.lfs())


def test_phosphorylation_and_receptors_are_per_cent_of_their_own_baseline():
    run = run_of(
        states=lambda minute: {
            "s845_p": np.where(minute < 0, 0.4, 0.1),
            "ampar_anchored": np.where(minute < 0, 40.0, 10.0),
            "ampar_diffusing": 20.0,
        }
    )
    s845 = Experiment(protocol="lfs", measure="s845")
    assert found(EPSP, s845, protocols.lfs(), run).value == pytest.approx(25)
    surface = Experiment(protocol="lfs", measure="surface")
    assert found(EPSP, surface, protocols.lfs(), run).value == pytest.approx(50)


def test_what_spikes_leave_is_measured_and_their_part_is_said():
    run = run_of(epsp=lambda k, minute: np.nan if k else 60.0)
    result = found(EPSP, LFS, protocols.lfs(), run)
    assert (result.value, result.n_slices, result.sem) == (60.0, 1, None)
    assert result.spiked == 5.0
    nothing = found(EPSP, LFS, protocols.lfs(), run_of(epsp=lambda k, minute: np.nan))
    assert (nothing.value, nothing.direction, nothing.spiked) == (None, None, 5.0)
    of_receptors = Experiment(protocol="lfs", measure="surface")
    states = run_of(states=lambda m: dict.fromkeys(("ampar_anchored", "ampar_diffusing"), 1.0))
    assert found(EPSP, of_receptors, protocols.lfs(), states).spiked is None


def test_rising_needs_each_run_above_the_one_before():
    several = Experiment(protocol="tbs", combine="rising", runs=({}, {}, {}))
    low, middle, high = (run_of(epsp=lambda k, m, x=x: x) for x in (101.0, 120.0, 140.0))
    protocol = protocols.tbs()
    assert found(EPSP, several, protocol, low, middle, high).direction == "LTP"
    assert found(EPSP, several, protocol, low, high, middle).direction == "NC"


def test_the_least_level_for_ltp_is_where_a_line_crosses_the_threshold():
    runs = tuple({"level": level} for level in (1, 2, 4))
    several = Experiment(protocol="tbs", combine="least-for-LTP", runs=runs)
    none, weak, strong = (run_of(epsp=lambda k, m, x=x: x) for x in (100.0, 104.0, 112.0))
    protocol = protocols.tbs()
    number = published()["MLZ92"]
    assert found(number, several, protocol, none, weak, strong).value == pytest.approx(3)
    assert found(number, several, protocol, strong, strong, strong).value == 1
    assert found(number, several, protocol, none, none, none).value is None


def test_a_run_without_the_window_is_an_error():
    run = run_of()
    run.expected = run.expected[run.expected["time_min"] < 30]
    with pytest.raises(RunError, match="nothing was measured from 45 to 60 min"):
        found(EPSP, LFS, protocols.lfs(), run)


def spike_trace(onsets, *, tau, height=1.5, rest=0.06):
    times = np.arange(0.0, 10_000.0, 0.1)
    values = np.full(times.size, rest)
    for onset in onsets:
        after = times >= onset
        values[after] += height * np.exp(-(times[after] - onset) / tau)
    return Trace(name="spine_ca/conditioned/example", times=times, values=values, unit="uM")


def test_the_decay_of_calcium_is_read_after_each_spike():
    protocol = protocols.stdp(interval=-200, rate=0.5, pairs=3)
    # a little late, so that the value at the onset is the resting one
    traces = [spike_trace((1, 2001, 4001), tau=tau) for tau in (12.0, 18.0)]
    run = run_of(traces=traces)

    def measured(measure):
        return found(CALCIUM, Experiment(protocol="stdp", measure=measure), protocol, run)

    assert measured("ca-spike-decay").value == pytest.approx(15, rel=0.02)
    assert measured("ca-spike-decay").sem == pytest.approx(3, rel=0.02)
    assert measured("ca-rest").value == pytest.approx(0.06)
    assert measured("ca-rest").change is None
    assert measured("ca-peak").value == pytest.approx(1.5, rel=0.01)
    with pytest.raises(RunError, match="no spike was evoked"):
        found(CALCIUM, Experiment(protocol="lfs", measure="ca-spike-decay"), protocols.lfs(), run)


def test_calcium_of_a_release_is_above_rest_and_the_capacity_is_that_of_the_buffer():
    synapses = pd.DataFrame(
        {
            "slice": [0, 0, 0, 1, 1, 1],
            "pathway": ["conditioned"] * 6,
            "peak_spine_ca_uM": [0.5, 0.76, 5.0, 0.96, np.nan, 0.96],
        }
    )
    run = run_of(synapses=synapses)
    release = Experiment(protocol="lfs", measure="ca-release")
    assert found(CALCIUM, release, protocols.lfs(), run).value == pytest.approx(0.8)
    capacity = Experiment(protocol="lfs", measure="ca-capacity")
    assert found(CALCIUM, capacity, protocols.lfs(), run).value == pytest.approx(30.7, rel=0.02)


CONTROL = {"drugs": ()}


def test_what_a_drug_leaves_is_per_cent_of_the_run_without_it():
    def run(peak):
        rows = {"slice": [0, 1], "pathway": ["conditioned"] * 2, "peak_spine_ca_uM": [peak] * 2}
        return run_of(synapses=pd.DataFrame(rows))

    left = Experiment(
        protocol="lfs", measure="ca-release", compare={"control": CONTROL, "by": "ratio"}
    )
    result = found(published()["BG07_APV"], left, protocols.lfs(), run(0.26), run(1.06))
    assert result.value == pytest.approx(20)
    assert result.change is None


@pytest.mark.parametrize(
    ("by", "own", "other", "value", "direction"),
    [
        ("less-than", 128, 166, 128, "LTD"),
        ("less-than", 160, 166, 160, "NC"),
        ("less-than", 90, 60, 90, "LTP"),
        ("points", 128, 166, -38, "LTD"),
        ("ratio", 83, 166, 50, "LTD"),
        ("ratio", 104, 100, 104, "NC"),
        ("share-removed", 120, 160, 100 * 40 / 60, "LTD"),
        ("share-removed", 140, 160, 100 * 20 / 60, "NC"),
        ("share-removed", 95, 60, 100 * 35 / 40, "LTP"),
        ("share-removed", 130, 101, 0, "NC"),
    ],
)
def test_a_condition_is_compared_with_another(by, own, other, value, direction):
    experiment = Experiment(protocol="lfs", compare={"with": "MM92_ctrl", "by": by})
    runs = [run_of(epsp=lambda k, minute, at=at: at) for at in (own, other)]
    result = found(EPSP, experiment, protocols.lfs(), *runs)
    assert result.value == pytest.approx(value)
    assert result.direction == direction
    assert result.n_slices == 2


def test_slices_are_compared_one_by_one():
    experiment = Experiment(protocol="lfs", compare={"control": CONTROL, "by": "points"})
    runs = [run_of(epsp=lambda k, minute, at=at: at + 10 * k) for at in (80, 100)]
    result = found(EPSP, experiment, protocols.lfs(), *runs)
    assert (result.value, result.sem) == (pytest.approx(-20), pytest.approx(0))


def test_the_runs_of_a_comparison_are_those_of_both():
    alone = Experiment(protocol="lfs", drugs=("FK506=1",))
    setting = Setting(slices=1)
    (own,) = setting.specs(alone)
    for compare, other in (
        ({"with": "MM92_ctrl", "by": "ratio"}, Experiment(protocol="lfs")),
        ({"control": CONTROL, "by": "ratio"}, Experiment(protocol="lfs")),
    ):
        both = Experiment(protocol="lfs", drugs=("FK506=1",), compare=compare)
        assert setting.specs(both) == (own, *setting.specs(other))
    for wrong in ({"by": "ratio"}, {"by": "ratio", "control": CONTROL, "with": "MM92_ctrl"}):
        with pytest.raises(ValueError, match="either `with` a condition or with a `control`"):
            Experiment(protocol="lfs", compare=wrong)


def test_several_runs_are_combined_by_what_each_leaves_of_its_own_level():
    rising = Experiment(
        protocol="depotentiation",
        against="last-phase",
        combine="rising",
        runs=({"options": {"rest": 20}}, {"options": {"rest": 30}}),
    )
    protocol = protocols.make("depotentiation", {"rest": 30})

    def run(before, after):
        return run_of(epsp=lambda k, minute: before if 1 < minute < 31 else after)

    # the second leaves more in per cent of the baseline, and less of its own level
    runs = run(100.0, 120.0), run(200.0, 130.0)
    assert found(LAST, rising, protocol, *runs).change == 100.0
    runs = run(200.0, 130.0), run(100.0, 120.0)
    assert found(LAST, rising, protocol, *runs).change == pytest.approx(120)
