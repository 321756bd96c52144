"""The slice on the rig: a cell, Schaffer collaterals with their spines, and the electrodes.

Only synapses that some electrode recruits are built. Everything random comes from the seed, the
slice's number and the axon's number, so that an axon keeps its properties whatever else is built.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from neuron import n

from ca1ltd import resources
from ca1ltd.engine import session
from ca1ltd.engine.cell import D_LAMBDA, build_cell
from ca1ltd.engine.inhibition import Inhibition
from ca1ltd.engine.spine import Spine
from ca1ltd.errors import RunError
from ca1ltd.model import parameters
from ca1ltd.model.afferents import Afferents, afferents_of, conduction_delays, jitter
from ca1ltd.model.biophysics import read_biophysics
from ca1ltd.model.field_electrode import FieldElectrode, default_field_electrode
from ca1ltd.model.morphology import read_swc
from ca1ltd.model.placement import Sites, ampar_scale, place_spines
from ca1ltd.model.stimulation import StimulatingElectrode, assert_independent, default_tips
from ca1ltd.protocols import Pulse
from ca1ltd.units import m_per_s, ms

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Spikes arrive at boutons on this grid after the pulse, so that they meet the steps of the
#: integrator; CVODE is restarted once by all that come together. It is finer than the jitter.
ARRIVAL_GRID: Final = 0.25 * ms
#: Arrivals come this much after the grid point (ms), so that no rounding error of the time decides
#: whether they belong to the step before it or after it.
_HAIR: Final = 1e-6
#: Rate of a calcium clamp (/ms): a thousand times that of the pump, so that the level is met within
#: .1 %, whatever flows in.
CALCIUM_CLAMP: Final = 1e3
#: Groups of `parameters.table` that the rig uses itself; the others are mechanisms.
_OWN_GROUPS: Final = ("slice", "spine", "afferents", "inhibition")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Synapse:
    """One Schaffer collateral synapse: bouton, spine and the connections between them."""

    axon: int
    spine: Spine
    bouton: Any
    afferent: Any  # NetCon that carries the axon's spikes to the bouton
    ampa: Any  # NetCons from the bouton to the receptors, weights in quanta
    nmda: Any

    @property
    def mean_quanta(self) -> float:
        """Quanta released on average by a rested bouton."""
        return float(self.bouton.n_rrp * self.bouton.rested())


class Rig:
    """A slice on the rig; its NEURON objects exist as long as it does.

    Parameters
    ----------
    cell : str
        Name of the cell.
    seed, index : int
        Seed of the experiment and number of the slice.
    synapses : int
        Axons that each electrode's set current recruits.
    changed : mapping
        Parameters that differ from their defaults, by key.
    highest : mapping
        Highest current (uA) that will be given through an electrode, where it is above the set
        current.
    strengths : mapping
        Greatest strength of a pulse to a pathway, where it is above 1: what `current_for` takes.
        Together with that of the other pathway it must leave the electrodes independent.
    holding : float, optional
        Potential (mV) at which a steady current keeps the resting soma.
    field : FieldElectrode, optional
        The field electrode; by default one between the depths of the stimulating electrodes.
    d_lambda : float
        Longest segment as a fraction of the length constant at 100 Hz.

    Attributes
    ----------
    holding : float or None
        As given.
    inhibition : Inhibition or None
        GABA-A receptors, if they are not blocked.
    electrodes : dict
        Stimulating electrode of each pathway.
    field : FieldElectrode
        The field electrode.
    currents : dict
        Set current (uA) of each pathway.
    pathways : dict
        Axons that the set current of each pathway recruits, ascending.
    synapses : dict
        Synapse of each axon that is modelled.
    """

    def __init__(
        self,
        *,
        cell: str,
        seed: int,
        index: int,
        synapses: int,
        changed: Mapping[str, float],
        highest: Mapping[str, float] | None = None,
        strengths: Mapping[str, float] | None = None,
        holding: float | None = None,
        field: FieldElectrode | None = None,
        d_lambda: float = D_LAMBDA,
    ) -> None:
        session.load()
        gc.collect()  # an earlier rig may be waiting for it
        if any(True for _ in n.allsec()):
            raise RunError(
                "NEURON holds sections of another model, which it would simulate along with this "
                "one; delete them first, or run each slice in a process of its own"
            )
        self.changed = dict(changed)
        self._synapses = synapses
        folder = resources.cell_dir(cell)
        morphology = read_swc(folder / "morphology.swc")
        self.celsius = self.value("slice.celsius")
        self.cell = build_cell(
            morphology,
            read_biophysics(folder / "biophysics.toml"),
            d_lambda=d_lambda,
            ca_o=self.value("slice.ca_o"),
        )
        streams = np.random.SeedSequence([seed, index]).spawn(4)
        self.sites: Sites = place_spines(morphology, np.random.default_rng(streams[0]))
        self.axons: Afferents = afferents_of(
            self.sites, np.random.default_rng(streams[3]), wander=self.value("afferents.wander")
        )
        self._jitter_rng = np.random.default_rng(streams[1])
        spread = self.value("afferents.spread")
        self._nmda_scale = np.random.default_rng(streams[2]).uniform(
            1 - spread, 1 + spread, len(self.sites)
        )
        self._ampa_scale = ampar_scale(self.sites.path_distance)
        self.electrodes: dict[str, StimulatingElectrode] = {
            tip.name: tip for tip in default_tips(morphology)
        }
        between = np.mean([tip.tip[1] for tip in self.electrodes.values()])
        self.field = field or default_field_electrode(morphology, float(between))
        depth, z = self.axons.depth, self.axons.z
        self.currents = {
            name: tip.current_for(synapses, depth, z) for name, tip in self.electrodes.items()
        }
        strong = {
            name: self.current_for(name, max(1.0, (strengths or {}).get(name, 1.0)))
            for name in self.electrodes
        }
        first, second = self.electrodes.values()
        assert_independent(first, second, (strong[first.name], strong[second.name]), depth, z)
        self.pathways: dict[str, Ints] = {
            name: self.recruited(name, current) for name, current in self.currents.items()
        }
        self._delays: dict[str, Floats] = {
            name: conduction_delays(
                self.axons, tip.tip, velocity=self.value("afferents.velocity") * m_per_s
            )
            for name, tip in self.electrodes.items()
        }
        self._injection: Any = n.IClamp(self.cell.soma(0.5))
        self._injection.dur = 1e12
        self._injection.amp = self._steady = 0.0
        self._clamp: Any = n.SEClamp(self.cell.soma(0.5))
        self._clamp.rs = self.value("slice.series_resistance")
        self._clamp.dur1 = 0.0
        self.holding = holding
        modelled = set(np.concatenate(list(self.pathways.values())).tolist())
        for name, current in (*strong.items(), *(highest or {}).items()):
            modelled |= set(self.recruited(name, current).tolist())
        geometry = {k: self.value(f"spine.{k}") for k in _names("spine")}
        self.synapses = {
            axon: self._synapse(axon, geometry, (seed, index)) for axon in sorted(modelled)
        }
        g_axon = self.value("inhibition.g_axon")
        self.inhibition = (
            Inhibition(
                self.cell,
                self.sites,
                self.pathways,
                g_axon=g_axon,
                delay=float(_rounded(self.value("inhibition.delay"))),
            )
            if g_axon
            else None
        )
        for key, value in self.changed.items():
            mechanism, name = key.split(".")
            if mechanism not in _OWN_GROUPS:
                for target in self._on_cell(mechanism):
                    setattr(target, name, value)

    def value(self, key: str) -> float:
        """Return a parameter as changed, or its default."""
        return self.changed.get(key, parameters.table()[key].value)

    def recruited(self, pathway: str, current: float) -> Ints:
        """Return the axons that a current (uA) through an electrode makes fire, ascending."""
        return self.electrodes[pathway].recruited(self.axons.depth, self.axons.z, current)

    def current_for(self, pathway: str, strength: float) -> float:
        """Return the current (uA) that recruits a multiple of a pathway's axons, at least one.

        Raises
        ------
        BadInput
            If the slice has too few axons.
        """
        if strength == 1.0:
            return self.currents[pathway]
        depth, z = self.axons.depth, self.axons.z
        count = max(1, round(strength * self._synapses))
        return self.electrodes[pathway].current_for(count, depth, z)

    def current_of(self, pulse: Pulse, pathway: str) -> float:
        """Return the current (uA) that a pulse passes through the electrode of a pathway.

        Raises
        ------
        BadInput
            If the slice has too few axons for it.
        """
        if pulse.current is not None:
            return pulse.current
        return self.current_for(pathway, pulse.strength)

    def stimulate(self, pulse: Pulse) -> float:
        """Give a pulse: the spikes of the axons it recruits are put into NEURON's queue.

        Parameters
        ----------
        pulse : Pulse
            Its time must not be before the present.

        Returns
        -------
        float
            When the last of the spikes arrives at its bouton (ms); the onset if none does.
        """
        return max(self._fire(pathway, pulse) for pathway in pulse.pathways)

    def stimulate_mean(self, pathway: str, time: float) -> float:
        """Give a noise-free pulse of a pathway's set current at a time (ms).

        Every synapse contributes its mean release, on time. The boutons are passed by: their state
        and random numbers stay as they are. Returns as `stimulate` does.
        """
        axons = self.pathways[pathway]
        arrivals = time + _rounded(self._delays[pathway][axons])
        for axon, arrival in zip(axons.tolist(), arrivals.tolist(), strict=True):
            synapse = self.synapses[axon]
            for connection in (synapse.ampa, synapse.nmda):
                connection.weight[0] = synapse.mean_quanta
                connection.event(arrival)
        return self._last_arrival(pathway, time, arrivals)

    def restore_quanta(self) -> None:
        """Make one quantum one again, after the events of `stimulate_mean` are delivered."""
        for synapse in self.synapses.values():
            synapse.ampa.weight[0] = synapse.nmda.weight[0] = 1.0

    def inject(self, current: float) -> None:
        """Inject a current (nA) into the soma from now on, through the recording electrode.

        It comes on top of the steady one of `inject_steadily`.
        """
        self._injection.amp = self._steady + current

    def inject_steadily(self, current: float) -> None:
        """Inject a steady current (nA) into the soma for as long as the rig exists."""
        self._steady = current
        self.inject(0.0)

    def hold(self, potential: float | None) -> None:
        """Hold the soma at a potential (mV) from now on, or no longer, by voltage clamp."""
        self._clamp.dur1 = 0.0 if potential is None else 1e12
        if potential is not None:
            self._clamp.amp1 = potential

    def clamp_calcium(self, pathways: Iterable[str], concentration: float | None) -> None:
        """Hold calcium (mM) of the spines of pathways from now on, or no longer."""
        for pathway in pathways:
            for axon in self.pathways[pathway].tolist():
                mechanism = self.synapses[axon].spine.head(0.5).ca1spineca
                mechanism.clamp_rate = 0.0 if concentration is None else CALCIUM_CLAMP
                if concentration is not None:
                    mechanism.clamp_cai = concentration

    @contextmanager
    def same_electrode(self) -> Iterator[None]:
        """Inject the present current, and hold the present potential, again when it ends."""
        current, lasts, potential = self._injection.amp, self._clamp.dur1, self._clamp.amp1
        try:
            yield
        finally:
            self._injection.amp = current
            self._clamp.dur1, self._clamp.amp1 = lasts, potential

    @contextmanager
    def same_release(self) -> Iterator[None]:
        """Give every bouton its random numbers back when it ends: it will release as before."""
        streams = [synapse.bouton.stream for synapse in self.synapses.values()]
        sequence = [stream.get_seq() for stream in streams]
        try:
            yield
        finally:
            for stream, position in zip(streams, sequence, strict=True):
                stream.set_seq(position)

    def set_everywhere(self, mechanism: str, variable: str, value: float) -> None:
        """Set a variable of a mechanism in every spine and wherever else the cell has it."""
        for synapse in self.synapses.values():
            for target in self._instances(synapse, mechanism):
                setattr(target, variable, value)
        for target in self._on_cell(mechanism):
            setattr(target, variable, value)

    def _fire(self, pathway: str, pulse: Pulse) -> float:
        """Make the axons fire that a pulse recruits; return when the last spike arrives (ms)."""
        axons = self.recruited(pathway, self.current_of(pulse, pathway))
        late = jitter(self._jitter_rng, len(axons), self.value("afferents.jitter"))
        arrivals = pulse.time + _rounded(self._delays[pathway][axons] + late)
        for axon, arrival in zip(axons.tolist(), arrivals.tolist(), strict=True):
            self.synapses[axon].afferent.event(arrival)
        return self._last_arrival(pathway, pulse.time, arrivals)

    def _last_arrival(self, pathway: str, time: float, arrivals: Floats) -> float:
        """Evoke the inhibition that goes with spikes; return when the last event comes (ms)."""
        last = float(arrivals.max(initial=time))
        if self.inhibition is None:
            return last
        return max(last, self.inhibition.evoke(pathway, time, len(arrivals)))

    def _synapse(self, axon: int, geometry: Mapping[str, float], seed: tuple[int, int]) -> Synapse:
        spine = Spine(
            f"spine[{axon}]",
            self.cell.segment(int(self.sites.section[axon]), float(self.sites.x[axon])),
            geometry,
            self.cell.biophysics.passive,
            ca_o=self.value("slice.ca_o"),
        )
        bouton: Any = n.ca1bouton()
        bouton.stream.set_ids(seed[0], seed[1], axon)
        bouton.stream.set_seq(0)  # drops the numbers already drawn for the stream's first ids
        synapse = Synapse(
            axon=axon,
            spine=spine,
            bouton=bouton,
            afferent=_connection(None, bouton),
            ampa=_connection(bouton, spine.ampa),
            nmda=_connection(bouton, spine.nmda),
        )
        for key, value in self.changed.items():
            mechanism, name = key.split(".")
            if mechanism not in _OWN_GROUPS:
                for target in self._instances(synapse, mechanism):
                    setattr(target, name, value)
        spine.ampa.scale *= self._ampa_scale[axon]
        spine.nmda.g_max *= self._nmda_scale[axon]
        return synapse

    def _instances(self, synapse: Synapse, mechanism: str) -> list[Any]:
        """Return the instances of a mechanism that belong to a synapse."""
        points = {"ca1ampa": synapse.spine.ampa, "ca1nmda": synapse.spine.nmda}
        points["ca1bouton"] = synapse.bouton
        if mechanism in points:
            return [points[mechanism]]
        head = synapse.spine.head(0.5)
        return [getattr(head, mechanism)] if hasattr(head, mechanism) else []

    def _on_cell(self, mechanism: str) -> Iterator[Any]:
        """Yield the instances of a mechanism on soma, axon and dendrites."""
        if mechanism == "ca1gaba":
            yield from self.inhibition.receptors if self.inhibition else ()
            return
        for section in self.cell.sections():
            if section.has_membrane(mechanism):
                yield from (getattr(segment, mechanism) for segment in section)


def _rounded(delays: npt.ArrayLike) -> Floats:
    found: Floats = np.ceil(np.asarray(delays) / ARRIVAL_GRID) * ARRIVAL_GRID + _HAIR
    return found


def _names(group: str) -> list[str]:
    return [row.name for row in parameters.table().values() if row.group == group]


def _connection(source: Any, target: Any) -> Any:
    connection = n.NetCon(source, target)
    connection.delay = 0.0
    connection.weight[0] = 1.0
    return connection
