"""Calibrate synapses on the reconstructed cell: quantal EPSP, calcium of a release and of a spike.

Run after any change to the cell, to receptors or to spine calcium, and before `cascade.py`:

    python -m calibration.calcium            # measure with the parameters as they are
    python -m calibration.calcium --fit      # solve for the three parameters below, then measure

Three parameters are solved for, in this order and around again until all three hold:

    ca1ampa.g_receptor  mean somatic EPSP of one quantum                          0.15 mV  (0.1-0.3)
    ca1nmda.g_max       median peak of spine calcium above rest per release        0.7 uM  (+- 0.1)
    spine.car_gbar      mean peak of spine calcium above rest by a somatic spike   1.4 uM  (1.1-2.3)

The median is taken over the spines of the conditioned pathway at 1 Hz, each spine by the median of
its releases. A quantum of 0.2 mV, the middle of the range, lets
chance clusters of releases start branch spikes at every tenth test pulse, which slices do not show.
All is measured under stochastic release in the default slice. Write the solution
into the mod files and `synapse.toml` by hand, with this script as the source.
"""

import argparse
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ca1ltd import protocols
from ca1ltd.engine import session
from ca1ltd.engine.arrivals import Arrivals
from ca1ltd.engine.integrators import Efficient
from ca1ltd.engine.recorder import SpineStates, Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate
from ca1ltd.recording import Recording

TARGETS = {
    "ca1ampa.g_receptor": ("unitary_mV", 0.15),
    "ca1nmda.g_max": ("calcium_uM", 0.7),
    "spine.car_gbar": ("spike_calcium_uM", 1.4),
}
#: Published conditions that a target, or a parameter that is put in, decides.
CONDITIONS = {
    "ca1nmda.g_max": ("SB02_EPSP_rest", "CA_1Hz"),
    "spine.car_gbar": ("SB02_bAP",),
}
ROUNDS = 3


def build(changed: dict[str, float], cell: str, index: int = 0) -> Rig:
    return Rig(cell=cell, seed=1, index=index, synapses=60, changed=changed)


def unitary(rig: Rig) -> np.ndarray:
    """Somatic EPSP (mV) of one quantum at each synapse, shape ``(n_synapses,)``."""
    sizes = []
    with session.settings(celsius=rig.celsius, atol=session.ATOL) as cvode:
        potential = Tape(rig.cell.soma(0.5)._ref_v)
        integrator = Efficient(cvode)
        integrator.find_rest()
        for synapse in rig.synapses.values():
            with integrator.excursion():
                potential.erase()
                integrator.pulse(Arrivals(1.0, 1.0))
                synapse.ampa.event(1.0)
                synapse.nmda.event(1.0)
                integrator.advance(40.0)
                _, v = potential.window(0.0, 40.0)
                sizes.append(v.max() - v[0])
    return np.array(sizes)


def spike_calcium(rig: Rig) -> np.ndarray:
    """Peak of spine calcium above rest (uM) by one spike evoked at the soma."""
    with session.settings(celsius=rig.celsius, atol=session.ATOL) as cvode:
        states = SpineStates(rig)
        n = session.load()
        spikes = n.APCount(rig.cell.soma(0.5))
        integrator = Efficient(cvode)
        integrator.find_rest()
        spikes.n = 0
        rest = states.read("spine_ca_uM").copy()
        states.clear_peaks()
        for current, until in ((2.0, 2.0), (0.0, 60.0)):
            rig.electrode.inject(current)
            integrator.current_changed()
            integrator.advance(until)
        if spikes.n != 1:
            print(f"  the current step evoked {spikes.n:.0f} spikes, not one")
        return states.read("spine_ca_peak_uM") - rest


def train(rig: Rig, rate: float, pulses: int) -> "tuple[Recording, pd.Series[float], pd.DataFrame]":
    """Recording of a train to the conditioned pathway from rest."""
    protocol = protocols.from_dict(
        {"name": "lfs", "rate": rate, "pulses": pulses, "baseline": 1, "follow_up": 1}
    )
    recording = simulate(rig, protocol, [])
    rest = recording.states["spine_ca_uM"][0]
    members = np.searchsorted(recording.axons, rig.pathways["conditioned"])
    releases = recording.releases[recording.releases["synapse"].isin(members)]
    above = releases["peak_uM"] - rest[releases["synapse"]]
    return recording, above.groupby(releases["synapse"]).median(), releases.assign(above=above)


@dataclass
class Measured:
    unitary_mV: float
    calcium_uM: float
    spike_calcium_uM: float


def measure(changed: dict[str, float], cell: str, wanted: str) -> float:
    if wanted == "unitary_mV":
        return float(unitary(build(changed, cell)).mean())
    if wanted == "calcium_uM":
        return float(train(build(changed, cell), 1.0, 30)[1].median())
    return float(spike_calcium(build(changed, cell)).mean())


def fit(cell: str) -> dict[str, float]:
    """Solve for each parameter in turn by secants on the logarithms."""
    rig = build({}, cell)
    values = {key: rig.value(key) for key in TARGETS}
    del rig
    slope = {"ca1ampa.g_receptor": 1.0, "ca1nmda.g_max": 1.2, "spine.car_gbar": 1.0}
    for turn in range(ROUNDS):
        for key, (wanted, target) in TARGETS.items():
            got = measure(values, cell, wanted)
            print(f"  {turn} {key} = {values[key]:.4g}: {wanted} {got:.4g} (target {target})")
            values[key] *= (target / got) ** (1 / slope[key])
    return {key: float(f"{value:.3g}") for key, value in values.items()}


def report(changed: dict[str, float], cell: str) -> None:
    rig = build(changed, cell)
    sizes = unitary(rig)
    distance = rig.wiring.sites.path_distance[list(rig.synapses)]
    slope = np.polyfit(distance, sizes, 1)[0] * 100
    print(
        f"{cell}: quantal EPSP at the soma {sizes.mean():.3f} mV ({sizes.min():.3f}-"
        f"{sizes.max():.3f}), slope {slope:+.4f} mV per 100 um"
    )
    del rig
    spike = spike_calcium(build(changed, cell))
    print(
        f"spine calcium of a somatic spike {spike.mean():.2f} uM "
        f"({spike.min():.2f}-{spike.max():.2f})"
    )
    rig = build(changed, cell)
    recording, per_spine, releases = train(rig, 1.0, 60)
    quantiles = np.percentile(per_spine, [0, 5, 25, 50, 75, 95, 100])
    print(
        "calcium per release above rest, uM, over conditioned spines "
        "(0, 5, 25, 50, 75, 95, 100 %): " + " ".join(f"{q:.2f}" for q in quantiles)
    )
    for quanta, group in releases.groupby("quanta")["above"]:
        print(f"  releases of {quanta:.0f}: {len(group)}, median {group.median():.2f} uM")
    for response in recording.responses:
        if response.kind == "probe":
            print(
                f"  noise-free EPSP {response.pathways[0]} "
                f"{response.potential.max() - response.potential[0]:.2f} mV"
            )
            if response.pathways[0] == "control":
                break
    del rig
    recording, per_spine, releases = train(build(changed, cell), 100.0, 100)
    peak = releases.groupby("synapse")["above"].max()
    print(f"100 pulses at 100 Hz: peak {peak.median():.1f} uM ({peak.min():.1f}-{peak.max():.1f})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--cell", default="dhc")
    given = parser.parse_args()
    solution = fit(given.cell) if given.fit else {}
    for key, value in solution.items():
        print(f"{key} = {value}")
    report(solution, given.cell)
