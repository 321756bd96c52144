"""Expressions of a mod file in C."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ca1ltd.engine.nmodl.mechanism import Apply, Expression, Name, Number

_INFIX: Final = ("+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "&&", "||")
_PREFIX: Final = ("-", "!")
#: What C calls the functions of NMODL.
CALLS: Final[Mapping[str, str]] = MappingProxyType(
    {"^": "pow", "pow": "pow", "exp": "exp", "log": "log", "fabs": "fabs"}
)

#: Operators and functions of NMODL that C has.
OPERATORS: Final = frozenset({"if", *_INFIX, *_PREFIX, *CALLS})


def written(expression: Expression, calls: Mapping[str, str] = CALLS) -> str:
    """Return an expression whose names are C's already.

    Parameters
    ----------
    expression : Expression
        Its operators are in `OPERATORS`, or in ``calls``.
    calls : mapping of str to str
        What C calls each function.
    """
    match expression:
        case Number(value=value):
            return repr(float(value)) if value >= 0 else f"({float(value)!r})"
        case Name(name):
            return name
        case Apply("if", arguments):
            condition, then, otherwise = (written(each, calls) for each in arguments)
            return f"({condition} ? {then} : {otherwise})"
        case Apply(operator, (argument,)) if operator in _PREFIX:
            return f"({operator}{written(argument, calls)})"
        case Apply(operator, (left, right)) if operator in _INFIX:
            return f"({written(left, calls)} {operator} {written(right, calls)})"
        case Apply(operator, arguments):
            return f"{calls[operator]}({', '.join(written(each, calls) for each in arguments)})"
