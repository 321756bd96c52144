"""Our integration strategy against CVODE over whole experiments, protocol by protocol.

Releases come from the seed alone, so that both simulate the same experiment pulse for pulse.
"""

import numpy as np
import pytest

from ca1ltd import protocols
from ca1ltd.experiment.slice import run_slice
from ca1ltd.experiment.spec import SliceSpec

pytestmark = pytest.mark.slow

PROTOCOLS = {
    "1 Hz": protocols.lfs(),
    "10 Hz": protocols.lfs(rate=10),
    "100 Hz": protocols.hfs(),
    "theta bursts": protocols.tbs(),
    "pulse before spike": protocols.stdp(interval=10),
}


@pytest.fixture
def record(record_property, request):
    """Record numbers of a cell and a protocol for `docs/speed.md`, and print them."""
    of = request.node.callspec.id

    def note(**numbers):
        for name, number in numbers.items():
            print(f"{name.replace('_', ' ')} {number:+.4f}")
            record_property(f"{of}: {name.replace('_', ' ')}", float(number))

    return note


#: What looks at the same experiment stays in one process of many.
BOTH = [
    pytest.param((cell, protocol), id=name, marks=pytest.mark.xdist_group(name))
    for cell in ("dhc", "c5038804")
    for protocol in PROTOCOLS
    for name in (f"{cell} {protocol}",)
]


@pytest.fixture(scope="module", params=BOTH)
def both(request):
    cell, protocol = request.param
    return [
        run_slice(SliceSpec(protocol=PROTOCOLS[protocol], cell=cell, integrator=integrator))
        for integrator in ("reference", "efficient")
    ]


def relative(both, table, column, rows=None):
    """Error of our steps, relative to the reference."""
    expected, found = (getattr(each, table) for each in both)
    if rows is not None:
        expected, found = expected[rows], found[rows]
    return (found[column] / expected[column] - 1).to_numpy()


def test_the_slopes_of_the_epsps(both, record):
    expected = both[0].pulses
    rows = (expected["kind"] != "induction") & ~expected["fired"]
    for each in both:  # a spike in a dendrite leaves no slope of an EPSP
        rows &= each.pulses["epsp_slope_mV_per_ms"].notna()
    assert rows.sum() > 20
    error = relative(both, "pulses", "epsp_slope_mV_per_ms", rows)
    most = np.quantile(abs(error), 0.95)
    record(slope=error.mean(), slope_of_95_percent=most)
    assert abs(error.mean()) < 0.01
    assert most < 0.015


def test_the_peaks_of_spine_calcium(both, record):
    conditioned = both[0].synapses["pathway"] == "conditioned"
    error = relative(both, "synapses", "peak_spine_ca_uM", conditioned)
    record(calcium=error.mean(), calcium_of_the_worst=abs(error).max())
    assert abs(error.mean()) < 0.01


def test_the_receptors_at_the_surface_over_the_whole_run(both, record):
    surface = []
    for each in both:
        table = each.timecourse[each.timecourse["pathway"] == "conditioned"]
        surface.append((table["ampar_anchored"] + table["ampar_diffusing"]).to_numpy())
    error = surface[1] / surface[0] - 1
    print(f"speed {speed(both[0]):.0f} and {speed(both[1]):.0f}")
    record(surface=abs(error).max(), reference_left=left(both[0]), left=left(both[1]))
    assert abs(error).max() < 0.01


def test_the_phosphorylation_of_camkii(both, record):
    reference, ours = (each.synapses[each.synapses["pathway"] == "conditioned"] for each in both)
    peaks = [each["camkii_pt286_peak"].mean() for each in (reference, ours)]
    error = peaks[1] / peaks[0] - 1
    record(pt286=error, pt286_peak=peaks[0])
    assert abs(error) < 0.01 or peaks[0] < 0.001  # of the enzyme: next to nothing


def left(result):
    """What is left of the noise-free EPSP in the last ten minutes (1)."""
    pulses = result.pulses
    probes = pulses[(pulses["kind"] == "probe") & (pulses["pathway"] == "conditioned")]
    late = probes["time_min"] > probes["time_min"].max() - 10
    slopes = probes["epsp_slope_mV_per_ms"]
    return slopes[late].mean() / slopes[probes["time_min"] < 0].mean()


def speed(result):
    return result.statistics["simulated_s"] / result.statistics["wall_s"]
