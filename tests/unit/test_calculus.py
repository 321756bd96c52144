"""Rates and derivatives of expressions, against differences."""

import math

import pytest

from ca1ltd.engine.nmodl.calculus import ONE, ZERO, derivative, rates, simplified
from ca1ltd.engine.nmodl.mechanism import (
    Apply,
    Assignment,
    Conserved,
    Name,
    Number,
    Rate,
    Reaction,
    names,
)
from ca1ltd.errors import BadInput

X, Y = Name("x"), Name("y")


def value(expression, **known):
    """The number that an expression stands for."""
    match expression:
        case Number(value=number):
            return number
        case Name(name):
            return known[name]
    arguments = [value(each, **known) for each in expression.arguments]
    functions = {
        "+": lambda a, b: a + b,
        "-": lambda a, *b: a - b[0] if b else -a,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "^": math.pow,
        "pow": math.pow,
        ">": lambda a, b: a > b,
        "exp": math.exp,
        "log": math.log,
        "if": lambda condition, a, b: a if condition else b,
    }
    return functions[expression.operator](*arguments)


@pytest.mark.parametrize(
    "expression",
    [
        Apply("+", (X, Apply("*", (X, Y)))),
        Apply("-", (Apply("-", (X,)), Apply("/", (Y, X)))),
        Apply("/", (Apply("*", (X, X)), Apply("+", (Apply("*", (X, X)), Y)))),
        Apply("^", (X, Number(value=3.0))),
        Apply("pow", (Apply("*", (Y, X)), Number(value=2.0))),
        Apply("exp", (Apply("*", (Y, X)),)),
        Apply("log", (Apply("+", (X, Y)),)),
        Apply("if", (Apply(">", (X, Y)), Apply("*", (X, X)), X)),
    ],
)
@pytest.mark.parametrize("x", [0.4, 2.3])
def test_a_derivative_is_the_slope(expression, x):
    slope = simplified(derivative(expression, "x"))
    step = 1e-6
    beside = [value(expression, x=x + move, y=1.7) for move in (step, -step)]
    assert value(slope, x=x, y=1.7) == pytest.approx((beside[0] - beside[1]) / (2 * step), rel=1e-6)
    assert derivative(expression, "z") == ZERO


@pytest.mark.parametrize("operator", ["fabs", "^"])
def test_what_has_no_derivative_is_told(operator):
    arguments = (X,) if operator == "fabs" else (Number(value=2.0), X)
    with pytest.raises(BadInput, match="the derivative of"):
        derivative(Apply(operator, arguments), "x")


def test_nothing_is_left_of_products_with_nothing():
    expression = Apply("+", (Apply("*", (X, Y)), Apply("-", (Apply("*", (ONE, Y)), ZERO))))
    assert simplified(expression, zero=("x",)) == Y


def test_rates_are_those_of_all_reactions_with_what_is_assigned_written_out():
    equations = (
        Assignment(name="k", value=Apply("f", (Y,))),
        Reaction(
            reactants=(("a", 2), ("b", 1)), products=(("c", 1),), forward=Name("k"), backward=Y
        ),
        Reaction(reactants=(), products=(("c", 1),), forward=X),
        Reaction(reactants=(("c", 1),), products=(), forward=Name("k")),
        Conserved(states=(("a", 1), ("b", 2))),
        Rate(state="d", value=Apply("-", (Name("d"),))),
        Assignment(name="bus", value=Apply("*", (Name("k"), Name("c")))),
    )

    def flat(expression):  # f doubles
        if not isinstance(expression, Apply):
            return expression
        arguments = tuple(map(flat, expression.arguments))
        doubled = expression.operator == "f"
        return (
            Apply("*", (Number(value=2.0), *arguments))
            if doubled
            else Apply(expression.operator, arguments)
        )

    found, assigned = rates(equations, flat)
    known = {"a": 3.0, "b": 5.0, "c": 7.0, "d": 11.0, "x": 13.0, "y": 17.0}
    k = 2 * known["y"]
    forth, back = k * 3.0**2 * 5.0, 17.0 * 7.0
    assert {name: value(rate, **known) for name, rate in found.items()} == pytest.approx(
        {"a": -2 * (forth - back), "b": -(forth - back), "c": forth - back + 13.0 - k * 7.0}
        | {"d": -11.0}
    )
    assert value(assigned["bus"], **known) == k * 7.0
    assert set(names(assigned["bus"])) == {"y", "c"}
