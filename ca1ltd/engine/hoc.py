"""The cell for programs that know NEURON's sections by their hoc names, as HippoUnit does."""

import re
from collections.abc import Mapping
from typing import Any

from neuron import h, n

from ca1ltd.engine import session
from ca1ltd.engine.cell import Cell, build_cell
from ca1ltd.model.biophysics import Biophysics
from ca1ltd.model.morphology import Morphology


def build_hoc_cell(
    morphology: Morphology, biophysics: Biophysics, lists: Mapping[str, tuple[int, ...]]
) -> Cell:
    """Build a cell of hoc's own sections, which stay for the rest of the process.

    Parameters
    ----------
    morphology : Morphology
        Sections and points; ``soma[0]``, ``dend[i]`` and ``apic[i]`` keep these names.
    biophysics : Biophysics
        Rules for the membrane.
    lists : mapping of str to tuple of int
        SectionLists to make, by name, of sections of the morphology.

    Returns
    -------
    Cell
        The only cell of the process.
    """
    session.load()
    counts: dict[str, int] = {"axon": 0}
    for section in morphology.sections:
        if section.kind != "axon":
            base, index = _parts(section.name)
            counts[base] = max(counts.get(base, 0), index + 1)
    for base, count in counts.items():
        h(f"create {base}[{count}]" if count else f"create {base}")
    cell = build_cell(morphology, biophysics, create=_created)
    for name, indices in lists.items():
        h(f"objref {name}")
        sections: Any = n.SectionList()
        for index in indices:
            sections.append(sec=cell.section(index))
        setattr(h, name, sections)
    return cell


def _created(name: str) -> Any:
    base, index = _parts(name)
    made = getattr(h, base)
    return made if name == base else made[index]


def _parts(name: str) -> tuple[str, int]:
    found = re.fullmatch(r"(\w+?)(?:\[(\d+)\])?", name)
    if found is None:
        raise ValueError(f"{name} is no name of a section")
    return found[1], int(found[2] or 0)
