"""Which mechanisms there are: one row for each mod file, from which all lists of them derive.

A row says what the mod file cannot: which clock advances its states, where it stands, and what its
states are called. The cascade, the clocks, the tolerances, the recorded states, the SBML and the
replay of calibration take theirs from here; quantities, couplings and equations they read from the
mod file itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ca1ltd.units import uM

# The clocks: plain numbers, for hoc takes no others.
#: Gates that follow a spike, or the EPSP of a spine: sodium, delayed-rectifier and A-type
#: potassium, R-type calcium and what that opens.
FAST_GATES: Final = 0
#: Gates of the other calcium channels: what a spike lets in depends on them.
CALCIUM_GATES: Final = 1
#: The other gates.
SLOW_GATES: Final = 2
#: Conductances of the synapses.
RECEPTORS: Final = 3
#: Calcium of shells and spine heads: with the voltage, driven by the midpoint currents.
CALCIUM: Final = 4
#: Calmodulin, which follows calcium within milliseconds, and what competes for it.
CALMODULIN: Final = 5
#: The enzymes that calmodulin drives, and the PP1 that they set free: seconds.
ENZYMES: Final = 6
#: What the enzymes drive: phosphorylation, receptors on their way. Minutes to hours.
DOWNSTREAM: Final = 7

CLOCKS: Final = (
    FAST_GATES,
    CALCIUM_GATES,
    SLOW_GATES,
    RECEPTORS,
    CALCIUM,
    CALMODULIN,
    ENZYMES,
    DOWNSTREAM,
)


class Place(Enum):
    """Where a mechanism stands."""

    CELL = auto()
    """In sections of soma, axon and dendrites, as `biophysics.toml` says."""
    HEAD = auto()
    """In every spine head."""
    SYNAPSE = auto()
    """At a synapse, as an object of its own."""


@dataclass(frozen=True, slots=True)
class State:
    """What a mechanism shows: one of its states, or an ion concentration that it writes.

    Parameters
    ----------
    name : str
        Its name in the mod file.
    title : str
        What it is, in words.
    size : float, optional
        Typical size (mM) of an ion concentration that is a STATE, of which CVODE's tolerance is a
        fraction: the scale that a mod file gives counts for plain STATEs only.
    column : str, optional
        Its column in the tables of a run, if it is recorded; then `unit` (1 is the mod file's) or
        `total`, the parameter of its mechanism that it is a fraction of.
    """

    name: str
    title: str
    size: float | None = None
    column: str | None = None
    unit: float = 1.0
    total: str | None = None


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A mod file's row.

    Parameters
    ----------
    name : str
        Its SUFFIX, which is the stem of its file.
    clock : int, optional
        What advances its states; None if nothing but events changes them.
    places : tuple of Place
        Where it stands.
    states : tuple of State
        What it shows: all its states and buses if it is of the cascade.
    binding : str, optional
        The parameter that says how fast it binds calmodulin, if it does.
    """

    name: str
    clock: int | None
    places: tuple[Place, ...]
    states: tuple[State, ...] = ()
    binding: str | None = None

    @property
    def of_cascade(self) -> bool:
        """Whether it is of the cascade from calmodulin to the AMPA receptor."""
        return self.clock in (CALMODULIN, ENZYMES, DOWNSTREAM)

    @property
    def moves_apart(self) -> bool:
        """Whether each instance advances by steps of its own, as spine heads do."""
        return self.clock == CALCIUM or self.of_cascade


_CELL, _HEAD, _BOTH, _SYNAPSE = (
    (Place.CELL,),
    (Place.HEAD,),
    (Place.CELL, Place.HEAD),
    (Place.SYNAPSE,),
)

#: In the order of the signal, in which the mechanisms of a clock advance.
MECHANISMS: Final = (
    Mechanism("ca1nat", FAST_GATES, _CELL),
    Mechanism("ca1ka", FAST_GATES, _CELL),
    Mechanism("ca1kdr", FAST_GATES, _CELL),
    Mechanism("ca1kd", FAST_GATES, _CELL),
    Mechanism("ca1bk", FAST_GATES, _CELL),
    Mechanism("ca1km", SLOW_GATES, _CELL),
    Mechanism("ca1ih", SLOW_GATES, _CELL),
    Mechanism("ca1cal", CALCIUM_GATES, _CELL),
    Mechanism("ca1cat", CALCIUM_GATES, _CELL),
    Mechanism("ca1car", FAST_GATES, _BOTH),
    Mechanism("ca1skr", FAST_GATES, _HEAD),
    Mechanism("ca1sk", SLOW_GATES, _CELL),
    Mechanism("ca1bouton", None, _SYNAPSE),
    Mechanism("ca1ampa", RECEPTORS, _SYNAPSE),
    Mechanism("ca1nmda", RECEPTORS, _SYNAPSE),
    Mechanism("ca1gaba", RECEPTORS, _SYNAPSE),
    Mechanism("ca1capool", CALCIUM, _CELL),
    Mechanism(
        "ca1spineca",
        CALCIUM,
        _HEAD,
        (
            State("cai", "free calcium", size=2e-4, column="spine_ca_uM", unit=uM),
            State("peak", "highest free calcium", column="spine_ca_peak_uM", unit=uM),
        ),
    ),
    Mechanism(
        "ca1cam",
        CALMODULIN,
        _HEAD,
        (
            State("c", "fraction of calmodulin's C lobes with calcium"),
            State("n", "fraction of calmodulin's N lobes with calcium"),
            State("cam", "free calmodulin"),
            State("canb", "calcineurin with calmodulin"),
            State("cki", "CaMKII with calmodulin", 1e-3),
            State("cami", "free calmodulin with four calcium ions"),
            State("cani", "active calcineurin", column="calcineurin_active", total="can_total"),
            State("cfi", "CaMKII without calmodulin"),
        ),
        binding="kon_can",
    ),
    Mechanism(
        "ca1pka",
        ENZYMES,
        _HEAD,
        (State("pkai", "active protein kinase A", 1e-4, "pka_active_uM", uM),),
    ),
    Mechanism(
        "ca1i1",
        ENZYMES,
        _HEAD,
        (
            State("i1", "inhibitor-1, not phosphorylated"),
            State("i1p", "phosphorylated inhibitor-1, free", column="inhibitor1_p_uM", unit=uM),
            State(
                "i1pp1", "phosphorylated inhibitor-1 with PP1", column="inhibitor1_pp1_uM", unit=uM
            ),
            State("thiopp1", "thiophosphorylated inhibitor-1 with PP1"),
            State("ppi", "free protein phosphatase 1", 1e-3, "pp1_active_uM", uM),
        ),
    ),
    Mechanism(
        "ca1camkii",
        ENZYMES,
        _HEAD,
        (
            State("p286", "fraction of CaMKII phosphorylated at T286", column="camkii_pt286"),
            State("p305", "fraction of CaMKII phosphorylated at T305/306"),
            State("pti", "CaMKII phosphorylated at T286"),
            State("phi", "CaMKII phosphorylated at T305/306"),
            State("ckai", "active CaMKII"),
        ),
    ),
    Mechanism(
        "ca1psd",
        DOWNSTREAM,
        _HEAD,
        (
            State("open", "fraction of sites for PP1 that are open"),
            State(
                "psqi", "PP1 in the postsynaptic density", 1e-4, "psd_phosphatase",
                total="pp1_sites",
            ),
            State("loose", "CaMKII held loosely in the postsynaptic density"),
            State("firm", "CaMKII held firmly in the postsynaptic density"),
            State(
                "pski", "CaMKII in the postsynaptic density", column="psd_kinase",
                total="camkii_sites",
            ),
        ),
    ),
    Mechanism(
        "ca1ampar",
        DOWNSTREAM,
        _HEAD,
        (
            State("s845", "fraction of GluA1 phosphorylated at S845", column="s845_p"),
            State("s831", "fraction of GluA1 phosphorylated at S831", column="s831_p"),
            State("slots", "anchoring slots", column="slots"),
            State(
                "anchored", "AMPA receptors anchored in the postsynaptic density",
                column="ampar_anchored",
            ),
            State(
                "diffusing", "AMPA receptors diffusing on the surface", column="ampar_diffusing"
            ),
            State("vesicles", "AMPA receptors in vesicles", column="ampar_internal"),
            State("ampari", "anchored AMPA receptors, weighted by conductance"),
        ),
    ),
)  # fmt: skip


def standing(place: Place) -> tuple[str, ...]:
    """Return the names of the mechanisms that stand in a place."""
    return tuple(each.name for each in MECHANISMS if place in each.places)


def advancing(clock: int) -> tuple[str, ...]:
    """Return the names of the mechanisms of a clock, in the order in which they advance."""
    return tuple(each.name for each in MECHANISMS if each.clock == clock)


def shown() -> Iterator[tuple[Mechanism, State]]:
    """Yield everything that mechanisms show, with the mechanism."""
    for mechanism in MECHANISMS:
        for state in mechanism.states:
            yield mechanism, state


#: From calmodulin to the AMPA receptor.
CASCADE: Final = tuple(each.name for each in MECHANISMS if each.of_cascade)
#: Those with states that move between events.
MOVING: Final = tuple(each for each in MECHANISMS if each.clock is not None)
#: Stands in every section of soma, axon and dendrites, and in no spine.
IN_EVERY_SECTION: Final = standing(Place.CELL)[0]
#: Stands in every spine head, and nowhere else.
IN_EVERY_HEAD: Final = CASCADE[0]
