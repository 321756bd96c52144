"""A dendritic spine with its synapse: neck, head, receptors, calcium, cascade and trafficking."""

import math
from collections.abc import Mapping
from typing import Any

from neuron import n

from ca1ltd.engine import session
from ca1ltd.model.biophysics import Passive
from ca1ltd.model.mechanisms import Place, standing


class Spine:
    """One spine; it exists as long as this object does.

    Parameters
    ----------
    name : str
        Name of the spine.
    dendrite : Segment
        Segment of the dendrite it stands on.
    geometry : mapping
        The table ``spine`` of `synapse.toml`: name to value, in the units given there.
    passive : Passive
        Capacitance and leak of the membrane.
    e_leak, e_k : float
        Reversal potential of its leak (mV), which is the dendrite's, and of potassium.
    ca_o : float
        Extracellular calcium (mM).

    Attributes
    ----------
    head, neck : Section
        Sections of one segment each.
    ampa, nmda : PointProcess
        Receptors in the middle of the head.
    """

    def __init__(
        self,
        name: str,
        dendrite: Any,
        geometry: Mapping[str, float],
        passive: Passive,
        *,
        e_leak: float,
        e_k: float,
        ca_o: float,
    ) -> None:
        self.neck: Any = n.Section(name=f"{name}_neck")
        self.head: Any = n.Section(name=f"{name}_head")
        self.neck.L, self.neck.diam = geometry["neck_length"], geometry["neck_diam"]
        # a cylinder as long as it is wide; its lateral area is that of the sphere of this diameter
        self.head.L = self.head.diam = (4 * geometry["head_volume"] / math.pi) ** (1 / 3)
        # R = Ra L / (pi d^2/4), with Ra in ohm cm and L/d^2 in 1/um: 1e-2 MOhm
        self.neck.Ra = (
            geometry["neck_resistance"] * math.pi * self.neck.diam**2 / (4e-2 * self.neck.L)
        )
        self.head.Ra = geometry["head_axial_resistance"]
        self.neck.connect(dendrite, 0)
        self.head.connect(self.neck(1), 0)
        for section in (self.neck, self.head):
            section.cm = passive.capacitance.value
            section.insert("pas")
            section.g_pas = 1 / passive.resistance.value
            section.e_pas = e_leak
        for mechanism in standing(Place.HEAD):
            self.head.insert(mechanism)
        self.head(0.5).ca1car.gbar = geometry["car_gbar"]
        self.head(0.5).ca1car.vhalf_m = geometry["car_vhalf_m"]
        self.head.ek = e_k
        self.ampa: Any = n.ca1ampa(self.head(0.5))
        self.nmda: Any = n.ca1nmda(self.head(0.5))
        session.bathe(self.head, ca_o=ca_o)  # after all that would set the ion's style again
