"""What there is in a slice, before it is simulated: sections, axons, and what can be recorded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ca1ltd.errors import BadInput
from ca1ltd.model.biophysics import Biophysics, Kind
from ca1ltd.model.cell_biophysics import biophysics_of, changed_biophysics
from ca1ltd.model.morphology import Morphology
from ca1ltd.model.own_cells import morphology_of
from ca1ltd.model.parameters import Values
from ca1ltd.model.setup import Place, Spine
from ca1ltd.model.variables import Declared, Variable, of_section, of_spine
from ca1ltd.model.wiring import Wiring, streams, wire


class Anatomy:
    """The cell of a slice and its afferents.

    Parameters
    ----------
    cell : str
        Name of the cell.
    seed : int
        Seed of the experiment.
    synapses : int
        Axons that each electrode's set current recruits.
    changed : mapping
        Parameters that differ from their defaults, by key.
    as_drawn : bool
        Whether a reconstruction is not turned.
    """

    def __init__(
        self,
        cell: str,
        *,
        seed: int,
        synapses: int,
        changed: Mapping[str, float],
        as_drawn: bool = False,
    ) -> None:
        value = Values(changed)
        self._biophysics: Biophysics = changed_biophysics(
            biophysics_of(cell), value.of_cell(), source="changed for this run"
        )
        self._morphology: Morphology = replace(
            morphology_of(cell, as_drawn=as_drawn),
            radiatum_depth=value("placement.radiatum_depth"),
        )
        placing, _, _, wandering = streams(seed, 0)
        self._wiring: Wiring = wire(
            self._morphology,
            self._biophysics.passive,
            value,
            synapses=synapses,
            placing=placing,
            wandering=wandering,
        )

    def sections(self) -> pd.DataFrame:
        """Return one row per section: ``section, domain, length_um, diam_um, path_distance_um``.

        Domain and diameter are those of the middle, the distance that of the 0 end. The axon is
        the initial segment that takes the place of the reconstructed one.
        """
        morphology, stub = self._morphology, self._biophysics.axon
        rows = [
            (
                section.name,
                morphology.domain_at(index, 0.5),
                section.length,
                section.diam_at(0.5),
                section.path_distance,
            )
            for index, section in enumerate(morphology.sections)
            if section.kind != "axon"
        ]
        diam = (stub.diam_soma.value + stub.diam_end.value) / 2
        rows.append(("axon", "axon", stub.length.value, diam, 0.0))
        columns = ["section", "domain", "length_um", "diam_um", "path_distance_um"]
        return pd.DataFrame(rows, columns=columns)

    def axons(self) -> pd.DataFrame:
        """Return one row per axon: its number, its ``pathway``, and where its spine is.

        An axon that no set current recruits has an empty pathway; a stronger pulse may reach it.
        """
        sites, sections = self._wiring.sites, self._morphology.sections
        pathway = np.full(len(sites), "", dtype=object)
        for name, recruited in self._wiring.pathways.items():
            pathway[recruited] = name
        return pd.DataFrame(
            {
                "axon": np.arange(len(sites)),
                "pathway": pathway.astype(str),
                "section": [sections[index].name for index in sites.section],
                "x": sites.x,
                "domain": [
                    self._morphology.domain_at(int(index), float(x))
                    for index, x in zip(sites.section, sites.x, strict=True)
                ],
                "path_distance_um": sites.path_distance,
            }
        )

    def variables(
        self, place: Place | Spine, own: Callable[[str, str], Iterable[Declared]] = lambda *_: ()
    ) -> tuple[Variable, ...]:
        """Return what there is at a place.

        Parameters
        ----------
        place : Place or Spine
            The place.
        own : callable
            Returns the mechanisms of the user's own in a section of a kind.

        Raises
        ------
        BadInput
            If there is no such section or axon.
        """
        if isinstance(place, Spine):
            if place.axon >= len(self._wiring.sites):
                last = len(self._wiring.sites) - 1
                raise BadInput(f"there is no axon {place.axon}: they are numbered from 0 to {last}")
            return of_spine(own("spines", ""))
        kind = self._kind(place)
        return of_section(kind, self._biophysics, own(kind, place.section))

    def _kind(self, place: Place) -> Kind:
        if place.section == "axon":
            return "axon"
        for section in self._morphology.sections:
            if section.name == place.section and section.kind != "axon":
                return section.kind
        raise BadInput(f"the cell has no section {place.section}: `sections` lists them")
