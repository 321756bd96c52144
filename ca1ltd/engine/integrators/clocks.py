"""What the loop of steps in `ca1clock.mod` is told: who is on which clock, and where to look.

`ca1ltd.model.mechanisms` says which mechanism belongs to which clock.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine.integrators.base import Amendable
from ca1ltd.engine.kernels import library
from ca1ltd.engine.pointers import Gathered
from ca1ltd.model.mechanisms import (
    CALMODULIN,
    CLOCKS,
    IN_EVERY_HEAD,
    RECEPTORS,
    advancing,
    shown,
)

#: In 10 000 coulomb, as the mod files of calcium have it: for mA/cm2, um and mM.
FARADAY: Final = 9.64853


class Clocks:
    """The loop of steps.

    Parameters
    ----------
    rules : mapping of str to float
        The numbers of the strategy, in the order that `ca1clock.mod` knows.
    state : Vector
        What the strategy remembers from step to step, in the order that `ca1clock.mod` knows.
    potentials : Gathered
        The potentials of the cell's segments.
    membrane : Gathered
        The capacitances of all segments.
    """

    _told: ClassVar["Clocks | None"] = None  # there is one loop of steps in a process

    def __init__(
        self, rules: Mapping[str, float], state: Any, potentials: Gathered, membrane: Gathered
    ) -> None:
        self._steps, self._state = n.ca1_steps, state
        self._rules = n.Vector(list(rules.values()))
        self._capacitance = n.Vector(membrane.gather())
        self._records: list[Amendable] = []
        n.ca1_forget()
        Clocks._told = self
        library.tell()
        for sec in n.allsec():
            if n.ismembrane(IN_EVERY_HEAD, sec=sec):
                head = sec(0.5)
                n.ca1_head(head.node_index(), head._ref_cai, _rise(head))
                for name in ("cami", *_beside_calmodulin(head)):
                    n.ca1_bus(getattr(head, f"_ref_{name}"))
        self._see("potential", potentials.references)
        self._see("capacitance", membrane.references)
        self._see("late", (getattr(n, f"_ref_late_{name}") for name in advancing(RECEPTORS)))

    def advance(self, to: float) -> None:
        """Advance to a time (ms)."""
        if Clocks._told is not self:
            raise RuntimeError("the loop of steps has been told of another simulation since")
        self._steps(to, self._rules, self._state, self._capacitance)

    def amend(self, record: Amendable) -> None:
        """Amend a record after every step."""
        self._records.append(record)  # whose memory is written to
        n.ca1_amend(record.values, record.reference)

    def forget(self) -> None:
        """Forget the simulation: its memory is given back."""
        if Clocks._told is self:
            Clocks._told = None
            n.ca1_forget()

    def _see(self, what: str, references: Iterable[Any]) -> None:
        for reference in references:
            n.ca1_see(what, reference)


def _beside_calmodulin(head: Any) -> Iterator[str]:
    """Yield the other concentrations that advance with calmodulin: what it binds, and the rest."""
    for mechanism, state in shown():
        if mechanism.clock == CALMODULIN and state.name != "cami" and hasattr(head, state.name):
            yield state.name


def _rise(head: Any) -> float:
    """Return how much free calcium a current brings to a head at rest (mM cm2/(mA ms))."""
    if not n.ismembrane("ca1spineca", sec=head.sec):
        return 0.0
    pool = head.ca1spineca
    capacity = pool.buffer_total * pool.buffer_kd / (pool.buffer_kd + pool.cai_rest) ** 2
    return float(4 / (2 * head.diam * FARADAY * (1 + capacity)))


def spent() -> tuple[Floats, Floats]:
    """Return the seconds that each of `CLOCKS` and the voltage took, and how often, since asked.

    Each of shape ``(n_clocks + 1,)``.
    """
    seconds, calls = (n.Vector(len(CLOCKS) + 1) for _ in range(2))
    n.ca1_spent(seconds, calls)
    return seconds.as_numpy().copy(), calls.as_numpy().copy()
