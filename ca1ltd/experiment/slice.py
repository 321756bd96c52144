"""One slice: built, simulated and measured."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ca1ltd.analysis import measure_epsc, measure_epsp, measure_fepsp
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import Recording, Response, simulate
from ca1ltd.experiment.clamped import SPINES, clamp_at, clamp_current, mean_currents
from ca1ltd.experiment.spec import SliceSpec
from ca1ltd.model import parameters
from ca1ltd.model.field_electrode import FieldElectrode
from ca1ltd.protocols import PATHWAYS, Hold, Protocol
from ca1ltd.recording import SliceResult, Trace, averaged
from ca1ltd.units import minute, pA, uV

Floats = npt.NDArray[np.float64]

#: Test responses averaged into a trace.
AVERAGED: Final = 10
#: Columns of the table of synapses that hold receptor counts, and the states they are.
POOLS: Final = ("ampar_anchored", "ampar_diffusing", "ampar_internal")


def run_slice(
    spec: SliceSpec,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> SliceResult:
    """Return what one slice measured.

    Parameters
    ----------
    spec : SliceSpec
        The slice.
    progress : callable, optional
        Called with the fraction that is done, 0 to 1.
    stop : callable, optional
        Asked between pulses; True ends the simulation.

    Raises
    ------
    BadInput
        If the cell has too few axons, or a parameter is not allowed.
    Interrupted
        If ``stop`` answered True.
    RunError
        If the simulation fails.
    """
    rig = build_rig(spec)
    recording = simulate(
        rig, spec.protocol, spec.drugs, integrator=spec.integrator, progress=progress, stop=stop
    )
    return measure(spec, rig, recording)


def build_rig(spec: SliceSpec, *, field: FieldElectrode | None = None) -> Rig:
    """Return the rig of a slice, with every synapse that its protocol reaches.

    Parameters
    ----------
    spec : SliceSpec
        The slice.
    field : FieldElectrode, optional
        The field electrode, if it is elsewhere than by default.
    """
    return Rig(
        cell=spec.cell,
        seed=spec.seed,
        index=spec.index,
        synapses=spec.synapses,
        changed=spec.conditions.parameters() | parameters.checked(spec.parameters, spec.cell),
        holding=spec.conditions.holding,
        pulses=spec.protocol.pulses(),
        field=field,
    )


def measure(spec: SliceSpec, rig: Rig, recording: Recording) -> SliceResult:
    """Return the tables of a slice, measured on what was recorded."""
    members = {
        name: np.searchsorted(recording.axons, axons) for name, axons in rig.pathways.items()
    }
    return SliceResult(
        index=spec.index,
        seed=spec.seed,
        pulses=_pulses(spec.protocol, rig, recording),
        synapses=_synapses(spec.protocol, rig, recording, members),
        timecourse=_timecourse(spec.protocol, recording, members),
        traces={trace.name: trace for trace in _traces(spec.protocol, rig, recording)},
        geometry=_geometry(rig),
        statistics=recording.statistics,
    )


def _minutes(protocol: Protocol, time: float | Floats) -> Any:
    return (time - protocol.induction_start) / minute


def _pulses(protocol: Protocol, rig: Rig, recording: Recording) -> pd.DataFrame:
    spines = recording.releases.groupby("onset")[["v_mV", "before_uM", "peak_uM"]].mean()
    rows = []
    for response in recording.responses:
        # a response cut off by the next pulse, as within a train, has no size of its own
        if response.times[-1] < 40.0:
            continue
        one, *more = response.pathways
        row = {
            "pathway": "both" if more else one,
            "time_min": _minutes(protocol, response.onset),
            "kind": response.kind,
            **_size(response, clamp_at(protocol, response.onset), rig),
            "current_uA": response.current,
        }
        if protocol.holds() and response.onset in spines.index:
            row |= dict(zip(SPINES, spines.loc[response.onset], strict=True))
        rows.append(row)
    return pd.DataFrame(rows)


def _size(response: Response, clamp: Hold | None, rig: Rig) -> dict[str, float | bool]:
    """Return the size of a potential or, in voltage clamp, that of the current in its place."""
    if clamp is None:
        epsp = measure_epsp(response.times, response.potential, 0.0)
        fepsp = measure_fepsp(response.times, response.field, 0.0, end=epsp.end)
        return {
            "epsp_slope_mV_per_ms": epsp.slope,
            "epsp_amplitude_mV": epsp.amplitude,
            "fepsp_slope_uV_per_ms": fepsp.slope / uV,
            "fired": epsp.fired,
        }
    epsc = measure_epsc(response.times, clamp_current(response, clamp, rig), 0.0)
    return {
        "epsp_slope_mV_per_ms": np.nan,
        "epsp_amplitude_mV": np.nan,
        "fepsp_slope_uV_per_ms": np.nan,
        "fired": False,
        "holding_mV": clamp.potential,
        "epsc_pA": epsc.peak / pA,
        "epsc_late_pA": epsc.late / pA,
    }


def _synapses(
    protocol: Protocol, rig: Rig, recording: Recording, members: dict[str, npt.NDArray[np.int64]]
) -> pd.DataFrame:
    before = int(np.searchsorted(recording.times, protocol.induction_start, side="right")) - 1
    induction = recording.releases[
        (recording.releases["onset"] >= protocol.induction_start)
        & (recording.releases["onset"] < protocol.induction_end)
    ]
    stimulated = induction if len(induction) else recording.releases
    rows = []
    for pathway, positions in members.items():
        releases = stimulated if pathway == "conditioned" else recording.releases
        grouped = releases.groupby("synapse")["peak_uM"]
        peak, successes = grouped.median(), grouped.size()
        for k in positions.tolist():
            axon = int(recording.axons[k])
            section, x = int(rig.wiring.sites.section[axon]), float(rig.wiring.sites.x[axon])
            position = rig.wiring.sites.position[axon]
            rows.append(
                {
                    "synapse": axon,
                    "pathway": pathway,
                    "section": rig.cell.morphology.sections[section].name,
                    "x": x,
                    "domain": rig.cell.morphology.domain_at(section, x),
                    "path_distance_um": float(rig.wiring.sites.path_distance[axon]),
                    **{
                        f"{pool}_{when}": float(recording.states[pool][row, k])
                        for pool in POOLS
                        for when, row in (("before", before), ("after", -1))
                    },
                    "peak_spine_ca_uM": float(peak.get(k, np.nan)),
                    "calcineurin_active_peak": float(recording.peaks["calcineurin_active"][k]),
                    "pp1_active_peak": float(recording.peaks["pp1_active_uM"][k]),
                    "camkii_pt286_peak": float(recording.peaks["camkii_pt286"][k]),
                    "successes": int(successes.get(k, 0)),
                    "x_um": float(position[0]),
                    "y_um": float(position[1]),
                    "z_um": float(position[2]),
                }
            )
    return pd.DataFrame(rows)


def _timecourse(
    protocol: Protocol, recording: Recording, members: dict[str, npt.NDArray[np.int64]]
) -> pd.DataFrame:
    frames = []
    edges = np.append(recording.times, np.inf)
    for pathway, positions in members.items():
        frame = pd.DataFrame(
            {name: values[:, positions].mean(axis=1) for name, values in recording.states.items()}
        ).drop(columns="spine_ca_peak_uM")
        # at a reading: the mean peak of the releases since the last, or those before if none
        mine = recording.releases[recording.releases["synapse"].isin(positions)]
        reading = np.searchsorted(edges, mine["onset"], side="right")
        peaks = mine.groupby(np.minimum(reading, len(frame) - 1))["peak_uM"].mean()
        if len(peaks):
            clamped = _clamped(protocol, pathway, recording.times)
            shown = peaks.reindex(frame.index).ffill().bfill()
            frame["spine_ca_uM"] = frame["spine_ca_uM"].where(clamped, shown)
        frame["inhibitor1_p_uM"] += frame.pop("inhibitor1_pp1_uM")
        frame.insert(0, "time_min", _minutes(protocol, recording.times))
        frame.insert(0, "pathway", pathway)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _clamped(protocol: Protocol, pathway: str, times: Floats) -> npt.NDArray[np.bool_]:
    """Return at which times (ms) calcium of a pathway is clamped, the end of a clamp included."""
    clamped = np.zeros(len(times), dtype=bool)
    for clamp in protocol.calcium_clamps():
        if pathway in clamp.pathways:
            clamped |= (times > clamp.time) & (times <= clamp.time + clamp.duration)
    return clamped


def _traces(protocol: Protocol, rig: Rig, recording: Recording) -> Iterable[Trace]:
    start, stop = protocol.summary_window
    for pathway in PATHWAYS:
        tests = [
            response
            for response in recording.responses
            if response.kind == "test" and response.pathways == (pathway,)
        ]
        yield from mean_currents(protocol, rig, tests, AVERAGED)
        free = [response for response in tests if clamp_at(protocol, response.onset) is None]
        before = [response for response in free if response.onset < protocol.induction_start]
        after = [response for response in free if start <= response.onset <= stop]
        for when, chosen in (("before", before[-AVERAGED:]), ("after", after[-AVERAGED:])):
            whole = [r for r in chosen if r.times[-1] >= 59.9]
            if whole and protocol.induction_end > protocol.induction_start:
                for name, unit, curves in (
                    ("soma_v", "mV", [(r.times, r.potential) for r in whole]),
                    ("field", "uV", [(r.times, r.field / uV) for r in whole]),
                ):
                    yield averaged(f"{name}/{pathway}/{when}", curves, unit)
    if len(recording.example[0]):
        yield Trace(
            name="spine_ca/conditioned/example",
            times=recording.example[0],
            values=recording.example[1],
            unit="uM",
        )


def _geometry(rig: Rig) -> dict[str, Any]:
    return {
        "electrodes": {
            name: {
                "tip": list(tip.tip),
                "current_uA": rig.wiring.currents[name],
                "recruited": len(rig.pathways[name]),
            }
            for name, tip in rig.wiring.electrodes.items()
        },
        "recording": {"section": "soma[0]", "x": 0.5},
        "field": {
            "tip": list(rig.field.tip),
            "conductivity_S_per_m": rig.field.conductivity,
            "reach_um": rig.field.reach,
        },
    }
