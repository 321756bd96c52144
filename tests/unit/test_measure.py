"""What is measured on recordings that no simulation made."""

from dataclasses import replace

import numpy as np
import pytest
from recordings import AXONS, LAYOUT, recording, release, response

from ca1ltd import protocols
from ca1ltd.analysis import measure
from ca1ltd.analysis.readouts import SYNAPSES, TIMECOURSE
from ca1ltd.units import minute, s

LFS = protocols.lfs(baseline=10, rate=1, pulses=60, follow_up=20)
START, END = LFS.induction_start, LFS.induction_end
CONDITIONED, CONTROL = "conditioned", "control"


def measured(protocol=LFS, **recorded):
    return measure(protocol, recording(**recorded), index=2, seed=5)


def synapses(**recorded):
    return measured(**recorded).synapses.set_index("synapse")


def timecourse(pathway=CONDITIONED, protocol=LFS, **recorded):
    table = measured(protocol, **recorded).timecourse
    return table[table["pathway"] == pathway].reset_index(drop=True)


def rows(*values):
    """A state: for each reading the values of the three synapses."""
    return np.array(values, dtype=float)


# -- synapses


def test_calcium_and_successes_of_conditioned_spines_are_of_the_induction_alone():
    tests = [release(k * minute, 0, 0.2) for k in range(5)]
    induced = [release(START + k * s, 0, peak) for k, peak in enumerate((0.8, 0.9, 4.0))]
    after = [release(END + minute, 0, 0.1)]
    table = synapses(releases=tests + induced + after)
    assert table.loc[4, "peak_spine_ca_uM"] == 0.9  # the median
    assert table.loc[4, "successes"] == 3


def test_an_induction_ends_before_the_pulse_at_its_end():
    table = synapses(releases=[release(START, 0, 0.5), release(END, 0, 9.0)])
    assert table.loc[4, "successes"] == 1
    assert table.loc[4, "peak_spine_ca_uM"] == 0.5


def test_all_releases_of_control_spines_count():
    releases = [release(minute, 1, 0.2), release(START, 1, 0.4), release(END + s, 1, 0.3)]
    table = synapses(releases=releases)
    assert table.loc[7, "peak_spine_ca_uM"] == 0.3
    assert table.loc[7, "successes"] == 3


def test_without_an_induction_all_releases_count():
    table = synapses(releases=[release(minute, 0, 0.2), release(2 * minute, 0, 0.6)])
    assert table.loc[4, "peak_spine_ca_uM"] == pytest.approx(0.4)
    assert table.loc[4, "successes"] == 2


def test_a_spine_that_received_nothing_has_no_peak():
    table = synapses(releases=[release(START, 0, 0.5)])
    assert np.isnan(table.loc[19, "peak_spine_ca_uM"])
    assert table.loc[19, "successes"] == 0


def test_receptors_are_those_before_induction_and_at_the_end():
    counts = rows((40, 41, 42), (50, 51, 52), (60, 61, 62), (70, 71, 72))
    table = synapses(
        times=(0.0, START, START + s, LFS.t_stop),
        states={"ampar_anchored": counts, "ampar_internal": counts + 100},
    )
    assert table["ampar_anchored_before"].to_dict() == {4: 50, 19: 52, 7: 51}
    assert table["ampar_anchored_after"].to_dict() == {4: 70, 19: 72, 7: 71}
    assert table.loc[7, "ampar_internal_before"] == 151


def test_peaks_are_those_of_each_spine():
    table = synapses(peaks={"calcineurin_active": np.array([0.1, 0.2, 0.3])})
    assert table["calcineurin_active_peak"].to_dict() == {4: 0.1, 19: 0.3, 7: 0.2}


def test_a_synapse_knows_where_it_is():
    table = measured().synapses
    assert table["synapse"].tolist() == [4, 19, 7]
    assert table["pathway"].tolist() == [CONDITIONED, CONDITIONED, CONTROL]
    last = table.iloc[1]
    assert (last["section"], last["x"], last["domain"]) == ("dend[0]", 0.9, "oriens")
    assert last[["path_distance_um", "x_um", "y_um", "z_um"]].tolist() == [70, 7, 8, 9]


# -- time course


def test_the_time_course_is_the_mean_of_the_spines_of_a_pathway():
    state = rows((0.1, 5.0, 0.3), (0.2, 6.0, 0.6))
    recorded = {"times": (START, START + minute), "states": {"s845_p": state}}
    course = timecourse(**recorded)
    assert course["time_min"].tolist() == [0.0, 1.0]
    assert course["s845_p"].tolist() == pytest.approx([0.2, 0.4])
    assert timecourse(CONTROL, **recorded)["s845_p"].tolist() == [5.0, 6.0]


def test_inhibitor_1_that_holds_pp1_is_phosphorylated_too():
    free, bound = rows((1.0, 9.0, 2.0)), rows((0.25, 9.0, 0.5))
    course = timecourse(states={"inhibitor1_p_uM": free, "inhibitor1_pp1_uM": bound})
    assert course["inhibitor1_p_uM"].tolist() == pytest.approx([1.5 + 0.375])


