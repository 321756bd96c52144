"""What can happen between the molecules of a network, and how likely it is.

A conversion of a KINETIC block is a reaction in each direction. What is written as a rate, or as a
source and a sink, comes to ``gain - loss x``. If the state is a part of a whole, that is binding of
what is free at ``on`` and unbinding at ``off``, which are known from the gain and the whole;
otherwise molecules are made and lost. What is assigned on the way (how likely it is that a
neighbour is active) and what is no mass action (receptors that find a slot) is taken at the
concentrations of the present numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ca1ltd.engine.nmodl.c_math import OPERATORS
from ca1ltd.engine.nmodl.calculus import (
    ZERO,
    derivative,
    divided,
    multiplied,
    negative,
    rates,
    simplified,
    subtracted,
)
from ca1ltd.engine.nmodl.mechanism import (
    Assignment,
    Expression,
    Mechanism,
    Name,
    Number,
    Reaction,
    names,
    substituted,
)
from ca1ltd.errors import BadInput
from ca1ltd.export.molecules.pools import Pools
from ca1ltd.export.replay.equations import System
from ca1ltd.export.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One molecule of each kind consumed, one of each made.

    Attributes
    ----------
    consumed, made : tuple of str
        The species.
    propensity : Expression
        How often it happens (per ms): of constants, calcium, values of states in the units of their
        mod files, and numbers of molecules (`number`).
    """

    consumed: tuple[str, ...]
    made: tuple[str, ...]
    propensity: Expression

    def __str__(self) -> str:
        return f"{' + '.join(self.consumed)} -> {' + '.join(self.made)}".strip()


def number(species: str) -> Name:
    """Return what an expression calls the number of molecules of a species."""
    return Name(f"number of {species}")


def transitions(system: System, mechanism: Mechanism, pools: Pools) -> Iterator[Transition]:
    """Yield all that can happen to the molecules of one mechanism.

    Raises
    ------
    BadInput
        If an equation has no meaning for molecules.
    """
    scope = Scope(mechanism, OPERATORS)
    conversions = [
        each
        for each in mechanism.equations
        if isinstance(each, Reaction) and each.reactants and each.products
    ]
    others = [each for each in mechanism.equations if each not in conversions]
    exchanges, _ = rates([e for e in others if not isinstance(e, Assignment)], scope.flat)
    _, on_the_way = rates([e for e in others if isinstance(e, Assignment)], scope.flat)
    assigned = {scope.identifier(name): scope.outside(each) for name, each in on_the_way.items()}
    in_states = written_out(system)

    def outside(expression: Expression) -> Expression:
        return present(scope.outside(scope.flat(expression)))

    def present(expression: Expression) -> Expression:
        return simplified(substituted(substituted(expression, assigned), in_states))

    for reaction in conversions:
        there, back = _side(reaction.reactants), _side(reaction.products)
        if len({pools.worth[state] for state in there + back}) > 1:
            raise BadInput(f"{mechanism.name}: a reaction mixes concentrations and numbers")
        yield from _conversion(there, back, outside(reaction.forward), mechanism)
        yield from _conversion(back, there, outside(reaction.backward or ZERO), mechanism)
    for state, rate in exchanges.items():
        for each in _exchange(state, scope.outside(rate), mechanism, pools):
            yield replace(each, propensity=present(each.propensity))


def written_out(system: System) -> dict[str, Expression]:
    """Return what each concentration that is no state stands for, in states alone."""
    found = dict(system.assigned)
    while any(name in found for value in found.values() for name in names(value)):
        found = {name: substituted(value, found) for name, value in found.items()}
    return found


def _side(side: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    """Return the states of one side of a reaction, one for each molecule."""
    return tuple(state for state, count in side for _ in range(count))


def _conversion(
    consumed: tuple[str, ...], made: tuple[str, ...], constant: Expression, mechanism: Mechanism
) -> Iterator[Transition]:
    """Yield mass action, if it has a rate."""
    first, *others = consumed
    propensity = multiplied(constant, number(first))
    for state in others:
        propensity = multiplied(propensity, Name(state))
    if propensity != ZERO and len(set(consumed)) < len(consumed):
        raise BadInput(f"{mechanism.name}: two molecules of a kind react, which is not drawn")
    yield from _transition(consumed, made, propensity)


def _exchange(
    state: str, rate: Expression, mechanism: Mechanism, pools: Pools
) -> Iterator[Transition]:
    """Yield how a state comes and goes that no other state of the mechanism turns into."""
    slope = simplified(derivative(rate, state))
    if state in names(slope):
        raise BadInput(f"{mechanism.name}: the rate of '{state}' is no gain less a loss of it")
    gain, loss = simplified(rate, zero=(state,)), negative(slope)
    whole = pools.wholes.get(state)
    if whole is None:
        worth = Number(value=pools.worth[state])
        yield from _transition((), (state,), divided(gain, worth))
        yield from _transition((state,), (), multiplied(loss, number(state)))
        return
    on = gain if whole.fractional else simplified(derivative(gain, whole.parameter))
    off = subtracted(loss, on)
    yield from _transition((whole.free,), (state,), multiplied(on, number(whole.free)))
    yield from _transition((state,), (whole.free,), multiplied(off, number(state)))


def _transition(
    consumed: tuple[str, ...], made: tuple[str, ...], propensity: Expression
) -> Iterator[Transition]:
    if propensity != ZERO:
        yield Transition(consumed=consumed, made=made, propensity=propensity)
