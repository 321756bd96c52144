"""Where everything is on a rig, as plain values."""

import numpy as np

from ca1ltd.engine.rig import Rig
from ca1ltd.recording import Layout, Site


def layout_of(rig: Rig) -> Layout:
    """Return where the synapses and the electrodes of a rig are; synapses in their order."""
    axons = np.array(list(rig.synapses))
    return Layout(
        sites=tuple(_site(rig, axon) for axon in rig.synapses),
        pathways={name: np.searchsorted(axons, mine) for name, mine in rig.pathways.items()},
        currents=dict(rig.wiring.currents),
        electrodes={name: electrode.tip for name, electrode in rig.wiring.electrodes.items()},
        field=rig.field,
        series_resistance=rig.value("slice.series_resistance"),
    )


def _site(rig: Rig, axon: int) -> Site:
    morphology, sites = rig.cell.morphology, rig.wiring.sites
    section, x = int(sites.section[axon]), float(sites.x[axon])
    px, py, pz = (float(coordinate) for coordinate in sites.position[axon])
    return Site(
        section=morphology.sections[section].name,
        x=x,
        domain=morphology.domain_at(section, x),
        path_distance=float(sites.path_distance[axon]),
        position=(px, py, pz),
    )
