"""Who is connected to whom: spines, their axons, and the electrodes that make the axons fire."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ca1ltd.arrays import Floats, Ints
from ca1ltd.errors import BadInput
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

    def most_synapses(self, strengths: Mapping[str, float]) -> int:
        """Return the largest number of axons per electrode at which the pathways are independent.

        Parameters
        ----------
        strengths : mapping
            Strength of the strongest pulse of each pathway, as of `strongest`.
        """
        least, too_many = 0, len(self.axons) + 1
        while too_many - least > 1:
            tried = (least + too_many) // 2
            if self.fits(tried, strengths):
                least = tried
            else:
                too_many = tried
        return least

    def fits(self, synapses: int, strengths: Mapping[str, float]) -> bool:
        """Say whether the pathways are independent at a number of axons per electrode."""
        try:
            tried = replace(self, synapses=synapses, currents=self._currents(synapses))
            tried.refuse_overlap(strengths)
        except BadInput:
            return False
        return True

    def _currents(self, synapses: int) -> dict[str, float]:
        depth, z = self.axons.depth, self.axons.z
        return {
            name: electrode.current_for(synapses, depth, z)
            for name, electrode in self.electrodes.items()
        }

    def refuse_overlap(self, strengths: Mapping[str, float]) -> None:
        """Raise BadInput if a set current or the strongest pulse of a pathway reaches the other.

        Raises
        ------
        BadInput
            If it does, or the slice has too few axons for a pulse.
        """
        first, second = self.electrodes.values()
        one, other = (self.current_for(name, strengths.get(name, 1.0)) for name in self.electrodes)
        assert_independent(first, second, (one, other), self.axons.depth, self.axons.z)

    def reached(self, pulses: Iterable[Pulse]) -> list[int]:
        """Return the axons that a set current or any of some pulses makes fire, ascending.

        Raises
        ------
        BadInput
            If the slice has too few axons for a pulse, or the strongest of each pathway reach
            axons of the other.
        """
        apart = _apart(pulses)
        self.refuse_overlap(strongest(apart))
        given = {(str(pathway), pulse) for pulse in apart for pathway in pulse.pathways}
        currents = {(pathway, self.current_of(pulse, pathway)) for pathway, pulse in given}
        usual = self.currents.items()
        return sorted({int(axon) for each in (*currents, *usual) for axon in self.recruited(*each)})


def strongest(pulses: Iterable[Pulse]) -> dict[str, float]:
    """Return the strength of the strongest pulse of each pathway, 1 at least."""
    found: dict[str, float] = {}
    for pulse in pulses:
        if pulse.current is None:
            for pathway in pulse.pathways:
                found[str(pathway)] = max(found.get(str(pathway), 1.0), pulse.strength)
    return found


def _apart(pulses: Iterable[Pulse]) -> set[Pulse]:
    """Return pulses that differ in more than their time: each kind once, at time 0."""
    return {replace(pulse, time=0.0) for pulse in pulses}


def tips_of(
    morphology: Morphology, passive: Passive, value: Callable[[str], float]
) -> tuple[StimulatingElectrode, StimulatingElectrode]:
    """Return the stimulating electrodes of a cell, which are the same in all its slices."""
    return default_tips(
        morphology,
        beyond=passive.spine_free.value,
        distance=value("electrodes.tip_distance"),
        depths=(value("electrodes.tip_depth_from"), value("electrodes.tip_depth_to")),
        radius=value("electrodes.tip_radius"),
        separation=value("electrodes.tip_separation"),
        threshold=value("electrodes.threshold"),
        k=value("electrodes.k"),
    )


def wire(
    morphology: Morphology,
    passive: Passive,
    value: Callable[[str], float],
    *,
    synapses: int,
    placing: np.random.Generator,
    wandering: np.random.Generator,
    tips: Sequence[StimulatingElectrode] = (),
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
    tips : sequence of StimulatingElectrode
        The electrodes, as of `tips_of`, which finds them if there are none.

    Raises
    ------
    BadInput
        If the cell has too little dendrite, or too few axons.
    """
    sites = place_spines(
        morphology,
        placing,
        density=passive.spine_density.value,
        fraction=value("placement.modelled_fraction"),
        beyond=passive.spine_free.value,
    )
    tips = tips or tips_of(morphology, passive, value)
    axons = afferents_of(sites, wandering, wander=value("afferents.wander"))
    velocity = value("afferents.velocity") * m_per_s
    return Wiring(
        sites=sites,
        axons=axons,
        electrodes={tip.name: tip for tip in tips},
        synapses=synapses,
        currents={tip.name: tip.current_for(synapses, axons.depth, axons.z) for tip in tips},
        delays={tip.name: conduction_delays(axons, tip.tip, velocity=velocity) for tip in tips},
    )


def streams(seed: int, index: int) -> list[np.random.Generator]:
    """Return the sources of what is random in a slice: placing, late, spreading, wandering."""
    return [
        np.random.default_rng(stream) for stream in np.random.SeedSequence([seed, index]).spawn(4)
    ]


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
