"""Places and variables of a rig, found by the names that users write."""

from typing import Any

from ca1ltd.engine.rig import Rig
from ca1ltd.errors import BadInput
from ca1ltd.model.setup import Place, Record, Spine


def segment_of(rig: Rig, place: Place) -> Any:
    """Return the NEURON segment of a place on the cell.

    Raises
    ------
    BadInput
        If the cell has no such section, or it is of the axon that was reconstructed.
    """
    if place.section == "axon":
        return rig.cell.axon(place.x)
    names = [section.name for section in rig.cell.morphology.sections]
    if place.section not in names:
        raise BadInput(f"the cell has no section {place.section}")
    return rig.cell.segment(names.index(place.section), place.x)


def reference_of(rig: Rig, record: Record) -> Any:
    """Return NEURON's reference to what is recorded.

    Raises
    ------
    BadInput
        If the place or the variable does not exist.
    """
    mechanism, _, name = record.variable.rpartition(".")
    try:
        return getattr(_owner(rig, record.place, mechanism), f"_ref_{name}")
    except (AttributeError, NameError):
        raise BadInput(f"'{record.what}': there is no variable '{record.variable}' there") from None


def _owner(rig: Rig, place: Place | Spine, mechanism: str) -> Any:
    """Return what has the variables of a mechanism at a place; those of the place itself without.

    Of a spine these are the places in its head, its receptors and its bouton.
    """
    if isinstance(place, Place):
        segment = segment_of(rig, place)
        return getattr(segment, mechanism) if mechanism else segment
    if place.axon not in rig.synapses:
        raise BadInput(
            f"spine[{place.axon}]: no electrode recruits the axon {place.axon}; `Slice.axons` "
            "lists those that are"
        )
    synapse = rig.synapses[place.axon]
    if not mechanism:
        return synapse.spine.head(0.5)
    return next(iter(synapse.instances(mechanism)), None)
