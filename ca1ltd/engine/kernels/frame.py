"""A function over all instances of a mechanism: what it works on, block by block, and its loops.

In C a quantity ``x`` of the mod file is ``q_x``, the place of all its values ``at_x``, where it
stands in a block ``in_x``, and a function ``f`` is ``f_f``.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from ca1ltd.engine.nmodl.c_math import CALLS, OPERATORS, written
from ca1ltd.engine.nmodl.functions import Functions
from ca1ltd.engine.nmodl.mechanism import (
    Apply,
    Assignment,
    Branch,
    Dynamics,
    Expression,
    Function,
    Name,
    Step,
    names,
    substituted,
)

VOLTAGE: Final = "v"
TEMPERATURE: Final = "celsius"
#: What NEURON keeps of an ion, in its order: reversal potential, concentrations, current, slope.
ION_PARTS: Final = ("e{}", "{}i", "{}o", "i{}", "di{}dv")
_IN: Final = " " * 12


class Frame:
    """The quantities of a mechanism in C.

    Parameters
    ----------
    dynamics : Dynamics
        Its equations.
    apart : bool
        Whether each instance has a step of its own.

    Attributes
    ----------
    instance : tuple of str
        What each instance has a value of here.
    shared : tuple of str
        What all instances have the same value of.
    elsewhere : dict
        What is kept where an ion is, by name: the ion's mechanism, and which of `ION_PARTS`.
    currents : dict
        The ion of each current that it writes.
    """

    def __init__(self, dynamics: Dynamics, *, apart: bool) -> None:
        self.of = dynamics
        self.functions = Functions(dynamics.name, dynamics.functions, OPERATORS)
        self._calls = {**CALLS, "exp": "exponential"}
        self._calls |= {each.name: f"f_{each.name}" for each in dynamics.functions}
        self.apart = apart
        self._block = "FEW" if apart else "MANY"
        ions = dynamics.ions
        self.instance = tuple(name for name in dynamics.instance if name not in ions)
        parameters = (*dynamics.parameters, TEMPERATURE)
        self.shared = tuple(name for name in parameters if name not in self.instance)
        self.currents = {name: ions[name] for name in dynamics.writes if name == f"i{ions[name]}"}
        slopes = {f"di{ion}dv": ion for ion in self.currents.values()}
        self.elsewhere = {
            name: (f"{ion}_ion", _part(name, ion)) for name, ion in {**ions, **slopes}.items()
        }

    def operand(self, name: str) -> str:
        """Return where all values of a quantity are."""
        return f"kernel.of[{self._numbers[name]}]"

    def c(self, expression: Expression) -> str:
        """Return an expression of the mod file in C."""
        known = {name: Name(f"q_{name}") for name in names(expression)}
        return written(substituted(expression, known), self._calls)

    def opened(self, what: str) -> Iterator[str]:
        """Yield the head of a function, up to the first line for a block of instances."""
        yield f'extern "C" WIDE void {self.of.name}_{what}(const Kernel& kernel) {{'
        for name in self.instance:
            yield f"    [[maybe_unused]] double* const at_{name} = {self.operand(name)};"
        for k, name in enumerate(self.elsewhere):
            yield f"    [[maybe_unused]] double* const at_{name} = {self.operand(name)};"
            yield f"    [[maybe_unused]] const int* const row_{name} = kernel.row[{k}];"
        for name in self.shared:
            yield f"    [[maybe_unused]] const double q_{name} = *{self.operand(name)};"
        for name, value in self.of.fixed.items():
            yield f"    [[maybe_unused]] const double q_{name} = {value!r};"
        for function in self.of.functions:
            if self._is_constant(function):
                name = function.name
                yield from self._function(function, "    ")
                yield f"    [[maybe_unused]] const double once_{name} = f_{name}();"
        yield f"    for (int first = 0; first < kernel.count; first += {self._block}) {{"
        yield "        const int left = kernel.count - first;"
        yield f"        const int size = left < {self._block} ? left : {self._block};"

    def gathered(self, used: Iterable[str]) -> Iterator[str]:
        """Yield what brings the values of a block together that are not of the instances."""
        for name in used:
            at = f"at_{name}[row_{name}[first + lane]]"
            if name == VOLTAGE:
                at = "kernel.voltage[kernel.node[first + lane]]"
            yield self.array(f"in_{name}")
            yield f"        for (int lane = 0; lane < size; ++lane) {{ in_{name}[lane] = {at}; }}"

    def scattered(self, name: str, value: str, sign: str = "") -> str:
        """Return what takes a block's values to where they are kept."""
        place = f"at_{name}[row_{name}[first + lane]]"
        return f"        for (int lane = 0; lane < size; ++lane) {{ {place} {sign}= {value}; }}"

    def array(self, name: str) -> str:
        """Return the declaration of a block of values."""
        return f"        double {name}[{self._block}];"

    def loop(self, used_in: Iterable[Expression], moved: Iterable[str] = ()) -> Iterator[str]:
        """Yield the head of a loop over the instances of a block, and the quantities used in it.

        Those that are moved can be assigned to.
        """
        used, called = self._reached(used_in)
        used |= set(moved)
        yield "        INDEPENDENT"
        yield "        for (int lane = 0; lane < size; ++lane) {"
        yield f"{_IN}[[maybe_unused]] const int at = first + lane;"
        for name in (VOLTAGE, *self.elsewhere, *self.instance):
            if name in used:
                kind = "double" if name in moved else "const double"
                value = f"at_{name}[at]" if name in self.instance else f"in_{name}[lane]"
                yield f"{_IN}{kind} q_{name} = {value};"
        for function in called:
            if not self._is_constant(function):
                yield from self._function(function, _IN)
            else:
                name, value = function.name, f"once_{function.name}"
                yield f"{_IN}const auto f_{name} = [=]() INLINE {{ return {value}; }};"

    def used(self, given: Iterable[Expression]) -> tuple[str, ...]:
        """Return what expressions use that is not of the instances, and differs between them."""
        used, _ = self._reached(given)
        return tuple(name for name in (VOLTAGE, *self.elsewhere) if name in used)

    def depends(self, given: Iterable[Expression], name: str) -> bool:
        """Return whether expressions use a quantity, or a function of it."""
        return name in self._reached(given)[0]

    def step(self, step: Step, indent: str = _IN) -> Iterator[str]:
        """Yield a step of the mod file."""
        if isinstance(step, Assignment):
            yield f"{indent}q_{step.name} = {self.c(step.value)};"
            return
        yield f"{indent}if ({self.c(step.condition)}) {{"
        for each in step.then:
            yield from self.step(each, indent + "    ")
        yield f"{indent}}} else {{"
        for each in step.otherwise:
            yield from self.step(each, indent + "    ")
        yield f"{indent}}}"

    def _function(self, function: Function, indent: str) -> Iterator[str]:
        """Yield a FUNCTION as a closure that sees the quantities of an instance."""
        arguments = ", ".join(f"double q_{each}" for each in function.arguments)
        yield f"{indent}const auto f_{function.name} = [&]({arguments}) INLINE -> double {{"
        for name in dict.fromkeys((function.name, *assigned(function.steps))):
            yield f"{indent}    double q_{name} = 0.0;"
        for step in function.steps:
            yield from self.step(step, indent + "    ")
        yield f"{indent}    return q_{function.name};"
        yield f"{indent}}};"

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {name: k for k, name in enumerate((*self.instance, *self.shared, *self.elsewhere))}

    def _reached(self, given: Iterable[Expression]) -> tuple[set[str], list[Function]]:
        """Return the quantities that are used, and the functions, each after those it calls."""
        used: set[str] = set()
        called: dict[str, Function] = {}

        def visit(expression: Expression) -> None:
            used.update(names(expression))
            for name in _operators(expression):
                if name not in OPERATORS and name not in called:
                    function = self.functions.definition(name)
                    for each in expressions(function.steps):
                        visit(each)
                    called[name] = function

        for each in given:
            visit(each)
        return used, list(called.values())

    def _is_constant(self, function: Function) -> bool:
        """Return whether a function is the same for all instances, whoever calls it."""
        used, called = self._reached(expressions(function.steps))
        shared = {*self.shared, *self.of.fixed}
        return (
            not function.arguments
            and len(called) == 0
            and (used <= shared | {function.name, *assigned(function.steps)})
        )


def assigned(steps: Iterable[Step]) -> tuple[str, ...]:
    """Return the names that steps assign."""
    found: dict[str, None] = {}
    for step in steps:
        if isinstance(step, Branch):
            found.update(dict.fromkeys(assigned((*step.then, *step.otherwise))))
        else:
            found[step.name] = None
    return tuple(found)


def _part(variable: str, ion: str) -> int:
    """Return which of `ION_PARTS` an ion variable is."""
    return [part.format(ion) for part in ION_PARTS].index(variable)


def expressions(steps: Iterable[Step]) -> Iterator[Expression]:
    """Yield all that steps compute and ask."""
    for step in steps:
        if isinstance(step, Branch):
            yield step.condition
            yield from expressions((*step.then, *step.otherwise))
        else:
            yield step.value


def _operators(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Apply):
        yield expression.operator
        for each in expression.arguments:
            yield from _operators(each)
