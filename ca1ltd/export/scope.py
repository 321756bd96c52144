"""What the names of a mechanism are called where many mechanisms share one name space.

States and ion concentrations keep their names; anything else is private to its mechanism and
carries that in front: ``ca1cam_kon_can``. A FUNCTION may use its mechanism's quantities and its
other FUNCTIONs; where it may use its arguments alone, the quantities become further arguments and
the functions are written out.
"""

from collections.abc import Collection
from dataclasses import dataclass

from ca1ltd.engine.nmodl.functions import Functions
from ca1ltd.engine.nmodl.mechanism import Apply, Expression, Mechanism, Name, Number, names
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
        self._functions = Functions(mechanism.name, mechanism.functions, built_in)
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
        return self._functions.flat(expression)

    def _pure(self, name: str) -> PureFunction:
        if name not in self.functions:
            own = self._functions.definition(name).arguments
            value = self._functions.written_out(name)
            used = dict.fromkeys(each for each in names(value) if each not in own)
            identifier = f"{self._mechanism.name}_{name}"
            self.functions[name] = PureFunction(identifier, (*own, *used), value)
        return self.functions[name]
