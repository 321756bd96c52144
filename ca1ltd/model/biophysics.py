"""What membrane a CA1 pyramidal cell has where: one rule for each channel, read from a file.

``cells/biophysics.toml`` gives every parameter with its value, unit and source, and
``cells/<name>/biophysics.toml`` those in which a cell differs. A rule knows the kind of section
(soma, axon, basal, apical), the path distance from the soma and the diameter; it knows nothing of
NEURON.
"""

import math
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, model_validator

from ca1ltd.model.quantity import (
    Allowed,
    Conductance,
    Distance,
    Gradient,
    Potential,
    Quantity,
    Resistance,
)

Kind = Literal["soma", "axon", "basal", "apical"]

Fraction = Annotated[Quantity, Allowed("1", 0.0, 1.0)]
Rate = Annotated[Quantity, Allowed("1/ms", 1e-3, 10.0)]
Time = Annotated[Quantity, Allowed("ms", 0.0, 100.0)]


class Setting(NamedTuple):
    """A variable of a density mechanism and its value in the mechanism's unit."""

    mechanism: str
    variable: str
    value: float


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Passive(_Table):
    """Capacitance, leak and cytoplasm, and the spines that are not modelled one by one.

    Those spines enlarge the membrane: capacitance and leak of a spiny dendrite are multiplied by
    ``1 + spine_density * spine_area / (pi * diam)``. The membrane's resistance falls along the
    apical dendrite, from ``resistance`` to ``resistance_end``. Branches off the apical trunk are
    ``branch_diameter`` times as thick as drawn.
    """

    capacitance: Annotated[Quantity, Allowed("uF/cm2", 0.1, 5.0)]
    resistance: Resistance
    resistance_end: Resistance
    resistance_half: Distance
    resistance_slope: Annotated[Quantity, Allowed("um", 1.0, 1000.0)]
    axial_resistance: Annotated[Quantity, Allowed("Ohm cm", 10.0, 500.0)]
    e_leak: Potential
    e_leak_gradient: Annotated[Quantity, Allowed("mV/um", -0.2, 0.2)]
    e_leak_min: Potential
    spine_density: Annotated[Quantity, Allowed("1/um", 0.0, 20.0)]
    spine_area: Annotated[Quantity, Allowed("um2", 0.0, 10.0)]
    spine_free: Distance
    branch_diameter: Annotated[Quantity, Allowed("1", 0.1, 10.0)]

    def spine_factor(self, kind: Kind, distance: float, diam: float) -> float:
        """Membrane area with spines over that without, at a path distance and diameter (um)."""
        if kind not in ("basal", "apical") or distance < self.spine_free.value:
            return 1.0
        return 1.0 + self.spine_density.value * self.spine_area.value / (math.pi * diam)

    def resistance_at(self, kind: Kind, distance: float) -> float:
        """Resistance of the membrane (Ohm cm2) without its channels, at a path distance (um)."""
        if kind != "apical":
            return self.resistance.value
        slopes = (distance - self.resistance_half.value) / self.resistance_slope.value
        end = self.resistance_end.value
        return end + (self.resistance.value - end) / (1 + math.exp(slopes))

    def e_leak_at(self, kind: Kind, distance: float) -> float:
        """Reversal potential of the leak (mV) at a path distance (um); in the axon the soma's."""
        if kind == "axon":
            return self.e_leak.value
        along = self.e_leak.value + self.e_leak_gradient.value * distance
        return max(along, self.e_leak_min.value)


class Reversal(_Table):
    """Reversal potentials of sodium, potassium and Ih."""

    na: Potential
    k: Potential
    h: Potential


class Sodium(_Table):
    """NaT: one density for each kind of section and the slow inactivation by distance."""

    soma: Conductance
    axon: Conductance
    basal: Conductance
    apical: Conductance
    exempt: Fraction
    slow_from: Distance
    slow_to: Distance

    @model_validator(mode="after")
    def _ramp_rises(self) -> Self:
        if self.slow_to.value <= self.slow_from.value:
            raise ValueError("slow_to must lie beyond slow_from")
        return self

    def exempt_at(self, kind: Kind, distance: float) -> float:
        """Fraction of the channels without slow inactivation at a path distance (um).

        ``exempt`` in soma and axon; in dendrites it falls linearly from there to 0.
        """
        if kind in ("soma", "axon"):
            return self.exempt.value
        span = self.slow_to.value - self.slow_from.value
        return self.exempt.value * min(1.0, max(0.0, (self.slow_to.value - distance) / span))


