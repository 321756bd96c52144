"""What a simulation hands on, and what a slice measured, as values."""

from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from ca1ltd.arrays import Floats, Ints
from ca1ltd.drive import Drives
from ca1ltd.errors import BadInput
from ca1ltd.model.field_electrode import FieldElectrode
from ca1ltd.units import ms

#: What is kept around a pulse: from before it to after it.
WINDOW: Final = (-5 * ms, 60 * ms)
#: Sampling of what is kept.
SAMPLE: Final = 0.1 * ms
#: A response that the next pulse cuts off before this has no size: its peak may be yet to come.
LEAST: Final = 40 * ms


#: What the time of a spike is relative to (ms): pulses that come within it are paired with it.
TIMING: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Response:
    """Somatic potential (mV) around a pulse, at times (ms) from its onset (ms).

    ``current`` (uA) passed through the electrode of the first of its pathways. ``field`` is the
    potential (mV) at the field electrode, ``highest`` the highest (mV) in any segment of soma,
    dendrites and axon, and ``recorded`` holds what else was asked for, in NEURON's units, all at
    the same times.
    """

    onset: float
    pathways: tuple[str, ...]
    kind: str
    current: float
    times: Floats
    potential: Floats
    field: Floats
    highest: Floats
    recorded: dict[str, Floats]

    @property
    def has_size(self) -> bool:
        """Whether it lasts long enough to be measured; within a train the next pulse is sooner."""
        return bool(self.times[-1] >= LEAST)

    @property
    def is_whole(self) -> bool:
        """Whether no other pulse came before the end of its window, to a sample."""
        return bool(self.times[-1] >= WINDOW[1] - SAMPLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Errors of the steps at a pulse, each None where there is nothing to measure.

    Parameters
    ----------
    onset : float
        When the pulse was given (ms).
    amplitude : float, optional
        Of the EPSP, relative to it, where the cell did not fire and no pulse cuts it off.
    calcium : float, optional
        Of the mean peak in the spines whose calcium has had one, relative to it.
    calcineurin : float, optional
        Of what is activated in the mean of all spines, relative to it.
    spike : float, optional
        By how much a spike comes late (ms).
    """

    onset: float
    amplitude: float | None = None
    calcium: float | None = None
    calcineurin: float | None = None
    spike: float | None = None

    @property
    def worst(self) -> float:
        """The largest of the errors, without its sign; that of a spike is one of `TIMING`."""
        spike = None if self.spike is None else self.spike / TIMING
        found = (self.amplitude, self.calcium, self.calcineurin, spike)
        return max(abs(each) for each in found if each is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a spine sits: ``x`` along a section, path distance and position in um."""

    section: str
    x: float
    domain: str
    path_distance: float
    position: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Where everything is in a slice.

    Attributes
    ----------
    sites : tuple of Site
        Of each synapse.
    pathways : dict of str to ndarray
        Positions among the synapses of those that the set current of each pathway recruits,
        ascending.
    currents : dict of str to float
        Set current of each pathway (uA).
    electrodes : dict of str to tuple of float
        x, y, z of the tip of each pathway's stimulating electrode (um).
    field : FieldElectrode
        The field electrode.
    series_resistance : float
        Of the recording electrode (MOhm).
    """

    sites: tuple[Site, ...]
    pathways: dict[str, Ints]
    currents: dict[str, float]
    electrodes: dict[str, tuple[float, float, float]]
    field: FieldElectrode
    series_resistance: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """All that was recorded from a slice; arrays over synapses are in the order of ``axons``.

    Attributes
    ----------
    layout : Layout
        Where everything is.
    axons : ndarray
        Number of the axon of each synapse, shape ``(n_synapses,)``.
    responses : list of Response
        Somatic responses in the order of time, kinds "test", "induction" and "probe".
    times : ndarray
        When the states were read (ms), shape ``(n_readings,)``.
    states : dict of str to ndarray
        States of the spines by name, each of shape ``(n_readings, n_synapses)``.
    releases : DataFrame
        One row per pulse and synapse that released: ``onset`` (ms), ``synapse`` (position in
        ``axons``), ``quanta``, ``v_mV`` and ``before_uM`` (potential and calcium of the spine at
        the pulse), ``peak_uM`` (of its calcium, until the next pulse or step of the clamp).
    peaks : dict of str to ndarray
        Highest value in the run of each state of which a readout is a peak, shape
        ``(n_synapses,)``.
    example : tuple of ndarray
        Times (ms from the start of induction) and calcium (uM) of the first conditioned spine.
    audits : list of Audit
        Errors of the steps, measured during the run.
    statistics : dict of str to float
        ``wall_s``, ``simulated_s``, ``steps``, their final ``refinement`` and the mean errors.
    """

    layout: Layout
    axons: Ints
    responses: list[Response]
    times: Floats
    states: dict[str, Floats]
    releases: pd.DataFrame
    peaks: dict[str, Floats]
    example: tuple[Floats, Floats]
    audits: list[Audit]
    statistics: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """A recorded quantity against time.

    Attributes
    ----------
    name : str
        What and where, as "soma_v/conditioned/before".
    times : ndarray
        Times (ms), shape ``(n,)``.
    values : ndarray
        Values in `unit`, shape ``(n,)``.
    unit : str
        Unit of the values.
    """

    name: str
    times: Floats
    values: Floats
    unit: str

    def __repr__(self) -> str:
        span = f", {self.times[0]:g} to {self.times[-1]:g} ms" if len(self.times) else ""
        unit = "" if self.unit == "1" else f" in {self.unit}"
        return f"<Trace {self.name}: {len(self.times)} values{unit}{span}>"

    def __post_init__(self) -> None:
        if self.times.ndim != 1 or self.times.shape != self.values.shape:
            raise BadInput(
                f"the trace {self.name} has times of shape {self.times.shape} and values of shape "
                f"{self.values.shape}: they must be two equally long rows"
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SliceResult:
    """What one simulated slice measured.

    Attributes
    ----------
    index : int
        Number of the slice in its experiment.
    seed : int
        Seed of the experiment.
    pulses : DataFrame
        One row per measured pulse: ``pathway, time_min, kind, epsp_slope_mV_per_ms,
        epsp_amplitude_mV, fepsp_slope_uV_per_ms``; the kind "probe" is the EPSP expected without
        release noise.
    synapses : DataFrame
        One row per synapse: where it is, its receptors before and after, its peaks.
    timecourse : DataFrame
        Means over the spines of each pathway against ``time_min``.
    traces : dict of str to Trace
        Chosen windows by name.
    geometry : dict
        Where the electrodes are, as JSON values.
    statistics : dict of str to float
        Cost of the simulation: ``wall_s``, ``simulated_s``, steps.
    drives : dict of str to Drive
        What drove some spines of each pathway, if it was asked for.
    """

    index: int
    seed: int
    pulses: pd.DataFrame
    synapses: pd.DataFrame
    timecourse: pd.DataFrame
    traces: dict[str, Trace]
    geometry: dict[str, Any]
    statistics: dict[str, float]
    drives: Drives = field(default_factory=dict)
