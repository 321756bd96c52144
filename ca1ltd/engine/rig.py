"""The slice on the rig: a cell, Schaffer collaterals with their spines, and the electrodes.

Only synapses that some electrode recruits are built. Everything random comes from the seed, the
slice's number and the axon's number, so that an axon keeps its properties whatever else is built.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from neuron import n

from ca1ltd import resources
from ca1ltd.arrays import Floats
from ca1ltd.engine import session
from ca1ltd.engine.cell import D_LAMBDA, Cell, build_cell
from ca1ltd.engine.inhibition import Inhibition
from ca1ltd.engine.soma_electrode import SomaElectrode
from ca1ltd.engine.synapse import Synapse, build_synapse
from ca1ltd.errors import RunError
from ca1ltd.model import parameters
from ca1ltd.model.afferents import jitter
from ca1ltd.model.cell_biophysics import biophysics_of, changed_biophysics
from ca1ltd.model.field_electrode import FieldElectrode, default_field_electrode
from ca1ltd.model.morphology import read_swc
from ca1ltd.model.placement import ampar_scale
from ca1ltd.model.wiring import wire
from ca1ltd.protocols import Pulse
from ca1ltd.units import ms

#: Spikes arrive at boutons on this grid after the pulse, so that they meet the steps of the
#: integrator; CVODE is restarted once by all that come together. It is finer than the jitter.
ARRIVAL_GRID: Final = 0.25 * ms
#: Arrivals come this much after the grid point (ms), so that no rounding error of the time decides
#: whether they belong to the step before it or after it.
_HAIR: Final = 1e-6
#: Rate of a calcium clamp (/ms): a thousand times that of the pump, so that the level is met within
#: .1 %, whatever flows in.
CALCIUM_CLAMP: Final = 1e3


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
    pulses : iterable of Pulse
        What will be given beside pulses of the set currents: synapses that they reach are built.
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
    cell : Cell
        The cell.
    wiring : Wiring
        Sites of spines, their axons, the stimulating electrodes.
    pathways : dict
        Axons that the set current of each pathway recruits, ascending.
    electrode : SomaElectrode
        The recording electrode in the soma.
    field : FieldElectrode
        The field electrode.
    synapses : dict
        Synapse of each axon that is modelled.
    inhibition : Inhibition or None
        GABA-A receptors, if they are not blocked.
    """

    def __init__(
        self,
        *,
        cell: str,
        seed: int,
        index: int,
        synapses: int,
        changed: Mapping[str, float],
        pulses: Iterable[Pulse] = (),
        holding: float | None = None,
        field: FieldElectrode | None = None,
        d_lambda: float = D_LAMBDA,
    ) -> None:
        self._own_the_model()
        self.changed = dict(changed)
        self.holding = holding
        self.celsius = self.value("slice.celsius")
        self.cell = self._cell(cell, d_lambda)
        placing, late, spreading, wandering = (
            np.random.default_rng(stream)
            for stream in np.random.SeedSequence([seed, index]).spawn(4)
        )
        self.wiring = wire(
            self.cell.morphology,
            self.cell.biophysics.passive,
            self.value,
            synapses=synapses,
            placing=placing,
            wandering=wandering,
        )
        self.pathways = self.wiring.pathways
        self._late = late
        self.field = field or self._field_electrode()
        self.electrode = SomaElectrode(
            self.cell.soma(0.5), series_resistance=self.value("slice.series_resistance")
        )
        reached = self.wiring.reached(pulses)
        self.synapses = self._synapses(reached, (seed, index), spreading)
        self.inhibition = self._inhibition()
        self._set_changed()

    @staticmethod
    def _own_the_model() -> None:
        """Load the mechanisms; refuse to be built beside another model."""
        session.load()
        gc.collect()  # an earlier rig may be waiting for it
        if any(True for _ in n.allsec()):
            raise RunError(
                "NEURON holds sections of another model, which it would simulate along with this "
                "one; delete them first, or run each slice in a process of its own"
            )

    def _cell(self, name: str, d_lambda: float) -> Cell:
        morphology = read_swc(resources.cell_dir(name) / "morphology.swc")
        return build_cell(
            replace(morphology, radiatum_depth=self.value("placement.radiatum_depth")),
            changed_biophysics(
                biophysics_of(name), parameters.of_cell(self.changed), source="changed for this run"
            ),
            d_lambda=d_lambda,
            ca_o=self.value("slice.ca_o"),
        )

    def _field_electrode(self) -> FieldElectrode:
        """Return the field electrode between the depths of the stimulating ones."""
        between = np.mean([tip.tip[1] for tip in self.wiring.electrodes.values()])
        return default_field_electrode(
            self.cell.morphology,
            float(between),
            **{name: self.value(f"field.{name}") for name in ("beside", "conductivity", "reach")},
        )

    def _synapses(
        self, axons: Iterable[int], seed: tuple[int, int], spreading: np.random.Generator
    ) -> dict[int, Synapse]:
        """Return the synapses of axons, each with its share of what differs between synapses."""
        sites, spread = self.wiring.sites, self.value("afferents.spread")
        nmda = spreading.uniform(1 - spread, 1 + spread, len(sites))
        ampa = ampar_scale(
            sites.path_distance,
            **{name: self.value(f"placement.ampar_{name}") for name in ("near", "far", "factor")},
        )
        geometry = {name: self.value(f"spine.{name}") for name in _names("spine")}
        changed = tuple(self._of_mechanisms())
        return {
            axon: build_synapse(
                axon,
                self.cell.segment(int(sites.section[axon]), float(sites.x[axon])),
                geometry,
                self.cell,
                seed=seed,
                changed=changed,
                ampa_scale=float(ampa[axon]),
                nmda_scale=float(nmda[axon]),
            )
            for axon in axons
        }

    def _inhibition(self) -> Inhibition | None:
        g_axon = self.value("inhibition.g_axon")
        if not g_axon:
            return None
        return Inhibition(
            self.cell,
            self.wiring.sites,
            self.pathways,
            g_axon=g_axon,
            somatic=self.value("inhibition.somatic"),
            delay=float(_rounded(self.value("inhibition.delay"))),
        )

    def _set_changed(self) -> None:
        """Set the changed parameters of mechanisms on the cell; synapses have theirs."""
        for mechanism, name, value in self._of_mechanisms():
            for target in self._on_cell(mechanism):
                if hasattr(target, name):
                    setattr(target, name, value)

    def _of_mechanisms(self) -> Iterator[tuple[str, str, float]]:
        """Yield the changed parameters of mod files: mechanism, name and value."""
        mechanisms = {file.stem for file in resources.mod_files()}
        for key, value in self.changed.items():
            mechanism, name = key.split(".")
            if mechanism in mechanisms:
                yield mechanism, name, value

    @property
    def shared(self) -> dict[str, float]:
        """The changed parameters of which NEURON has one for all places, by their names there.

        They hold while a simulation runs: `session.settings` sets them and puts them back.
        """
        return {
            f"{name}_{mechanism}": value
            for mechanism, name, value in self._of_mechanisms()
            for target in islice(self._instances(mechanism), 1)
            if not hasattr(target, name)
        }

    def value(self, key: str) -> float:
        """Return a parameter as changed, or its default."""
        return self.changed.get(key, parameters.table()[key].value)

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
        arrivals = time + _rounded(self.wiring.delays[pathway][axons])
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

    def clamp_calcium(self, pathways: Iterable[str], concentration: float | None) -> None:
        """Hold calcium (mM) of the spines of pathways from now on, or no longer."""
        for pathway in pathways:
            for axon in self.pathways[pathway].tolist():
                mechanism = self.synapses[axon].spine.head(0.5).ca1spineca
                mechanism.clamp_rate = 0.0 if concentration is None else CALCIUM_CLAMP
                if concentration is not None:
                    mechanism.clamp_cai = concentration

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
        for target in self._instances(mechanism):
            setattr(target, variable, value)

    def _fire(self, pathway: str, pulse: Pulse) -> float:
        """Make the axons fire that a pulse recruits; return when the last spike arrives (ms)."""
        axons = self.wiring.recruited(pathway, self.wiring.current_of(pulse, pathway))
        late = jitter(self._late, len(axons), self.value("afferents.jitter"))
        arrivals = pulse.time + _rounded(self.wiring.delays[pathway][axons] + late)
        for axon, arrival in zip(axons.tolist(), arrivals.tolist(), strict=True):
            self.synapses[axon].afferent.event(arrival)
        return self._last_arrival(pathway, pulse.time, arrivals)

    def _last_arrival(self, pathway: str, time: float, arrivals: Floats) -> float:
        """Evoke the inhibition that goes with spikes; return when the last event comes (ms)."""
        last = float(arrivals.max(initial=time))
        if self.inhibition is None:
            return last
        return max(last, self.inhibition.evoke(pathway, time, len(arrivals)))

    def _instances(self, mechanism: str) -> Iterator[Any]:
        """Yield the instances of a mechanism in synapses and on the cell."""
        for synapse in self.synapses.values():
            yield from synapse.instances(mechanism)
        yield from self._on_cell(mechanism)

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
