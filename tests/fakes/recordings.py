"""Recordings that no simulation made: three synapses, two of them conditioned."""

import numpy as np
import pandas as pd

from ca1ltd.analysis.readouts import PEAKS
from ca1ltd.model.field_electrode import FieldElectrode
from ca1ltd.model.mechanisms import shown
from ca1ltd.recording import SAMPLE, WINDOW, Layout, Recording, Response, Site

AXONS = np.array([4, 7, 19])
LAYOUT = Layout(
    sites=(
        Site(section="apic[1]", x=0.2, domain="radiatum", path_distance=90.0, position=(1, 2, 3)),
        Site(section="apic[5]", x=0.5, domain="radiatum", path_distance=150.0, position=(4, 5, 6)),
        Site(section="dend[0]", x=0.9, domain="oriens", path_distance=70.0, position=(7, 8, 9)),
    ),
    pathways={"conditioned": np.array([0, 2]), "control": np.array([1])},
    currents={"conditioned": 12.0, "control": 15.0},
    electrodes={"conditioned": (-300.0, 120.0, 0.0), "control": (-300.0, 200.0, 160.0)},
    field=FieldElectrode(tip=(50.0, 160.0, 0.0)),
    series_resistance=10.0,
)
STATES = ("spine_v_mV", *(state.column for _, state in shown() if state.column))
RELEASES = ["onset", "synapse", "quanta", "v_mV", "before_uM", "peak_uM"]


def recording(*, responses=(), times=(0.0,), states=None, releases=(), peaks=None, example=None):
    """A recording; states that are not given are 0, and so are their peaks."""
    shape = len(times), len(AXONS)
    return Recording(
        layout=LAYOUT,
        axons=AXONS,
        responses=list(responses),
        times=np.array(times, dtype=float),
        states={name: np.zeros(shape) for name in STATES} | (states or {}),
        releases=pd.DataFrame(list(releases), columns=RELEASES),
        peaks={name: np.zeros(len(AXONS)) for name in PEAKS} | (peaks or {}),
        example=example or (np.empty(0), np.empty(0)),
        audits=[],
        statistics={"wall_s": 1.0, "simulated_s": 2.0},
    )


def release(onset, synapse, peak, *, v=-70.0, before=0.1):
    """A row of the table of releases: one quantum."""
    return onset, synapse, 1.0, v, before, peak


def response(onset, pathways, size, *, kind="test", current=12.0, until=WINDOW[1], rest=-65.0):
    """A potential that rises for 10 ms by a size (mV) and stays; the field falls as much (uV)."""
    samples = round((until - WINDOW[0]) / SAMPLE) + 1
    times = np.arange(samples) * SAMPLE + WINDOW[0]
    rise = size * np.clip(times / 10.0, 0.0, 1.0)
    return Response(
        onset=onset,
        pathways=tuple(pathways.split("+")),
        kind=kind,
        current=current,
        times=times,
        potential=rest + rise,
        field=-1e-3 * rise,
        highest=rest + rise,
        recorded={},
    )
