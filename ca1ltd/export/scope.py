"""What the names of a mechanism are called where many mechanisms share one name space.

States and ion concentrations keep their names; anything else is private to its mechanism and
carries that in front: ``ca1can_kon``. A FUNCTION may use its mechanism's quantities and its other
FUNCTIONs; where it may use its arguments alone, the quantities become further arguments and the
functions are written out.
"""

from collections.abc import Collection
from dataclasses import dataclass

from ca1ltd.engine.nmodl.mechanism import (
    Apply,
    Expression,
    Function,
    Mechanism,
    Name,
    Number,
    names,
    substituted,
)
from ca1ltd.errors import BadInput


@dataclass(frozen=True, slots=True)
class PureFunction:
    """A function of its arguments alone; the first ones are those of the mod file."""

    identifier: str
    arguments: tuple[str, ...]
    value: Expression


class Scope:
    """The names of one mechanism.

    Parameters
    ----------
    mechanism : Mechanism
        Whose names they are.
    built_in : collection of str
        Operators and functions that need no definition.

    Attributes
    ----------
    functions : dict
        The functions that translated equations call, by the names of their FUNCTIONs.
    """

    def __init__(self, mechanism: Mechanism, built_in: Collection[str]) -> None:
        self._mechanism = mechanism
        self._built_in = built_in
        self._shared = {state.name for state in mechanism.states}
        self._shared.update(mechanism.reads, mechanism.writes)
        self._private = {each.name for each in mechanism.constants + mechanism.assigned}
        self._definitions = {function.name: function for function in mechanism.functions}
        self.functions: dict[str, PureFunction] = {}

    def identifier(self, name: str) -> str:
        """Return what a quantity is called outside."""
        if name in self._shared:
            return name
        if name in self._private:
            return f"{self._mechanism.name}_{name}"
        raise BadInput(f"{self._mechanism.name} uses '{name}', which it does not declare")

    def outside(self, expression: Expression) -> Expression:
        """Return an expression of the mechanism in names that hold everywhere."""
        match expression:
            case Number():
                return expression
            case Name(name):
                return Name(self.identifier(name))
        arguments = tuple(self.outside(each) for each in expression.arguments)
        if expression.operator in self._built_in:
            return Apply(expression.operator, arguments)
        function = self._pure(expression.operator)
        further = function.arguments[len(arguments) :]
        arguments += tuple(Name(self.identifier(each)) for each in further)
        return Apply(function.identifier, arguments)

    def flat(self, expression: Expression) -> Expression:
        """Return an expression of the mechanism with its functions written out."""
        if not isinstance(expression, Apply):
            return expression
        arguments = tuple(self.flat(each) for each in expression.arguments)
        if expression.operator in self._built_in:
            return Apply(expression.operator, arguments)
        own = self._definition(expression.operator).arguments
        value = self._written_out(expression.operator, ())
        return substituted(value, dict(zip(own, arguments, strict=True)))

    def _pure(self, name: str) -> PureFunction:
        if name not in self.functions:
            own = self._definition(name).arguments
            value = self._written_out(name, ())
            used = dict.fromkeys(each for each in names(value) if each not in own)
            identifier = f"{self._mechanism.name}_{name}"
            self.functions[name] = PureFunction(identifier, (*own, *used), value)
        return self.functions[name]

    def _definition(self, name: str) -> Function:
        if name not in self._definitions:
            raise BadInput(f"{self._mechanism.name} calls '{name}', which has no translation")
        return self._definitions[name]

    def _written_out(self, name: str, callers: tuple[str, ...]) -> Expression:
        """Return a function's value without calls of other functions."""
        if name in callers:
            raise BadInput(f"the function {name} of {self._mechanism.name} calls itself")
        function = self._definition(name)

        def inline(expression: Expression) -> Expression:
            if not isinstance(expression, Apply):
                return expression
            arguments = tuple(inline(each) for each in expression.arguments)
            if expression.operator in self._built_in:
                return Apply(expression.operator, arguments)
            called = self._definition(expression.operator)
            value = self._written_out(called.name, (*callers, name))
            if (set(names(value)) - set(called.arguments)) & set(function.arguments):
                raise BadInput(
                    f"an argument of the function {name} of {self._mechanism.name} hides a "
                    f"quantity that the function {called.name} uses"
                )
            return substituted(value, dict(zip(called.arguments, arguments, strict=True)))

        return inline(function.value)
