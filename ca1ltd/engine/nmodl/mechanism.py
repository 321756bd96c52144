"""A mechanism as its mod file states it: quantities, couplings and equations as plain values.

`engine.syntax` reads them from NEURON's syntax tree; whoever translates the model into another
language works on these and never sees NEURON.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from ca1ltd.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A literal; ``factor`` marks one in parentheses, which in NMODL converts units."""

    value: float
    unit: str = "1"
    factor: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A reference to a quantity."""

    name: str


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator (``+``, ``<``, ``if``, ...) or function applied to arguments.

    ``if`` takes a condition, the value if it holds and the value if not.
    """

    operator: str
    arguments: tuple["Expression", ...]


Expression: TypeAlias = Number | Name | Apply


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """``name = value``."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """``if (condition) {then} else {otherwise}``."""

    condition: Expression
    then: tuple["Assignment | Branch", ...]
    otherwise: tuple["Assignment | Branch", ...]


Step: TypeAlias = Assignment | Branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """``state' = value``, per ms."""

    state: str
    value: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """Mass action: reactants to products at rate constant ``forward``, and back at ``backward``.

    States with their stoichiometry; a source has no reactants, a sink no products.
    """

    reactants: tuple[tuple[str, int], ...]
    products: tuple[tuple[str, int], ...]
    forward: Expression
    backward: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conserved:
    """A weighted sum of states that stays what it is."""

    states: tuple[tuple[str, int], ...]


Equation: TypeAlias = Assignment | Rate | Reaction | Conserved


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A declared name with its unit as NMODL writes it, and its value and source if it has them."""

    name: str
    unit: str
    value: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A FUNCTION: its arguments and the steps that assign its name."""

    name: str
    arguments: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def value(self) -> Expression:
        """Its value in one expression of its arguments and of the mechanism's quantities.

        Raises
        ------
        BadInput
            If there are arguments for which it has no value.
        """
        value = outcome(self.steps).get(self.name)
        if value is None or self.name in names(value):
            raise BadInput(f"the function {self.name} has no value for some of its arguments")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """What one mod file declares, and the equations of the block it solves, in their order.

    ``reads`` and ``writes`` are the ion concentrations that couple it to other mechanisms,
    ``initial`` the steps of its INITIAL block.
    """

    name: str
    title: str
    comment: str
    constants: tuple[Quantity, ...]
    assigned: tuple[Quantity, ...]
    states: tuple[Quantity, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    initial: tuple[Step, ...]
    equations: tuple[Equation, ...]
    functions: tuple[Function, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dynamics:
    """How the states of a mod file move, and the currents that they carry.

    Attributes
    ----------
    of_point : bool
        Whether it is a POINT_PROCESS, whose currents are in nA.
    method : str
        By which NEURON solves its states.
    instance : tuple of str
        What each instance has a value of: its RANGE variables and its states.
    parameters : tuple of str
        Those that are not of an instance are the same for all.
    fixed : dict
        Value of each CONSTANT, and of each constant of nature that its UNITS block takes from
        NEURON.
    ions : dict
        The ion of each ion variable: ``{"ica": "ca"}``.
    writes : tuple of str
        Ion variables that it writes.
    nonspecific : tuple of str
        Its currents that are of no ion.
    slopes : dict
        The conductances that it states, with the ion whose current's slope each is, None if of
        none.
    flow : tuple of Step
        The steps of BREAKPOINT that give the currents.
    equations : tuple of Equation
        Those of the block that it solves.
    afterwards : tuple of Step
        Those of AFTER SOLVE.
    """

    name: str
    of_point: bool
    method: str
    instance: tuple[str, ...]
    parameters: tuple[str, ...]
    fixed: Mapping[str, float]
    ions: Mapping[str, str]
    writes: tuple[str, ...]
    nonspecific: tuple[str, ...]
    slopes: Mapping[str, str | None]
    flow: tuple[Step, ...]
    equations: tuple[Equation, ...]
    afterwards: tuple[Step, ...]
    functions: tuple[Function, ...]


def names(expression: Expression) -> Iterator[str]:
    """Yield the quantities an expression refers to, with repeats, from left to right."""
    match expression:
        case Name(name):
            yield name
        case Apply(_, arguments):
            for argument in arguments:
                yield from names(argument)


def substituted(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    """Return an expression with names replaced by expressions."""
    match expression:
        case Name(name):
            return values.get(name, expression)
        case Apply(operator, arguments):
            return Apply(operator, tuple(substituted(each, values) for each in arguments))
    return expression


def outcome(steps: Iterable[Step]) -> dict[str, Expression]:
    """Return what each name that steps assign stands for after them."""
    return _run(steps, {})


def _run(steps: Iterable[Step], values: Mapping[str, Expression]) -> dict[str, Expression]:
    """Return what each name stands for after the steps, as expressions of what was before."""
    return reduce(_after, steps, dict(values))


def _after(values: dict[str, Expression], step: Step) -> dict[str, Expression]:
    if isinstance(step, Assignment):
        return values | {step.name: substituted(step.value, values)}
    condition = substituted(step.condition, values)
    then, otherwise = _run(step.then, values), _run(step.otherwise, values)
    chosen = {
        name: Apply("if", (condition, then.get(name, Name(name)), otherwise.get(name, Name(name))))
        for name in then.keys() | otherwise.keys()
        if then.get(name) != otherwise.get(name)
    }
    return then | chosen
