"""Mechanisms read from mod files by NEURON's own parser of NMODL.

Whatever could change a state and is not understood is refused: an equation is never left out.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from neuron.nmodl import ast
from neuron.nmodl.dsl import NmodlDriver, to_nmodl
from neuron.nmodl.visitor import AstLookupVisitor

from ca1ltd.engine.nmodl.mechanism import (
    Apply,
    Assignment,
    Branch,
    Conserved,
    Dynamics,
    Equation,
    Expression,
    Function,
    Mechanism,
    Name,
    Number,
    Quantity,
    Rate,
    Reaction,
    Step,
)
from ca1ltd.errors import BadInput
from ca1ltd.model.parameters import declared

Kind = ast.AstNodeType
_Read = TypeVar("_Read")

_UNDERSTOOD: Final = {
    Kind.MODEL,
    Kind.BLOCK_COMMENT,
    Kind.NEURON_BLOCK,
    Kind.UNIT_BLOCK,
    Kind.PARAM_BLOCK,
    Kind.CONSTANT_BLOCK,
    Kind.ASSIGNED_BLOCK,
    Kind.STATE_BLOCK,
    Kind.INITIAL_BLOCK,
    Kind.BREAKPOINT_BLOCK,
    Kind.DERIVATIVE_BLOCK,
    Kind.KINETIC_BLOCK,
    Kind.FUNCTION_BLOCK,
}
#: Constants of nature that NEURON knows, as it has them since the SI of 2019.
_NATURE: Final = {"faraday": 96485.33212331001, "k-mole": 8.31446261815324}
#: Statements that say how a value is computed, and not which: a TABLE is an approximation.
_SILENT: Final = (Kind.LOCAL_LIST_STATEMENT, Kind.TABLE_STATEMENT)


def read_mechanism(path: Path) -> Mechanism:
    """Return the mechanism of a mod file.

    Parameters
    ----------
    path : Path
        A mod file that solves one DERIVATIVE or KINETIC block.

    Raises
    ------
    BadInput
        If the file cannot be parsed or does something that has no translation.
    """
    return _read(path, _mechanism)


def read_dynamics(path: Path) -> Dynamics:
    """Return how the states of a mod file move, and its currents.

    Parameters
    ----------
    path : Path
        A mod file that solves one DERIVATIVE or KINETIC block.

    Raises
    ------
    BadInput
        If the file cannot be parsed or its equations have no translation.
    """
    return _read(path, _dynamics)


def _read(path: Path, read: Callable[[Any, Path], _Read]) -> _Read:
    try:
        tree = NmodlDriver().parse_file(str(path))
    except RuntimeError as error:
        raise BadInput(f"{path} is no mod file that NEURON can parse: {error}") from None
    try:
        return read(tree, path)
    except BadInput as error:
        raise BadInput(f"{path.name}: {error}") from None


def _dynamics(tree: Any, path: Path) -> Dynamics:
    suffix, solved = _only(tree, Kind.SUFFIX), _only(tree, Kind.SOLVE_BLOCK)
    states = [each.name for each in _declared(tree, Kind.STATE_BLOCK)]
    fixed = {each.name: each.value or 0.0 for each in declared(path, "CONSTANT")}
    return Dynamics(
        name=_name(suffix.name),
        of_point=to_nmodl(suffix.type) == "POINT_PROCESS",
        method=_name(solved.method),
        instance=tuple(
            dict.fromkeys([*(_name(each) for each in _find(tree, Kind.RANGE_VAR)), *states])
        ),
        parameters=tuple(each.name for each in _constants(tree, path) if each.name not in fixed),
        fixed=fixed | dict(map(_nature, _find(tree, Kind.FACTOR_DEF))),
        ions={
            _name(variable): _name(use.name)
            for use in _find(tree, Kind.USEION)
            for variable in (*use.readlist, *use.writelist)
        },
        writes=tuple(_name(each) for each in _find(tree, Kind.WRITE_ION_VAR)),
        nonspecific=tuple(_name(each) for each in _find(tree, Kind.NONSPECIFIC_CUR_VAR)),
        slopes={
            _name(each.conductance): _name(each.ion) if each.ion else None
            for each in _find(tree, Kind.CONDUCTANCE_HINT)
        },
        flow=tuple(
            _step(each)
            for each in _only(tree, Kind.BREAKPOINT_BLOCK).statement_block.statements
            if not _is(each, Kind.CONDUCTANCE_HINT, *_SILENT) and not _find(each, Kind.SOLVE_BLOCK)
        ),
        equations=_equations(tree, _name(solved.block_name)),
        afterwards=tuple(_afterwards(tree)),
        functions=tuple(_function(each) for each in _find(tree, Kind.FUNCTION_BLOCK)),
    )


def _afterwards(tree: Any) -> Iterator[Step]:
    for block in _find(tree, Kind.AFTER_BLOCK):
        if to_nmodl(block.bablock.type) != "SOLVE":
            raise _untranslated(block)
        yield from _steps(block.bablock.statement_block)


def _nature(node: Any) -> tuple[str, float]:
    """Return a constant of nature, as UNITS names it and in the unit that it gives."""
    what, unit = (to_nmodl(each).strip("()") for each in (node.unit1, node.unit2))
    times, _, rest = unit.partition(" ")
    try:
        return _name(node), _NATURE[what] / (float(times) if rest else 1.0)
    except (KeyError, ValueError):
        raise _untranslated(node) from None


def _equations(tree: Any, solved: str) -> tuple[Equation, ...]:
    """Return the equations of the only block that moves states, which is solved."""
    blocks = {_name(each): each for each in _find(tree, Kind.DERIVATIVE_BLOCK, Kind.KINETIC_BLOCK)}
    if blocks.keys() != {solved}:
        raise BadInput("it must have one DERIVATIVE or KINETIC block, which it solves")
    (block,) = blocks.values()
    return tuple(
        _equation(each) for each in block.statement_block.statements if not _is(each, *_SILENT)
    )


def _mechanism(tree: Any, path: Path) -> Mechanism:
    for block in _blocks(tree):
        if not _is(block, *_UNDERSTOOD):
            raise BadInput(f"a block {block.get_node_type().name} has no translation")
    solved = _only(tree, Kind.SOLVE_BLOCK)
    for statement in _only(tree, Kind.BREAKPOINT_BLOCK).statement_block.statements:
        if not _is(statement, Kind.EXPRESSION_STATEMENT, Kind.SOLVE_BLOCK):
            raise _untranslated(statement)
        if not _find(statement, Kind.SOLVE_BLOCK):
            raise _untranslated(statement)
    return Mechanism(
        name=_name(_only(tree, Kind.SUFFIX).name),
        title=_only(tree, Kind.MODEL).title.eval().strip(),
        comment="".join(each.statement.eval() for each in _find(tree, Kind.BLOCK_COMMENT)).strip(),
        constants=_constants(tree, path),
        assigned=_declared(tree, Kind.ASSIGNED_BLOCK),
        states=_declared(tree, Kind.STATE_BLOCK),
        reads=tuple(_name(each) for each in _find(tree, Kind.READ_ION_VAR)),
        writes=tuple(_name(each) for each in _find(tree, Kind.WRITE_ION_VAR)),
        initial=_steps(_only(tree, Kind.INITIAL_BLOCK).statement_block),
        equations=_equations(tree, _name(solved.block_name)),
        functions=tuple(_function(each) for each in _find(tree, Kind.FUNCTION_BLOCK)),
    )


def _blocks(tree: Any) -> Iterator[Any]:
    """Yield the blocks of a file and of the files it includes."""
    for block in tree.blocks:
        if _is(block, Kind.INCLUDE):
            yield from _blocks(block)
        else:
            yield block


def _find(node: Any, *kinds: Any) -> list[Any]:
    return list(AstLookupVisitor().lookup(node, list(kinds)))


def _only(node: Any, kind: Any) -> Any:
    found = _find(node, kind)
    if len(found) != 1:
        raise BadInput(f"it has {len(found)} {kind.name.replace('_', ' ')}s, and must have one")
    return found[0]


def _is(node: Any, *kinds: Any) -> bool:
    return node.get_node_type() in kinds


def _name(node: Any) -> str:
    return str(node.get_node_name())


def _constants(tree: Any, path: Path) -> tuple[Quantity, ...]:
    """Return PARAMETERs and CONSTANTs, which the table of parameters reads from the text, too."""
    rows = [row for block in ("PARAMETER", "CONSTANT") for row in declared(path, block)]
    read = {row.name for row in rows}
    for name in map(_name, _find(tree, Kind.PARAM_ASSIGN, Kind.CONSTANT_VAR)):
        if name not in read:
            raise BadInput(f"'{name}' is not declared in a line of its own, with its value")
    return tuple(
        Quantity(name=row.name, unit=row.unit, value=row.value, source=row.source) for row in rows
    )


def _declared(tree: Any, kind: Any) -> tuple[Quantity, ...]:
    return tuple(
        Quantity(name=_name(each), unit=_unit(each.unit))
        for block in _find(tree, kind)
        for each in _find(block, Kind.ASSIGNED_DEFINITION)
    )


def _unit(node: Any) -> str:
    return "1" if node is None else str(node.name.eval())


def _equation(statement: Any) -> Equation:
    if _is(statement, Kind.CONSERVE):
        return Conserved(states=_states(statement.react))
    if _is(statement, Kind.REACTION_STATEMENT):
        return _reaction(statement)
    step = _step(statement)
    if isinstance(step, Branch):
        raise _untranslated(statement)
    if isinstance(step, Assignment) and _find(statement, Kind.DIFF_EQ_EXPRESSION):
        return Rate(state=step.name, value=step.value)
    return step


def _reaction(statement: Any) -> Reaction:
    sign = statement.op.eval()
    first, forward = _states(statement.reaction1), _expression(statement.expression1)
    if sign == "<<":
        return Reaction(reactants=(), products=first, forward=forward)
    if sign == "->":
        return Reaction(reactants=first, products=(), forward=forward)
    return Reaction(
        reactants=first,
        products=_states(statement.reaction2),
        forward=forward,
        backward=_expression(statement.expression2),
    )


def _states(node: Any) -> tuple[tuple[str, int], ...]:
    """Return the states of one side of a reaction, with their stoichiometry."""
    found = [node] if _is(node, Kind.REACT_VAR_NAME) else _find(node, Kind.REACT_VAR_NAME)
    return tuple((to_nmodl(each.name), each.value.eval() if each.value else 1) for each in found)


def _function(node: Any) -> Function:
    return Function(
        name=_name(node),
        arguments=tuple(_name(each) for each in node.parameters),
        steps=_steps(node.statement_block),
    )


def _steps(block: Any) -> tuple[Step, ...]:
    return tuple(_step(each) for each in block.statements if not _is(each, *_SILENT))


def _step(statement: Any) -> Step:
    if _is(statement, Kind.IF_STATEMENT) and not statement.elseifs:
        otherwise = statement.elses
        return Branch(
            condition=_expression(statement.condition),
            then=_steps(statement.statement_block),
            otherwise=_steps(otherwise.statement_block) if otherwise else (),
        )
    if _is(statement, Kind.EXPRESSION_STATEMENT):
        assignment = statement.expression
        if _is(assignment, Kind.DIFF_EQ_EXPRESSION):
            assignment = assignment.expression
        if _is(assignment, Kind.BINARY_EXPRESSION) and assignment.op.eval() == "=":
            name = _name(assignment.lhs)
            return Assignment(name=name, value=_expression(assignment.rhs))
    raise _untranslated(statement)


def _expression(node: Any) -> Expression:
    if _is(node, Kind.WRAPPED_EXPRESSION):
        return _expression(node.expression)
    if _is(node, Kind.PAREN_EXPRESSION):
        inside = _expression(node.expression)
        plain = isinstance(inside, Number) and inside.unit == "1"
        return Number(value=inside.value, factor=True) if plain else inside  # type: ignore[union-attr]
    if _is(node, Kind.DOUBLE, Kind.INTEGER):
        return Number(value=float(to_nmodl(node)))
    if _is(node, Kind.DOUBLE_UNIT):
        return Number(value=float(to_nmodl(node.value)), unit=_unit(node.unit))
    if _is(node, Kind.VAR_NAME, Kind.NAME):
        return Name(to_nmodl(node))
    if _is(node, Kind.UNARY_EXPRESSION):
        return Apply(node.op.eval(), (_expression(node.expression),))
    if _is(node, Kind.BINARY_EXPRESSION):
        return Apply(node.op.eval(), (_expression(node.lhs), _expression(node.rhs)))
    if _is(node, Kind.FUNCTION_CALL):
        return Apply(_name(node), tuple(_expression(each) for each in node.arguments))
    raise _untranslated(node)


def _untranslated(node: Any) -> BadInput:
    return BadInput(f"'{' '.join(to_nmodl(node).split())}' has no translation")
