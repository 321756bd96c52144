"""FUNCTIONs of a mechanism written out where they are called."""

from collections.abc import Collection, Iterable

from ca1ltd.engine.nmodl.mechanism import Apply, Expression, Function, names, substituted
from ca1ltd.errors import BadInput


class Functions:
    """The functions of one mechanism.

    Parameters
    ----------
    owner : str
        The mechanism's name, for messages.
    functions : iterable of Function
        Its functions.
    built_in : collection of str
        Operators and functions that need no definition.
    """

    def __init__(
        self, owner: str, functions: Iterable[Function], built_in: Collection[str]
    ) -> None:
        self._owner = owner
        self._built_in = built_in
        self._definitions = {function.name: function for function in functions}

    def definition(self, name: str) -> Function:
        """Return a function.

        Raises
        ------
        BadInput
            If there is none of this name.
        """
        if name not in self._definitions:
            raise BadInput(f"{self._owner} calls '{name}', which has no translation")
        return self._definitions[name]

    def flat(self, expression: Expression) -> Expression:
        """Return an expression of the mechanism with its functions written out.

        Raises
        ------
        BadInput
            If it calls what has no definition, or one that has no value for some arguments.
        """
        if not isinstance(expression, Apply):
            return expression
        arguments = tuple(self.flat(each) for each in expression.arguments)
        if expression.operator in self._built_in:
            return Apply(expression.operator, arguments)
        own = self.definition(expression.operator).arguments
        value = self.written_out(expression.operator)
        return substituted(value, dict(zip(own, arguments, strict=True)))

    def written_out(self, name: str) -> Expression:
        """Return a function's value without calls of other functions.

        Raises
        ------
        BadInput
            As `flat`, or if it calls itself.
        """
        return self._written_out(name, ())

    def _written_out(self, name: str, callers: tuple[str, ...]) -> Expression:
        if name in callers:
            raise BadInput(f"the function {name} of {self._owner} calls itself")
        function = self.definition(name)

        def inline(expression: Expression) -> Expression:
            if not isinstance(expression, Apply):
                return expression
            arguments = tuple(inline(each) for each in expression.arguments)
            if expression.operator in self._built_in:
                return Apply(expression.operator, arguments)
            called = self.definition(expression.operator)
            value = self._written_out(called.name, (*callers, name))
            if (set(names(value)) - set(called.arguments)) & set(function.arguments):
                raise BadInput(
                    f"an argument of the function {name} of {self._owner} hides a "
                    f"quantity that the function {called.name} uses"
                )
            return substituted(value, dict(zip(called.arguments, arguments, strict=True)))

        return inline(function.value)
