"""What the equations of a mechanism say of each state: its rate, and derivatives of it."""

from collections.abc import Callable, Collection, Iterable
from typing import Final

from ca1ltd.engine.nmodl.mechanism import (
    Apply,
    Assignment,
    Conserved,
    Equation,
    Expression,
    Name,
    Number,
    Rate,
    Reaction,
    names,
    substituted,
)
from ca1ltd.errors import BadInput

ZERO: Final = Number(value=0.0)
ONE: Final = Number(value=1.0)


def rates(
    equations: Iterable[Equation], flat: Callable[[Expression], Expression]
) -> tuple[dict[str, Expression], dict[str, Expression]]:
    """Return the rate of each state, and what each assigned name stands for.

    Both are expressions of states, parameters and concentrations of other mechanisms: what is
    assigned on the way is written out, and so, by ``flat``, are calls of FUNCTIONs.
    """
    found: dict[str, Expression] = {}
    assigned: dict[str, Expression] = {}
    for equation in equations:
        match equation:
            case Assignment(name=name, value=value):
                assigned[name] = substituted(flat(value), assigned)
            case Rate(state=state, value=value):
                found[state] = added(found.get(state, ZERO), substituted(flat(value), assigned))
            case Reaction():
                flux = substituted(flat(net_flux(equation)), assigned)
                changes: dict[str, int] = {}
                for state, count in equation.products:
                    changes[state] = changes.get(state, 0) + count
                for state, count in equation.reactants:
                    changes[state] = changes.get(state, 0) - count
                for state, count in changes.items():
                    change = multiplied(Number(value=float(count)), flux)
                    found[state] = added(found.get(state, ZERO), change)
            case Conserved():  # follows from the reactions
                pass
    return found, assigned


def net_flux(reaction: Reaction) -> Expression:
    """Return how often a reaction happens, less how often it happens backwards."""
    law = _flux(reaction.reactants, reaction.forward)
    if reaction.backward is None:
        return law
    return Apply("-", (law, _flux(reaction.products, reaction.backward)))


def _flux(side: Iterable[tuple[str, int]], constant: Expression) -> Expression:
    """Return rate constant times reactants, each to the power of its stoichiometry."""
    for state, count in side:
        factor: Expression = Name(state)
        if count > 1:
            factor = Apply("^", (factor, Number(value=count)))
        constant = Apply("*", (constant, factor))
    return constant


def derivative(expression: Expression, name: str) -> Expression:
    """Return the derivative of an expression that calls no FUNCTION with respect to a name.

    Raises
    ------
    BadInput
        If it holds an operator or a function whose derivative is not known.
    """
    match expression:
        case Number():
            return ZERO
        case Name(other):
            return ONE if other == name else ZERO
    if name not in names(expression):
        return ZERO
    arguments = expression.arguments
    if expression.operator == "if":
        condition, then, otherwise = arguments
        return Apply("if", (condition, derivative(then, name), derivative(otherwise, name)))
    slopes = tuple(derivative(each, name) for each in arguments)
    rule = _RULES.get((expression.operator, len(arguments)))
    if rule is None:
        raise BadInput(f"the derivative of '{expression.operator}' is not known")
    return rule(*arguments, *slopes)


def simplified(expression: Expression, *, zero: Collection[str] = ()) -> Expression:
    """Return an expression without sums and products of nothing, with some names being zero."""
    match expression:
        case Number():
            return expression
        case Name(name):
            return ZERO if name in zero else expression
    arguments = tuple(simplified(each, zero=zero) for each in expression.arguments)
    rule = _SIMPLER.get((expression.operator, len(arguments)))
    return rule(*arguments) if rule else Apply(expression.operator, arguments)


def added(a: Expression, b: Expression) -> Expression:
    """Return a + b."""
    if _is(a, 0):
        return b
    return a if _is(b, 0) else Apply("+", (a, b))


def subtracted(a: Expression, b: Expression) -> Expression:
    """Return a - b."""
    if _is(b, 0):
        return a
    return negative(b) if _is(a, 0) else Apply("-", (a, b))


def negative(a: Expression) -> Expression:
    """Return -a."""
    return Number(value=-a.value) if isinstance(a, Number) else Apply("-", (a,))


def multiplied(a: Expression, b: Expression) -> Expression:
    """Return a b."""
    if _is(a, 0) or _is(b, 0):
        return ZERO
    if _is(a, 1):
        return b
    return a if _is(b, 1) else Apply("*", (a, b))


def divided(a: Expression, b: Expression) -> Expression:
    """Return a/b."""
    return a if _is(a, 0) or _is(b, 1) else Apply("/", (a, b))


def _is(expression: Expression, value: float) -> bool:
    return isinstance(expression, Number) and expression.value == value


def _power(a: Expression, b: Expression, da: Expression, db: Expression) -> Expression:
    if not (isinstance(b, Number) and _is(db, 0)):
        raise BadInput("the derivative of a power is known for a number as its exponent only")
    lower = b.value - 1
    factor: Expression = Apply("^", (a, Number(value=lower))) if lower != 1 else a
    return multiplied(multiplied(b, factor), da)


_Rule = Callable[..., Expression]
#: Derivatives, by operator and number of arguments: of the arguments and their derivatives.
_RULES: Final[dict[tuple[str, int], _Rule]] = {
    ("+", 2): lambda _a, _b, da, db: added(da, db),
    ("-", 2): lambda _a, _b, da, db: subtracted(da, db),
    ("-", 1): lambda _a, da: negative(da),
    ("*", 2): lambda a, b, da, db: added(multiplied(da, b), multiplied(a, db)),
    ("/", 2): lambda a, b, da, db: divided(subtracted(da, multiplied(divided(a, b), db)), b),
    ("^", 2): _power,
    ("pow", 2): _power,
    ("exp", 1): lambda a, da: multiplied(Apply("exp", (a,)), da),
    ("log", 1): lambda a, da: divided(da, a),
}
_SIMPLER: Final[dict[tuple[str, int], _Rule]] = {
    ("+", 2): added,
    ("-", 2): subtracted,
    ("-", 1): negative,
    ("*", 2): multiplied,
    ("/", 2): divided,
}
