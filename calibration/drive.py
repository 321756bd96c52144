"""Record, on the reconstructed cell, the calcium that drives the cascade in `cascade.py`.

    python calibration/drive.py --out drive.npz        # about 10 minutes on one core

Written, all for the spines of the conditioned pathway under the default stochastic release:

    shape            time course of the calcium of one release, peak 1, every ms
    lfs_onset, lfs_spine, lfs_peak      releases of 300 pulses at 1 Hz (ms, number, uM above rest)
    test_onset, test_spine, test_peak   the releases of the test pulses of the baseline
    ca10, ca100      calcium (uM) during 20 s of 10 Hz and during 100 pulses at 100 Hz, every 2 ms
"""

import argparse

import numpy as np

from ca1ltd import protocols
from ca1ltd.engine import session
from ca1ltd.engine.integrator import ATOL, Efficient
from ca1ltd.engine.recorder import Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate


def rig() -> Rig:
    return Rig(cell="dhc", seed=11, index=0, synapses=60, changed={})


def releases(rate: float, pulses: int, baseline: float) -> tuple[np.ndarray, ...]:
    """Releases of test pulses and of a train: (onset, spine, peak) of each."""
    slice_ = rig()
    protocol = protocols.from_dict(
        {"name": "lfs", "rate": rate, "pulses": pulses, "baseline": baseline, "follow_up": 1}
    )
    recording = simulate(slice_, protocol, [])
    members = np.searchsorted(recording.axons, slice_.pathways["conditioned"])
    table = recording.releases
    table = table[table["synapse"].isin(members)]
    rest = recording.states["spine_ca_uM"][0]
    spine = np.searchsorted(members, table["synapse"])
    peak = (table["peak_uM"] - rest[table["synapse"]]).to_numpy()
    onset = table["onset"].to_numpy() - protocol.induction_start
    test = onset < 0
    lfs = (onset >= 0) & (onset < protocol.induction_end - protocol.induction_start)
    return (onset[lfs], spine[lfs], peak[lfs], onset[test], spine[test], peak[test])


def traces(rate: float, pulses: int, stop: float, sample: float) -> np.ndarray:
    """Calcium (uM) of the conditioned spines during a train from rest, (n_times, n_spines)."""
    slice_ = rig()
    with session.settings(celsius=slice_.celsius, atol=ATOL) as cvode:
        spines = [slice_.synapses[int(axon)] for axon in slice_.pathways["conditioned"]]
        tapes = [Tape(synapse.spine.head(0.5)._ref_cai) for synapse in spines]
        integrator = Efficient(cvode)
        integrator.find_rest()
        for tape in tapes:
            tape.erase()
        grid = np.arange(0, stop, sample)
        for k in range(pulses):
            integrator.advance(k * 1000.0 / rate)
            integrator.pulse()
            slice_.stimulate("conditioned", k * 1000.0 / rate)
        integrator.advance(stop)
        columns = []
        for tape in tapes:
            times, values = tape.window(0.0, stop)
            columns.append(np.interp(grid, times, values) * 1e3)
    return np.array(columns, dtype=np.float32).T


def shape() -> np.ndarray:
    """Mean time course of a release's calcium, peak 1, every ms for 600 ms."""
    one_hertz = traces(1.0, 12, 12_000.0, 1.0)
    above = one_hertz - one_hertz[0]
    courses = [
        above[start : start + 600, k] / above[start : start + 600, k].max()
        for start in range(0, 12_000, 1000)
        for k in range(above.shape[1])
        if above[start : start + 600, k].max() > 0.2
    ]
    return np.mean(courses, axis=0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="drive.npz")
    given = parser.parse_args()
    names = ("lfs_onset", "lfs_spine", "lfs_peak", "test_onset", "test_spine", "test_peak")
    recorded = dict(zip(names, releases(1.0, 300, 5.0), strict=True))
    recorded["shape"] = shape()
    recorded["ca100"] = traces(100.0, 100, 3_000.0, 2.0)
    recorded["ca10"] = traces(10.0, 200, 20_000.0, 2.0)
    np.savez_compressed(given.out, **recorded)
    print({name: values.shape for name, values in recorded.items()})