class Rectifier(_Table):
    """Kdr: one density for each kind of section, and its kinetics."""

    soma: Conductance
    axon: Conductance
    basal: Conductance
    apical: Conductance
    vhalf: Potential
    a0: Rate
    tau_n_min: Time


class TypeD(_Table):
    """KD: one density for soma, axon and all dendrites, and its kinetics."""

    soma: Conductance
    axon: Conductance
    dendrites: Conductance
    vhalf: Potential
    tau_n_max: Time
    l_min: Fraction


class LargeConductance(_Table):
    """BK: soma only, and its kinetics."""

    soma: Conductance
    vhalf: Potential
    a0: Rate
    inactivation: Annotated[Quantity, Allowed("1/ms", 0.0, 10.0)]


class GatingA(_Table):
    """Kinetics of KA: the proximal or the distal form."""

    z0: Annotated[Quantity, Allowed("1", 0.0, 10.0)]
    vhalf: Potential
    gm: Annotated[Quantity, Allowed("1", 0.0, 1.0)]
    a0: Rate
    tau_n_min: Time


class TypeA(_Table):
    """KA: densities that grow with distance in the dendrites to a ceiling, and two gatings."""

    soma: Conductance
    axon: Conductance
    basal: Conductance
    apical: Conductance
    growth: Gradient
    ceiling: Conductance
    distal_from: Distance
    proximal: GatingA
    distal: GatingA

    def density_at(self, kind: Kind, distance: float) -> float:
        """Density (S/cm2) at a path distance (um)."""
        base = _of_kind(self, kind)
        if kind in ("soma", "axon"):
            return base
        return min(base * (1 + self.growth.value * distance), self.ceiling.value)

    def gating_at(self, distance: float) -> GatingA:
        """Kinetics at a path distance (um)."""
        return self.distal if distance > self.distal_from.value else self.proximal


class Muscarinic(_Table):
    """KM: soma and axon only."""

    soma: Conductance
    axon: Conductance


class Hyperpolarisation(_Table):
    """Ih: one density that grows with distance, and the half activation by distance."""

    base: Conductance
    growth: Gradient
    ceiling: Conductance
    distal_from: Distance
    vhalf_proximal: Potential
    vhalf_distal: Potential

    def density_at(self, distance: float) -> float:
        """Density (S/cm2) at a path distance (um)."""
        return min(self.base.value * (1 + self.growth.value * distance), self.ceiling.value)

    def vhalf_at(self, distance: float) -> float:
        """Half activation (mV) at a path distance (um)."""
        far = distance > self.distal_from.value
        return self.vhalf_distal.value if far else self.vhalf_proximal.value


class SomaAndDendrites(_Table):
    """A channel with one density in the soma and one in all dendrites."""

    soma: Conductance
    dendrites: Conductance


class CalciumShell(_Table):
    """Calcium under the membrane of soma and dendrites."""

    depth: Annotated[Quantity, Allowed("um", 1e-3, 10.0)]
    tau: Annotated[Quantity, Allowed("ms", 1.0, 1e4)]
    cai_rest: Annotated[Quantity, Allowed("mM", 1e-6, 1e-2)]


class AxonStub(_Table):
    """Axon initial segment: a cone attached to the soma."""

    length: Annotated[Quantity, Allowed("um", 1.0, 2000.0)]
    diam_soma: Annotated[Quantity, Allowed("um", 0.05, 20.0)]
    diam_end: Annotated[Quantity, Allowed("um", 0.05, 20.0)]


