"""Expressions of a mod file as SBML's mathematics."""

from collections.abc import Callable
from typing import Any, Final

import libsbml

from ca1ltd.engine.nmodl.mechanism import Apply, Expression, Name, Number

#: Operators and functions of NMODL that SBML has, with the type of their nodes.
OPERATORS: Final = {
    "if": libsbml.AST_FUNCTION_PIECEWISE,
    "+": libsbml.AST_PLUS,
    "-": libsbml.AST_MINUS,
    "*": libsbml.AST_TIMES,
    "/": libsbml.AST_DIVIDE,
    "^": libsbml.AST_POWER,
    "<": libsbml.AST_RELATIONAL_LT,
    "<=": libsbml.AST_RELATIONAL_LEQ,
    ">": libsbml.AST_RELATIONAL_GT,
    ">=": libsbml.AST_RELATIONAL_GEQ,
    "==": libsbml.AST_RELATIONAL_EQ,
    "!=": libsbml.AST_RELATIONAL_NEQ,
    "&&": libsbml.AST_LOGICAL_AND,
    "||": libsbml.AST_LOGICAL_OR,
    "!": libsbml.AST_LOGICAL_NOT,
    "exp": libsbml.AST_FUNCTION_EXP,
    "log": libsbml.AST_FUNCTION_LN,
    "fabs": libsbml.AST_FUNCTION_ABS,
    "pow": libsbml.AST_POWER,
}


def mathematics(expression: Expression, unit: Callable[[Number], str]) -> Any:
    """Return the ``ASTNode`` of an expression whose names and functions are SBML's ids already.

    Parameters
    ----------
    expression : Expression
        What to write.
    unit : callable
        SBML's unit of a literal.
    """
    match expression:
        case Number(value=value):
            node = libsbml.ASTNode(libsbml.AST_REAL)
            node.setValue(value)
            node.setUnits(unit(expression))
            return node
        case Name(name):
            node = libsbml.ASTNode(libsbml.AST_NAME)
            node.setName(name)
            return node
        case Apply("if", (condition, then, otherwise)):
            node = libsbml.ASTNode(OPERATORS["if"])
            arguments: tuple[Expression, ...] = (then, condition, otherwise)
        case Apply(operator, arguments):
            node = libsbml.ASTNode(OPERATORS.get(operator, libsbml.AST_FUNCTION))
            if operator not in OPERATORS:
                node.setName(operator)
    for argument in arguments:
        node.addChild(mathematics(argument, unit))
    return node


def definition(arguments: tuple[str, ...], value: Expression, unit: Callable[[Number], str]) -> Any:
    """Return the ``ASTNode`` of a function definition."""
    node = libsbml.ASTNode(libsbml.AST_LAMBDA)
    for argument in arguments:
        bound = libsbml.ASTNode(libsbml.AST_NAME)
        bound.setName(argument)
        node.addChild(bound)
    node.addChild(mathematics(value, unit))
    return node
