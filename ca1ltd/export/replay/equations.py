"""A network as one system of equations: what moves what, in an order in which it can be solved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter

from ca1ltd.engine.nmodl.c_math import OPERATORS
from ca1ltd.engine.nmodl.calculus import derivative, negative, rates, simplified
from ca1ltd.engine.nmodl.mechanism import Expression, names, outcome, substituted
from ca1ltd.export.network import Network
from ca1ltd.export.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Equations in names that hold everywhere, those of `Scope`, with functions written out.

    Attributes
    ----------
    constants : dict
        Value of each parameter and constant by its name here, in the unit of its mod file.
    names : tuple of str
        All that mechanisms show, states and written concentrations, in the order of the signal.
    initial : dict
        What each starts as, of those before it.
    rates : dict
        Rate of each state, per ms.
    assigned : dict
        What each concentration that is no state stands for.
    """

    constants: dict[str, float]
    names: tuple[str, ...]
    initial: Mapping[str, Expression]
    rates: Mapping[str, Expression]
    assigned: Mapping[str, Expression]

    def movers(self, name: str) -> set[str]:
        """Return all that the equation of a name refers to, but for the name itself."""
        value = self.rates.get(name) or self.assigned[name]
        return {each for each in names(value) if each in self.names and each != name}

    def parts(self) -> Iterator[tuple[str, ...]]:
        """Yield the names that must be solved together, after all that moves them.

        Most are alone; several are together if each of them moves the others.
        """
        reached = {name: self._reached(name) for name in self.names}
        part = {
            name: tuple(
                other
                for other in self.names
                if other == name or (other in reached[name] and name in reached[other])
            )
            for name in self.names
        }
        before = {
            group: {part[mover] for name in group for mover in self.movers(name)} - {group}
            for group in dict.fromkeys(part.values())
        }
        yield from TopologicalSorter(before).static_order()

    def relaxation(self, state: str) -> tuple[Expression, Expression] | None:
        """Return gain and loss if the rate of a state is gain - loss * state, else None."""
        slope = simplified(derivative(self.rates[state], state))
        if state in names(slope):
            return None
        return simplified(self.rates[state], zero=(state,)), negative(slope)

    def _reached(self, name: str) -> set[str]:
        """Return all that moves a name, directly or through others."""
        found: set[str] = set()
        new = self.movers(name)
        while new:
            found |= new
            new = {mover for each in new for mover in self.movers(each)} - found
        return found


def system(network: Network) -> System:
    """Return the equations of a network.

    Raises
    ------
    BadInput
        If an equation has no translation.
    """
    constants: dict[str, float] = {}
    initial: dict[str, Expression] = {}
    found: dict[str, Expression] = {}
    assigned: dict[str, Expression] = {}
    for mechanism in network.mechanisms:
        scope = Scope(mechanism, OPERATORS)
        for constant in mechanism.constants:
            key = f"{mechanism.name}.{constant.name}"
            value = network.changed.get(key, constant.value or 0.0)
            constants[scope.identifier(constant.name)] = value
        moved, written = rates(mechanism.equations, scope.flat)
        begun = outcome(mechanism.initial)
        for name in network.owned(mechanism):
            initial[name] = scope.outside(scope.flat(begun[name]))
            if name in moved:
                found[name] = scope.outside(moved[name])
            else:
                assigned[name] = scope.outside(written[name])
    whole = System(
        constants=constants,
        names=tuple(initial),
        initial=initial,
        rates=found,
        assigned=assigned,
    )
    return replace(whole, rates=dict(_direct(whole)))


def _direct(whole: System) -> Iterator[tuple[str, Expression]]:
    """Yield the rate of each state, what is assigned in its part being written out."""
    for part in whole.parts():
        inside = {name: whole.assigned[name] for name in part if name in whole.assigned}
        for name in part:
            if name in whole.rates:
                rate = whole.rates[name]
                for _ in inside:  # one may be assigned by another
                    rate = substituted(rate, inside)
                yield name, rate