class Biophysics(_Table):
    """The membrane of a cell."""

    passive: Passive
    reversal: Reversal
    axon: AxonStub
    nat: Sodium
    kdr: Rectifier
    kd: TypeD
    bk: LargeConductance
    ka: TypeA
    km: Muscarinic
    ih: Hyperpolarisation
    cal: SomaAndDendrites
    cat: SomaAndDendrites
    car: SomaAndDendrites
    sk: SomaAndDendrites
    capool: CalciumShell

    def capacitance_at(self, kind: Kind, distance: float, diam: float) -> float:
        """Specific capacitance (uF/cm2) with spines at a path distance and diameter (um)."""
        factor = self.passive.spine_factor(kind, distance, diam)
        return self.passive.capacitance.value * factor

    def settings_at(self, kind: Kind, distance: float, diam: float) -> tuple[Setting, ...]:
        """Density mechanisms of a place and their variables.

        Parameters
        ----------
        kind : str
            Kind of section.
        distance : float
            Path distance from the soma (um).
        diam : float
            Diameter (um).

        Returns
        -------
        tuple of Setting
            The same mechanisms and variables, in the same order, everywhere on one kind.
        """
        shared = (
            *self._leak(kind, distance, diam),
            Setting("ca1nat", "gbar", _of_kind(self.nat, kind)),
            Setting("ca1nat", "sf", self.nat.exempt_at(kind, distance)),
            *self._rectifier(kind),
            *self._type_d(kind),
            *self._type_a(kind, distance),
        )
        if kind == "axon":
            return (*shared, Setting("ca1km", "gbar", self.km.axon.value))
        calcium = self._calcium(kind)
        if kind == "soma":
            calcium = (*calcium, Setting("ca1km", "gbar", self.km.soma.value), *self._large())
        return (*shared, *self._ih(distance), *calcium)

    def _leak(self, kind: Kind, distance: float, diam: float) -> tuple[Setting, ...]:
        factor = self.passive.spine_factor(kind, distance, diam)
        return (
            Setting("pas", "g", factor / self.passive.resistance_at(kind, distance)),
            Setting("pas", "e", self.passive.e_leak_at(kind, distance)),
        )

    def _rectifier(self, kind: Kind) -> tuple[Setting, ...]:
        return (
            Setting("ca1kdr", "gbar", _of_kind(self.kdr, kind)),
            Setting("ca1kdr", "vhalf", self.kdr.vhalf.value),
            Setting("ca1kdr", "a0", self.kdr.a0.value),
            Setting("ca1kdr", "tau_n_min", self.kdr.tau_n_min.value),
        )

    def _type_d(self, kind: Kind) -> tuple[Setting, ...]:
        density = {"soma": self.kd.soma, "axon": self.kd.axon}.get(kind, self.kd.dendrites)
        return (
            Setting("ca1kd", "gbar", density.value),
            Setting("ca1kd", "vhalf", self.kd.vhalf.value),
            Setting("ca1kd", "tau_n_max", self.kd.tau_n_max.value),
            Setting("ca1kd", "l_min", self.kd.l_min.value),
        )

    def _large(self) -> tuple[Setting, ...]:
        return (
            Setting("ca1bk", "gbar", self.bk.soma.value),
            Setting("ca1bk", "vhalf", self.bk.vhalf.value),
            Setting("ca1bk", "a0", self.bk.a0.value),
            Setting("ca1bk", "inactivation", self.bk.inactivation.value),
        )

    def _type_a(self, kind: Kind, distance: float) -> tuple[Setting, ...]:
        gating = self.ka.gating_at(distance if kind in ("basal", "apical") else 0.0)
        return (
            Setting("ca1ka", "gbar", self.ka.density_at(kind, distance)),
            Setting("ca1ka", "z0", gating.z0.value),
            Setting("ca1ka", "vhalf", gating.vhalf.value),
            Setting("ca1ka", "gm", gating.gm.value),
            Setting("ca1ka", "a0", gating.a0.value),
            Setting("ca1ka", "tau_n_min", gating.tau_n_min.value),
        )

    def _ih(self, distance: float) -> tuple[Setting, ...]:
        return (
            Setting("ca1ih", "gbar", self.ih.density_at(distance)),
            Setting("ca1ih", "vhalf", self.ih.vhalf_at(distance)),
            Setting("ca1ih", "eh", self.reversal.h.value),
        )

    def _calcium(self, kind: Kind) -> tuple[Setting, ...]:
        rules = (
            ("ca1cal", self.cal),
            ("ca1cat", self.cat),
            ("ca1car", self.car),
            ("ca1sk", self.sk),
        )
        return (
            *(
                Setting(name, "gbar", (rule.soma if kind == "soma" else rule.dendrites).value)
                for name, rule in rules
            ),
            Setting("ca1capool", "depth", self.capool.depth.value),
            Setting("ca1capool", "tau", self.capool.tau.value),
            Setting("ca1capool", "cai_rest", self.capool.cai_rest.value),
        )


def _of_kind(rule: Sodium | Rectifier | TypeA, kind: Kind) -> float:
    by_kind = {"soma": rule.soma, "axon": rule.axon, "basal": rule.basal, "apical": rule.apical}
    return by_kind[kind].value
