"""Expressions of a mod file in C."""

from typing import Final

from ca1ltd.engine.nmodl.mechanism import Apply, Expression, Name, Number

_INFIX: Final = ("+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "&&", "||")
_PREFIX: Final = ("-", "!")
_CALLS: Final = {"^": "pow", "pow": "pow", "exp": "exp", "log": "log", "fabs": "fabs"}

#: Operators and functions of NMODL that C has.
OPERATORS: Final = frozenset({"if", *_INFIX, *_PREFIX, *_CALLS})


def written(expression: Expression) -> str:
    """Return an expression whose names are C's already, and whose operators are in `OPERATORS`."""
    match expression:
        case Number(value=value):
            return repr(float(value)) if value >= 0 else f"({float(value)!r})"
        case Name(name):
            return name
        case Apply("if", arguments):
            condition, then, otherwise = map(written, arguments)
            return f"({condition} ? {then} : {otherwise})"
        case Apply(operator, (argument,)) if operator in _PREFIX:
            return f"({operator}{written(argument)})"
        case Apply(operator, (left, right)) if operator in _INFIX:
            return f"({written(left)} {operator} {written(right)})"
        case Apply(operator, arguments):
            return f"{_CALLS[operator]}({', '.join(map(written, arguments))})"
