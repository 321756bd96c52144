"""A slice without a simulation, for tests of what runs slices; found by PYTHONPATH.

The environment says how it behaves: FAKE_SECONDS is how long each slice takes, FAKE_FAILS which
slice fails and how, as "1:raise", "1:die", "0:refuse".
"""

import os
import signal
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from ca1ltd.analysis.readouts import SYNAPSES, TIMECOURSE
from ca1ltd.drive import Drive, Stretches
from ca1ltd.errors import BadInput
from ca1ltd.protocols.clamped import ClampedProtocol
from ca1ltd.recording import SliceResult, Trace

STEPS = 20


def run_slice(spec, progress=None, stop=None, *, drives=False):
    index, _, how = os.environ.get("FAKE_FAILS", "").partition(":")
    print("what the simulator prints")
    for step in range(STEPS):
        time.sleep(float(os.environ.get("FAKE_SECONDS", "0")) / STEPS)
        progress((step + 1) / STEPS)
    if index == str(spec.index):
        if how == "die":
            os.kill(os.getpid(), signal.SIGSEGV)
        if how == "refuse":
            raise BadInput("this cell has 12 axons there, and 60 were asked for")
        raise ZeroDivisionError("no conductance")
    made = made_up_result(spec)
    return replace(made, drives=made_up_drives(spec)) if drives else made


def made_up_drives(spec):
    """A second of calcium at 0.5 uM and an EPSP of 10 ms in every minute of the induction."""
    protocol = spec.protocol
    starts = np.arange(protocol.induction_start, protocol.induction_end, 6e4)

    def stretches(length, value):
        shape = (len(starts) * length, 3)
        return Stretches(
            starts=starts,
            lengths=np.full(len(starts), length),
            values=np.full(shape, value, dtype=np.float16),
        )

    drive = Drive(
        axons=np.array([2, 3, 5]),
        calcium=stretches(200, 0.5),
        potential=stretches(10, -55.0),
        resting=np.full(3, -65.0),
        releases=starts,
        released=np.zeros(len(starts), dtype=np.int64),
    )
    return dict.fromkeys(("conditioned", "control"), drive)


def made_up_result(spec):
    rng = np.random.default_rng([spec.seed, spec.index])
    protocol = spec.protocol
    tests = [
        (pathway, (pulse.time - protocol.induction_start) / 6e4, "test")
        for pulse in protocol.pulses()
        for pathway in pulse.pathways
        if pulse.kind == "test"
    ]
    probes = [
        (pathway, (time - protocol.induction_start) / 6e4, "probe")
        for time, pathway in protocol.probe_times()
    ]
    pulses = pd.DataFrame(tests + probes, columns=["pathway", "time_min", "kind"])
    after = (pulses["pathway"] == "conditioned") & (pulses["time_min"] > 0)
    noise = np.where(pulses["kind"] == "test", rng.normal(1, 0.1, len(pulses)), 1.0)
    pulses["epsp_slope_mV_per_ms"] = np.where(after, 0.7, 1.0) * noise
    pulses["epsp_amplitude_mV"] = 5 * pulses["epsp_slope_mV_per_ms"]
    pulses["fepsp_slope_uV_per_ms"] = 0.2 * pulses["epsp_slope_mV_per_ms"]
    pulses["fired"], pulses["spike"] = False, "none"
    if isinstance(protocol, ClampedProtocol):
        pulses["holding_mV"] = -65.0
        pulses["epsc_pA"] = np.where(after, -40.0, -20.0)
        pulses["epsc_late_pA"] = -1.0
    synapses = pd.DataFrame(
        {
            "synapse": range(4),
            "pathway": ["conditioned", "control"] * 2,
            "section": "apic[3]",
            "x": rng.random(4),
            "domain": "radiatum",
            **dict.fromkeys((readout.column for readout in SYNAPSES), 0.5),
            "path_distance_um": rng.uniform(50, 350, 4),
            "peak_spine_ca_uM": rng.lognormal(0, 0.2, 4),
            "successes": rng.integers(0, 400, 4),
        }
    )
    minutes = np.arange(-5.0, (protocol.t_stop - protocol.induction_start) / 6e4)
    timecourse = pd.concat(
        pd.DataFrame(
            {
                "pathway": pathway,
                "time_min": minutes,
                **dict.fromkeys((readout.column for readout in TIMECOURSE), 0.5),
                "spine_ca_uM": rng.random(minutes.size),
            }
        )
        for pathway in ("conditioned", "control")
    ).reset_index(drop=True)
    trace = Trace(
        name="soma_v/conditioned/before",
        times=np.arange(0, 50, 0.5),
        values=rng.normal(size=100),
        unit="mV",
    )
    return SliceResult(
        index=spec.index,
        seed=spec.seed,
        pulses=pulses,
        synapses=synapses,
        timecourse=timecourse,
        traces={trace.name: trace},
        geometry={"recording": {"section": "soma[0]", "x": 0.5}},
        statistics={"wall_s": 2.0, "simulated_s": protocol.t_stop / 1e3},
    )
