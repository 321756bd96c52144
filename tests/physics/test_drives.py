"""What drives the spines of a slice, as it is recorded, kept and replayed."""

import numpy as np
import pytest

from ca1ltd.analysis import measure
from ca1ltd.declared import Declared
from ca1ltd.drive import CALCIUM_SAMPLE, POTENTIAL_SAMPLE, REST, STILL
from ca1ltd.engine.access import reference_of
from ca1ltd.engine.driving import DriveRecorder
from ca1ltd.engine.recorder import Tape
from ca1ltd.engine.samples import Samples
from ca1ltd.engine.simulation import simulate
from ca1ltd.experiment.results import assemble
from ca1ltd.experiment.slice import build_rig, run_slice
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.drive_file import read_drives, write_drives
from ca1ltd.model.setup import Record
from ca1ltd.units import mV, uM

CLAMP = {"level": 0.7, "duration": 60, "baseline": 2, "follow_up": 12}
PULSES = {"duration": 3, "baseline": 1, "test_interval": 60}


def slice_of(protocol, options, drug=(), **changed):
    spec = ExperimentSpec.of(
        Declared(protocol, options, drug, parameters=changed, slices=1, synapses=4)
    )
    return spec, *spec.slice_specs()


def along(stretches, sample, levels):
    """Values every sample from 0 on, each stretch where it belongs and levels elsewhere."""
    stop = round((stretches.starts[-1] + 1000) / sample)
    course = np.empty((stop, stretches.values.shape[1]))
    course[:] = levels
    ends = np.cumsum(stretches.lengths)
    for start, end, length in zip(stretches.starts, ends, stretches.lengths, strict=True):
        first = round(start / sample)
        course[first : first + length] = stretches.values[end - length : end]
        if sample == POTENTIAL_SAMPLE:
            course[first + length :] = stretches.values[end - 1]
    return course


#: Receptors stay where they are: what they feed back on calcium, drives are told without.
STILL_RECEPTORS = {"ca1psd.k_target": 0.0, "ca1psd.k_retain": 0.0}


@pytest.fixture(scope="module")
def both():
    """A simulation with its drives, and what samples of the same spines say."""
    _, slice_ = slice_of("test-pulses", PULSES, **{"ca1bouton.u_rest": 0.9} | STILL_RECEPTORS)
    rig = build_rig(slice_)
    recorder = DriveRecorder(rig)
    samples = {
        (axon, what): Samples(Tape(reference_of(rig, Record(name="it", what=what))), 0.25)
        for axon in rig.pathways["conditioned"].tolist()
        for what in (f"spine[{axon}].cai", f"spine[{axon}].v")
    }
    recording = simulate(rig, slice_.protocol, (), samples=[recorder, *samples.values()])
    return slice_, recording, recorder.drives(recording)["conditioned"], samples


def test_recording_moves_no_bit(both):
    slice_, recording, _, _ = both
    plain = run_slice(slice_)
    with_drives = measure(slice_.protocol, recording, index=0, seed=slice_.seed)
    for table in ("pulses", "synapses", "timecourse"):
        assert getattr(with_drives, table).equals(getattr(plain, table)), table


@pytest.mark.parametrize(
    ("name", "sample", "unit", "swing", "most"),
    [("cai", CALCIUM_SAMPLE, uM, 0.5, 0.05), ("v", POTENTIAL_SAMPLE, mV, 5.0, STILL + 0.1)],
)
def test_it_is_what_every_spine_saw(both, name, sample, unit, swing, most):
    _, _, drive, samples = both
    track, levels = (drive.calcium, REST) if name == "cai" else (drive.potential, drive.resting)
    course = along(track, sample, levels)
    for which, axon in enumerate(drive.axons):
        _, values = samples[axon, f"spine[{axon}].{name}"].taken()
        ends = values[:: round(sample / 0.25)] / unit
        within = values[: (len(ends) - 1) * round(sample / 0.25)].reshape(len(ends) - 1, -1) / unit
        expected = within.mean(axis=1) + (ends[1:] - ends[:-1]) * 0.125 / sample
        n_both = min(len(expected), len(course))
        assert np.ptp(course[:, which]) > swing
        np.testing.assert_allclose(course[:n_both, which], expected[:n_both], rtol=0, atol=most)


def test_releases_are_those_of_the_boutons(both):
    slice_, recording, drive, _ = both
    table = measure(slice_.protocol, recording, index=0, seed=slice_.seed).synapses
    rows = table[table["pathway"] == "conditioned"]
    counts = np.bincount(drive.released, minlength=len(drive.axons))
    assert list(counts) == list(rows["successes"])
    assert counts.min() >= 2
    assert (np.diff(drive.releases) >= 0).all()


@pytest.mark.parametrize(
    ("drug", "changed", "most"),
    [((), {}, 92), (("H-89=5@1..6",), {}, 85), ((), {"ca1psd.k_target": 0.02}, 85)],
    ids=["plain", "drug that comes and goes", "changed parameter"],
)
def test_a_recorded_slice_is_replayed_as_it_ran(tmp_path, drug, changed, most):
    pytest.importorskip("cma", reason="needs pip install 'ca1ltd[calibration]'")
    from ca1ltd.appraisal.replayed import Replayed

    spec, slice_ = slice_of("calcium-clamp", CLAMP, drug, **changed)
    result = run_slice(slice_, drives=True)
    write_drives(result.drives, tmp_path / "drives.npz")
    replayed = Replayed(slice_, read_drives(tmp_path / "drives.npz")["conditioned"])
    course = replayed.course()
    run = assemble(spec, [result])
    seen = run.expected[run.expected["pathway"] == "conditioned"]
    percent = 100 * np.interp(seen["time_min"], course.index, course["epsp"])
    # a replay has conductances, of which EPSPs are not quite a straight function
    assert percent == pytest.approx(seen["percent_of_baseline"], abs=2.0)
    assert seen["percent_of_baseline"].iloc[-1] < most
    states = run.timecourse[run.timecourse["pathway"] == "conditioned"]
    before = states[states["time_min"] < 0].mean(numeric_only=True)
    for name in ("s845_p", "s831_p"):
        last = states[name].iloc[-1] / before[name]
        assert course[name].iloc[-1] == pytest.approx(last, abs=0.02), name
