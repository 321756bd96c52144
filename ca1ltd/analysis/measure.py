"""From a recording to what a slice measured: its tables and traces."""

from typing import Any

from ca1ltd.analysis.pulses import pulses
from ca1ltd.analysis.readouts import synapses, timecourse
from ca1ltd.analysis.traces import traces
from ca1ltd.protocols import Protocol
from ca1ltd.recording import Layout, Recording, SliceResult


def measure(protocol: Protocol, recording: Recording, *, index: int, seed: int) -> SliceResult:
    """Return what a slice measured.

    Parameters
    ----------
    protocol : Protocol
        What was given.
    recording : Recording
        What was recorded.
    index, seed : int
        Number of the slice and seed of its experiment.
    """
    return SliceResult(
        index=index,
        seed=seed,
        pulses=pulses(protocol, recording),
        synapses=synapses(protocol, recording),
        timecourse=timecourse(protocol, recording),
        traces={trace.name: trace for trace in traces(protocol, recording)},
        geometry=_geometry(recording.layout),
        statistics=recording.statistics,
    )


def _geometry(layout: Layout) -> dict[str, Any]:
    """Return where the electrodes are, as JSON values."""
    return {
        "electrodes": {
            pathway: {
                "tip": list(tip),
                "current_uA": layout.currents[pathway],
                "recruited": len(layout.pathways[pathway]),
            }
            for pathway, tip in layout.electrodes.items()
        },
        "recording": {"section": "soma[0]", "x": 0.5},
        "field": {
            "tip": list(layout.field.tip),
            "conductivity_S_per_m": layout.field.conductivity,
            "reach_um": layout.field.reach,
        },
    }
