"""Mechanisms of the user's own, inserted into a rig."""

from typing import Any, get_args

from neuron import n

from ca1ltd import build
from ca1ltd.engine import session
from ca1ltd.engine.access import segment_of
from ca1ltd.engine.rig import Rig
from ca1ltd.errors import BadInput
from ca1ltd.model.biophysics import Kind
from ca1ltd.model.setup import Place, Setup


def insert(rig: Rig, setup: Setup) -> None:
    """Load the mechanisms of a setup and insert them where it says.

    Raises
    ------
    BadInput
        If they cannot be loaded, or a section does not exist.
    BuildError
        If they cannot be compiled.
    """
    if setup.own is None:
        return
    library = build.build(setup.own.files())
    try:
        session.load_library(library)
    except RuntimeError as error:
        raise BadInput(f"NEURON refuses the mechanisms in {setup.own.folder}: {error}") from None
    for insertion in setup.inserted:
        for section in _sections(rig, insertion.where):
            section.insert(insertion.mechanism)
            if n.ismembrane("ca_ion", sec=section):
                session.bathe(section, ca_o=rig.cell.ca_o)  # the ion's style is set again
            for segment in section:
                for name, value in insertion.values:
                    setattr(getattr(segment, insertion.mechanism), name, value)


def _sections(rig: Rig, where: str) -> list[Any]:
    if where == "spines":
        return [synapse.spine.head for synapse in rig.synapses.values()]
    if where == "everywhere":
        return list(rig.cell.sections())
    for kind in get_args(Kind):
        if where == kind:
            return list(rig.cell.sections(kind))
    return [segment_of(rig, Place(where, 0.5)).sec]
