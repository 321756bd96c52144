"""The parts of a rig, each built in NEURON from values."""

import gc
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from neuron import n

from ca1ltd.engine import session
from ca1ltd.engine.arrivals import on_grid
from ca1ltd.engine.cell import Cell, build_cell
from ca1ltd.engine.inhibition import Inhibition
from ca1ltd.engine.synapse import Synapse, build_synapse
from ca1ltd.errors import RunError
from ca1ltd.model.cell_biophysics import biophysics_of, changed_biophysics
from ca1ltd.model.own_cells import morphology_of
from ca1ltd.model.parameters import Values
from ca1ltd.model.placement import ampar_scale
from ca1ltd.model.wiring import Wiring


def own_the_model() -> None:
    """Load the mechanisms; refuse to build beside another model.

    Raises
    ------
    RunError
        If NEURON holds sections already.
    """
    session.load()
    gc.collect()  # an earlier rig may be waiting for it
    if any(True for _ in n.allsec()):
        raise RunError(
            "NEURON holds sections of another model, which it would simulate along with this "
            "one; delete them first, or run each slice in a process of its own"
        )


def cell_of(name: str, value: Values, *, as_drawn: bool, d_lambda: float) -> Cell:
    """Build a cell with the parameters of a slice."""
    morphology = morphology_of(name, as_drawn=as_drawn)
    return build_cell(
        replace(morphology, radiatum_depth=value("placement.radiatum_depth")),
        changed_biophysics(biophysics_of(name), value.of_cell(), source="changed for this run"),
        d_lambda=d_lambda,
        ca_o=value("slice.ca_o"),
    )


def synapses_of(
    cell: Cell,
    wiring: Wiring,
    axons: Iterable[int],
    value: Values,
    *,
    seed: tuple[int, int],
    spreading: np.random.Generator,
) -> dict[int, Synapse]:
    """Build the synapses of axons, each with its share of what differs between synapses.

    Parameters
    ----------
    cell : Cell
        The cell.
    wiring : Wiring
        Where their spines stand.
    axons : iterable of int
        Which axons.
    value : Values
        The parameters of the slice.
    seed : tuple of int
        Seed of the experiment, number of the slice.
    spreading : Generator
        Source of the spread of NMDA conductance.
    """
    sites, spread = wiring.sites, value("afferents.spread")
    nmda = spreading.uniform(1 - spread, 1 + spread, len(sites))
    ampa = ampar_scale(
        sites.path_distance,
        near=value("placement.ampar_near"),
        far=value("placement.ampar_far"),
        factor=value("placement.ampar_factor"),
    )
    geometry, changed = value.group("spine"), tuple(value.of_mechanisms())
    places = {axon: cell.segment(int(sites.section[axon]), float(sites.x[axon])) for axon in axons}
    return {
        axon: build_synapse(
            axon,
            place,
            geometry,
            cell.biophysics.passive,
            e_leak=place.pas.e,
            e_k=cell.biophysics.reversal.k.value,
            ca_o=cell.ca_o,
            seed=seed,
            changed=changed,
            ampa_scale=float(ampa[axon]),
            nmda_scale=float(nmda[axon]),
        )
        for axon, place in places.items()
    }


def inhibition_of(cell: Cell, wiring: Wiring, value: Values) -> Inhibition | None:
    """Build the GABA-A receptors of a cell; None if they are blocked."""
    g_axon = value("inhibition.g_axon")
    if not g_axon:
        return None
    return Inhibition(
        cell,
        wiring.sites,
        wiring.electrodes,
        g_axon=g_axon,
        somatic=value("inhibition.somatic"),
        delay=float(on_grid(value("inhibition.delay"))),
    )


def set_where_it_is(instances: Iterable[Any], name: str, value: float) -> None:
    """Set a parameter of instances of a mechanism; of some NEURON has one for all places."""
    for instance in instances:
        if hasattr(instance, name):
            setattr(instance, name, value)