def test_calcium_of_the_time_course_is_the_mean_peak_of_the_releases_since_the_last_reading():
    times = (0.0, 10 * s, 20 * s, 30 * s)
    releases = [release(t * s, k, peak) for t, k, peak in ((11, 0, 1.0), (12, 2, 3.0), (25, 0, 7))]
    course = timecourse(times=times, releases=[*releases, release(26 * s, 1, 99.0)])
    assert course["spine_ca_uM"].tolist() == [2.0, 2.0, 2.0, 7.0]


def test_calcium_that_is_clamped_is_that_of_the_reading():
    clamp = protocols.phases(
        phases=[{"kind": "calcium", "concentration": 0.8, "duration": 30}], baseline=1, follow_up=1
    )
    start = clamp.induction_start
    times = tuple(start + t * s for t in (-5, 10, 30, 40))
    calcium = rows(*((0.8, 0.0, 0.8) for _ in times))
    recorded = {"times": times, "states": {"spine_ca_uM": calcium}}
    releases = [release(start - 10 * s, 0, 0.5), release(start - 10 * s, 1, 0.5)]
    course = timecourse(protocol=clamp, releases=releases, **recorded)
    assert course["spine_ca_uM"].tolist() == [0.5, 0.8, 0.8, 0.5]
    control = timecourse(CONTROL, clamp, releases=releases, **recorded)
    assert control["spine_ca_uM"].tolist() == [0.5] * 4


def test_calcium_without_a_release_is_that_of_the_readings():
    course = timecourse(states={"spine_ca_uM": rows((0.1, 9.0, 0.3))})
    assert course["spine_ca_uM"].tolist() == pytest.approx([0.2])


# -- pulses


def test_a_pulse_has_the_size_of_its_response():
    (row,) = measured(responses=[response(minute, CONTROL, 5.0)]).pulses.to_dict("records")
    assert (row["pathway"], row["kind"], row["current_uA"]) == (CONTROL, "test", 12.0)
    assert row["time_min"] == pytest.approx(1 - START / minute)
    assert row["epsp_slope_mV_per_ms"] == pytest.approx(0.5)
    assert row["epsp_amplitude_mV"] == pytest.approx(5.0)
    assert row["fepsp_slope_uV_per_ms"] == pytest.approx(0.5)
    assert (row["fired"], row["spike"]) == (False, "none")


def test_a_response_whose_peak_is_a_spikes_has_no_size_and_says_so():
    own, branch = (response(s, CONDITIONED, size) for size in (90.0, 5.0))
    branch = replace(branch, highest=branch.highest + 50.0 * (branch.times > 5.0))
    for each, spike, fired in ((own, "somatic", True), (branch, "local", False)):
        (row,) = measured(responses=[each]).pulses.to_dict("records")
        assert (row["spike"], row["fired"]) == (spike, fired)
        sizes = [row[name] for name in row if name.startswith(("epsp", "fepsp"))]
        assert len(sizes) == 3
        assert np.isnan(sizes).all()


def test_a_response_that_the_next_pulse_cuts_off_has_no_size():
    cut = [response(START + k, CONDITIONED, 5.0, until=until) for k, until in ((0, 39.9), (1, 40))]
    assert len(measured(responses=cut).pulses) == 1
    both = measured(responses=[response(START, f"{CONDITIONED}+{CONTROL}", 5.0)])
    assert both.pulses["pathway"].tolist() == ["both"]


HELD = protocols.clamped_pairing(pulses=3, interval=10, rate=2, pairs=100, follow_up=5)


def test_in_voltage_clamp_the_current_is_measured():
    inward = [response(s, CONDITIONED, -2.0, rest=-65.0)]
    onset = {"releases": [release(s, 0, 0.4, v=-60.0), release(s, 2, 0.8, v=-50.0)]}
    (row,) = measured(HELD, responses=inward, **onset).pulses.to_dict("records")
    assert row["holding_mV"] == -65.0
    assert row["epsc_pA"] == pytest.approx(200.0)  # 2 mV across 10 MOhm
    assert row["epsc_late_pA"] == pytest.approx(200.0)
    assert np.isnan(row["epsp_slope_mV_per_ms"])
    assert (row["spine_v_mV"], row["spine_ca_before_uM"]) == (-55.0, 0.1)
    assert row["spine_ca_uM"] == pytest.approx(0.6)


def test_a_current_of_a_dendrite_that_escapes_from_the_clamp_is_not_measured():
    inward = response(s, CONDITIONED, -2.0, rest=-65.0)
    escaped = replace(inward, highest=inward.highest + 60.0 * (inward.times > 5.0))
    (row,) = measured(HELD, responses=[escaped]).pulses.to_dict("records")
    assert (row["spike"], row["fired"]) == ("local", False)
    assert np.isnan([row["epsc_pA"], row["epsc_late_pA"]]).all()
    depolarised = response(s, CONDITIONED, -2.0, rest=0.0)
    (row,) = measured(HELD, responses=[depolarised]).pulses.to_dict("records")
    assert row["spike"] == "none"


