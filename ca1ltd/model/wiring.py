"""Who is connected to whom: spines, their axons, and the electrodes that make the axons fire."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ca1ltd.arrays import Floats, Ints
from ca1ltd.model.afferents import Afferents, afferents_of, conduction_delays
from ca1ltd.model.biophysics import Passive
from ca1ltd.model.field_electrode import FieldElectrode, default_field_electrode
from ca1ltd.model.morphology import Morphology
from ca1ltd.model.placement import Sites, place_spines
from ca1ltd.model.stimulation import StimulatingElectrode, assert_independent, default_tips
from ca1ltd.protocols import Pulse
from ca1ltd.units import m_per_s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wiring:
    """Axons, the spines they contact and the electrodes they fire to.

    Attributes
    ----------
    sites : Sites
        Where the spines stand.
    axons : Afferents
        The axon of each.
    electrodes : dict
        Stimulating electrode of each pathway.
    synapses : int
        Axons that each electrode's set current recruits.
    currents : dict
        Set current (uA) of each pathway.
    delays : dict
        From a pulse through the electrode of a pathway to the spike at each bouton (ms), each of
        shape ``(n_axons,)``.
    """

    sites: Sites
    axons: Afferents
    electrodes: Mapping[str, StimulatingElectrode]
    synapses: int
    currents: Mapping[str, float]
    delays: Mapping[str, Floats]

    @property
    def pathways(self) -> dict[str, Ints]:
        """Return the axons that the set current of each pathway recruits, ascending."""
        return {name: self.recruited(name, current) for name, current in self.currents.items()}

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
        count = max(1, round(strength * self.synapses))
        return self.electrodes[pathway].current_for(count, self.axons.depth, self.axons.z)

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

    def reached(self, pulses: Iterable[Pulse]) -> list[int]:
        """Return the axons that a set current or any of some pulses makes fire, ascending.

        Raises
        ------
        BadInput
            If the slice has too few axons for a pulse, or the strongest of each pathway reach
            axons of the other.
        """
        given = {(str(pathway), pulse) for pulse in _apart(pulses) for pathway in pulse.pathways}
        strongest = dict.fromkeys(self.electrodes, 1.0)
        for pathway, pulse in given:
            if pulse.current is None:
                strongest[pathway] = max(strongest[pathway], pulse.strength)
        first, second = self.electrodes.values()
        one, other = (self.current_for(name, strength) for name, strength in strongest.items())
        assert_independent(first, second, (one, other), self.axons.depth, self.axons.z)
        currents = {(pathway, self.current_of(pulse, pathway)) for pathway, pulse in given}
        usual = self.currents.items()
        return sorted({int(axon) for each in (*currents, *usual) for axon in self.recruited(*each)})


def _apart(pulses: Iterable[Pulse]) -> set[Pulse]:
    """Return pulses that differ in more than their time: each kind once, at time 0."""
    return {replace(pulse, time=0.0) for pulse in pulses}


def wire(
    morphology: Morphology,
    passive: Passive,
    value: Callable[[str], float],
    *,
    synapses: int,
    placing: np.random.Generator,
    wandering: np.random.Generator,
) -> Wiring:
    """Return the wiring of a slice.

    Parameters
    ----------
    morphology : Morphology
        The cell.
    passive : Passive
        How many spines its dendrites bear, and from where on.
    value : callable
        Returns a parameter by its key.
    synapses : int
        Axons that each electrode's set current recruits.
    placing, wandering : Generator
        Source of the places of spines, and of how axons wander.

    Raises
    ------
    BadInput
        If the cell has too little dendrite, or too few axons.
    """
    free = passive.spine_free.value
    sites = place_spines(
        morphology,
        placing,
        density=passive.spine_density.value,
        fraction=value("placement.modelled_fraction"),
        beyond=free,
    )
    axons = afferents_of(sites, wandering, wander=value("afferents.wander"))
    tips = default_tips(
        morphology,
        beyond=free,
        distance=value("electrodes.tip_distance"),
        depths=(value("electrodes.tip_depth_from"), value("electrodes.tip_depth_to")),
        radius=value("electrodes.tip_radius"),
        separation=value("electrodes.tip_separation"),
        threshold=value("electrodes.threshold"),
        k=value("electrodes.k"),
    )
    velocity = value("afferents.velocity") * m_per_s
    return Wiring(
        sites=sites,
        axons=axons,
        electrodes={tip.name: tip for tip in tips},
        synapses=synapses,
        currents={tip.name: tip.current_for(synapses, axons.depth, axons.z) for tip in tips},
        delays={tip.name: conduction_delays(axons, tip.tip, velocity=velocity) for tip in tips},
    )


def field_electrode_of(
    morphology: Morphology, wiring: Wiring, value: Callable[[str], float]
) -> FieldElectrode:
    """Return the default field electrode, between the depths of the stimulating ones.

    Parameters
    ----------
    morphology : Morphology
        The cell.
    wiring : Wiring
        Where the stimulating electrodes are.
    value : callable
        Returns a parameter by its key.
    """
    between = np.mean([electrode.tip[1] for electrode in wiring.electrodes.values()])
    return default_field_electrode(
        morphology,
        float(between),
        beside=value("field.beside"),
        conductivity=value("field.conductivity"),
        reach=value("field.reach"),
    )
