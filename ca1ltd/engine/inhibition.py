"""Feed-forward inhibition: GABA-A receptors that every stimulus pulse evokes a little later.

Interneurons are no cells here. A pulse evokes a conductance in proportion to the axons it recruits,
a share of it at the soma and the rest spread over the dendrites of stratum radiatum.
"""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from neuron import n

from ca1ltd.engine.cell import Cell
from ca1ltd.model.placement import Sites

#: Places on the dendrites: at equal steps through the sites of spines, sorted by their distance.
DENDRITIC: Final = 8


class Inhibition:
    """The GABA-A receptors of one cell; they exist as long as this object does.

    Parameters
    ----------
    cell : Cell
        The cell.
    sites : Sites
        Where its radiatum dendrites have spines.
    pathways : iterable of str
        Who evokes inhibition.
    g_axon : float
        Peak conductance at rest for each recruited axon, over all places (uS).
    somatic : float
        Share of it at the soma, 0 to 1; the rest is spread over the dendrites.
    delay : float
        From a pulse to the events (ms).

    Attributes
    ----------
    receptors : tuple of PointProcess
        The first is at the soma.
    """

    def __init__(
        self,
        cell: Cell,
        sites: Sites,
        pathways: Iterable[str],
        *,
        g_axon: float,
        somatic: float,
        delay: float,
    ) -> None:
        by_distance = np.argsort(sites.path_distance, kind="stable")
        steps = (np.arange(DENDRITIC) + 0.5) / DENDRITIC * len(by_distance)
        chosen = by_distance[steps.astype(int)]
        places = [
            cell.soma(0.5),
            *(cell.segment(int(sites.section[k]), float(sites.x[k])) for k in chosen),
        ]
        self.receptors: tuple[Any, ...] = tuple(n.ca1gaba(place) for place in places)
        dendritic = (1 - somatic) / DENDRITIC
        self._shares = [g_axon * somatic, *[g_axon * dendritic] * DENDRITIC]
        # a connection for each pathway: pulses through both at once have weights of their own
        self._connections = {
            pathway: [n.NetCon(None, each, 0, 0.0, 0.0) for each in self.receptors]
            for pathway in pathways
        }
        self._delay = delay

    def evoke(self, pathway: str, time: float, axons: int) -> float:
        """Give a pulse that recruits so many axons; return when its inhibition comes (ms)."""
        for connection, share in zip(self._connections[pathway], self._shares, strict=True):
            connection.weight[0] = axons * share
            connection.event(time + self._delay)
        return time + self._delay
