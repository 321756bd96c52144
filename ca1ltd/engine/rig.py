"""The slice on the rig: a cell, Schaffer collaterals with their spines, and the electrodes.

Only synapses that some electrode recruits are built. Everything random comes from the seed, the
slice's number and the axon's number, so that an axon keeps its properties whatever else is built.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from itertools import islice
from typing import Any, Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.engine.arrivals import Arrivals, on_grid
from ca1ltd.engine.building import (
    cell_of,
    inhibition_of,
    own_the_model,
    set_where_it_is,
    synapses_of,
)
from ca1ltd.engine.cell import D_LAMBDA
from ca1ltd.engine.soma_electrode import SomaElectrode
from ca1ltd.model.afferents import jitter
from ca1ltd.model.field_electrode import FieldElectrode
from ca1ltd.model.parameters import Values
from ca1ltd.model.wiring import field_electrode_of, streams, wire
from ca1ltd.protocols import Pulse

#: Rate of a calcium clamp (/ms): a thousand times that of the pump, so that the level is met within
#: .1 %, whatever flows in.
CALCIUM_CLAMP: Final = 1e3


class Rig:
    """A slice on the rig; its NEURON objects exist as long as it does.

    Parameters
    ----------
    cell : str
        Name of the cell, or the whole path of its reconstruction.
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
    wash : float
        Time constant with which the bath is exchanged (ms); with 0 drugs come and go at once.
    field : FieldElectrode, optional
        The field electrode; by default one between the depths of the stimulating electrodes.
    as_drawn : bool
        Whether a reconstruction is not turned.
    d_lambda : float
        Longest segment as a fraction of the length constant at 100 Hz.

    Attributes
    ----------
    holding : float or None
        As given.
    wash : float
        As given.
    value : Values
        Returns a parameter by its key, as changed or by default.
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
    strength : float
        What the strength of every pulse is multiplied by: a stimulus that is set anew.
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
        wash: float = 0.0,
        field: FieldElectrode | None = None,
        as_drawn: bool = False,
        d_lambda: float = D_LAMBDA,
    ) -> None:
        own_the_model()
        self.value = Values(changed)
        self.holding = holding
        self.wash = wash
        self.strength = 1.0
        self.celsius = self.value("slice.celsius")
        self.cell = cell_of(cell, self.value, as_drawn=as_drawn, d_lambda=d_lambda)
        placing, self._late, spreading, wandering = streams(seed, index)
        self.wiring = wire(
            self.cell.morphology,
            self.cell.biophysics.passive,
            self.value,
            synapses=synapses,
            placing=placing,
            wandering=wandering,
        )
        self.pathways = self.wiring.pathways
        self.field = field or field_electrode_of(self.cell.morphology, self.wiring, self.value)
        self.electrode = SomaElectrode(
            self.cell.soma(0.5), series_resistance=self.value("slice.series_resistance")
        )
        self.synapses = synapses_of(
            self.cell,
            self.wiring,
            self.wiring.reached(pulses),
            self.value,
            seed=(seed, index),
            spreading=spreading,
        )
        self.inhibition = inhibition_of(self.cell, self.wiring, self.value)
        for mechanism, name, value in self.value.of_mechanisms():
            set_where_it_is(self._on_cell(mechanism), name, value)

    @property
    def shared(self) -> dict[str, float]:
        """The changed parameters of which NEURON has one for all places, by their names there.

        They hold while a simulation runs: `session.settings` sets them and puts them back.
        """
        return {
            f"{name}_{mechanism}": value
            for mechanism, name, value in self.value.of_mechanisms()
            for target in islice(self.instances(mechanism), 1)
            if not hasattr(target, name)
        }

    def current_of(self, pulse: Pulse, pathway: str) -> float:
        """Return the current (uA) that a pulse given now passes through a pathway's electrode."""
        adjusted = replace(pulse, strength=pulse.strength * self.strength)
        return self.wiring.current_of(adjusted, pathway)

    def stimulate(self, pulse: Pulse) -> Arrivals:
        """Give a pulse: the spikes of the axons it recruits are put into NEURON's queue.

        Parameters
        ----------
        pulse : Pulse
            Its time must not be before the present.

        Returns
        -------
        Arrivals
            When the spikes arrive at their boutons.
        """
        fired = (self._fire(pathway, pulse) for pathway in pulse.pathways)
        return reduce(Arrivals.together, fired)

    def stimulate_mean(self, pathway: str, time: float) -> Arrivals:
        """Give a noise-free pulse of a pathway's set current at a time (ms).

        Every synapse contributes its mean release, on time. The boutons are passed by: their state
        and random numbers stay as they are. Returns as `stimulate` does.
        """
        axons = self.wiring.recruited(pathway, self.wiring.current_for(pathway, self.strength))
        arrivals = time + on_grid(self.wiring.delays[pathway][axons])
        for axon, arrival in zip(axons.tolist(), arrivals.tolist(), strict=True):
            synapse = self.synapses[axon]
            for connection in (synapse.ampa, synapse.nmda):
                connection.weight[0] = synapse.mean_quanta
                connection.event(arrival)
        return self._with_inhibition(pathway, time, arrivals)

    def restore_quanta(self) -> None:
        """Make one quantum one again, after the events of `stimulate_mean` are delivered."""
        for synapse in self.synapses.values():
            synapse.ampa.weight[0] = synapse.nmda.weight[0] = 1.0

    def clamp_calcium(self, pathways: Iterable[str], concentration: float | None) -> None:
        """Hold calcium (mM) of the spines of pathways from now on, or no longer."""
        for pathway in pathways:
            for axon in self.pathways[pathway].tolist():
                head = self.synapses[axon].spine.head(0.5)
                mechanism = head.ca1spineca
                mechanism.clamp_rate = 0.0 if concentration is None else CALCIUM_CLAMP
                if concentration is not None:
                    # calcium begins there: on its way so fast, steps would ring about the level
                    head.cai = mechanism.clamp_cai = concentration

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
        for target in self.instances(mechanism):
            setattr(target, variable, value)

    def set_parameter(self, key: str, value: float) -> None:
        """Set a parameter of the slice from now on, as a solution that flows in does.

        Parameters
        ----------
        key : str
            Of a mechanism, or calcium in the bath (``slice.ca_o``, mM).
        """
        mechanism, name = key.split(".")
        if mechanism != "slice":
            self.set_everywhere(mechanism, name, value)
            return
        heads = [synapse.spine.head for synapse in self.synapses.values()]
        for section in (*self.cell.sections(), *heads):
            if section.has_membrane("ca_ion"):
                section.cao = value

    def _fire(self, pathway: str, pulse: Pulse) -> Arrivals:
        """Make the axons fire that a pulse recruits; return when their spikes arrive."""
        axons = self.wiring.recruited(pathway, self.current_of(pulse, pathway))
        late = jitter(self._late, len(axons), self.value("afferents.jitter"))
        arrivals = pulse.time + on_grid(self.wiring.delays[pathway][axons] + late)
        for axon, arrival in zip(axons.tolist(), arrivals.tolist(), strict=True):
            self.synapses[axon].afferent.event(arrival)
        return self._with_inhibition(pathway, pulse.time, arrivals)

    def _with_inhibition(self, pathway: str, time: float, arrivals: Floats) -> Arrivals:
        """Evoke the inhibition that goes with spikes; return when all of it arrives."""
        if self.inhibition is not None and arrivals.size:
            at = self.inhibition.evoke(pathway, time, len(arrivals))
            arrivals = np.append(arrivals, at)
        return Arrivals.of(time, arrivals)

    def instances(self, mechanism: str) -> Iterator[Any]:
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