# -- traces


def given_at(onsets, sizes, pathway=CONDITIONED, **options):
    return [response(t, pathway, v, **options) for t, v in zip(onsets, sizes, strict=True)]


def test_a_trace_is_the_mean_of_the_last_ten_test_pulses_before_and_after():
    early, late = LFS.summary_window
    before = given_at(np.arange(12) * 30 * s, range(1, 13))  # of the last ten 7.5 mV
    between = given_at([END + s], [99.0])
    after = given_at(np.linspace(early, late, 14), range(14))  # 8.5 mV
    beyond = given_at([late + s], [99.0])
    traces = measured(responses=before + between + after + beyond).traces
    for when, size in (("before", 7.5), ("after", 8.5)):
        trace = traces[f"soma_v/conditioned/{when}"]
        assert trace.unit == "mV"
        assert trace.values[-1] == pytest.approx(size)
        assert np.interp(0.0, trace.times, trace.values) == pytest.approx(0.0, abs=1e-12)
        assert traces[f"field/conditioned/{when}"].values[-1] == pytest.approx(-size)
        assert (trace.times[0], trace.times[-1]) == pytest.approx((-4.0, 59.0))


def test_spikes_have_no_part_in_the_mean_epsp():
    spikes = given_at([20 * s, 50 * s], [90.0, 90.0])
    traces = measured(responses=[*given_at([s], [5.0]), *spikes]).traces
    assert traces["soma_v/conditioned/before"].values.max() == pytest.approx(5.0)
    assert not measured(responses=spikes).traces


def test_a_trace_is_of_whole_responses_of_its_own_pathway():
    responses = [
        *given_at([s, 2 * s], [3.0, 5.0], CONTROL),
        *given_at([3 * s], [50.0], CONTROL, until=50.0),
        *given_at([4 * s], [60.0], CONTROL, kind="probe"),
        *given_at([5 * s], [70.0], f"{CONTROL}+{CONDITIONED}"),
    ]
    traces = measured(responses=responses).traces
    assert list(traces) == ["soma_v/control/before", "field/control/before"]
    assert traces["soma_v/control/before"].values[-1] == pytest.approx(4.0)


def test_without_induction_there_is_no_trace_of_potential():
    tests = protocols.test_pulses()
    assert not measured(tests, responses=given_at([s], [3.0])).traces


def test_currents_are_averaged_at_each_potential_before_and_after_pairing():
    tests = [pulse.time for pulse in HELD.pulses() if pulse.kind == "test"]
    before = given_at(tests[:3], [-1.0, -2.0, -3.0]) + given_at(tests[3:6], [4.0] * 3, rest=40.0)
    sizes = -np.arange(1.0, 31.0)  # of the last ten -25.5
    after = given_at(tests[6:36], sizes)
    traces = measured(HELD, responses=before + after).traces
    last = {name: trace.values[-1] for name, trace in traces.items()}
    assert {trace.unit for trace in traces.values()} == {"pA"}
    assert last == {
        "soma_i/conditioned/-65/before": pytest.approx(200.0),
        "soma_i/conditioned/40/before": pytest.approx(-400.0),
        "soma_i/conditioned/-65/after": pytest.approx(2550.0),
    }


def test_the_calcium_of_one_spine_is_a_trace():
    example = np.array([0.0, 1.0]), np.array([0.1, 0.9])
    trace = measured(example=example).traces["spine_ca/conditioned/example"]
    assert trace.unit == "uM"
    assert trace.values.tolist() == [0.1, 0.9]


# -- the rest


def test_the_geometry_says_where_electrodes_are_and_what_they_recruit():
    found = measured().geometry
    assert found["electrodes"][CONDITIONED] == {
        "tip": [-300.0, 120.0, 0.0], "current_uA": 12.0, "recruited": 2,
    }  # fmt: skip
    assert found["electrodes"][CONTROL]["recruited"] == 1
    assert found["field"]["tip"] == list(LAYOUT.field.tip)


def test_the_slice_keeps_its_number_its_seed_and_its_cost():
    result = measured()
    assert (result.index, result.seed, result.statistics["wall_s"]) == (2, 5, 1.0)


def test_each_readout_is_a_column_of_its_table_once():
    result = measured()
    for table, readouts, known in (
        (result.synapses, SYNAPSES, ["synapse", "pathway", "section", "x", "domain"]),
        (result.timecourse, TIMECOURSE, ["pathway", "time_min"]),
    ):
        assert list(table.columns) == [*known, *(readout.column for readout in readouts)]
    assert len(result.synapses) == len(AXONS)


def test_a_recording_may_hold_states_that_no_table_shows():
    plain = recording()
    more = replace(plain, states=plain.states | {"unheard_of": np.ones((1, 3))})
    assert "unheard_of" not in measure(LFS, more, index=0, seed=1).timecourse
