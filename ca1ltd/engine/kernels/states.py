"""How the states of all instances move within a step."""

from collections.abc import Iterator, Sequence
from typing import Final

from ca1ltd.engine.kernels.frame import Frame, assigned, expressions
from ca1ltd.engine.nmodl.c_matrix import Matrix
from ca1ltd.engine.nmodl.calculus import ZERO, derivative, rates, simplified
from ca1ltd.engine.nmodl.mechanism import Apply, Assignment, Expression, Name, Rate, names
from ca1ltd.errors import BadInput

#: Of Newton's iteration, for states that move each other other than in proportion: with the slopes
#: of each turn the error of the last is that of the first to the eighth power.
TURNS: Final = 3


def states(frame: Frame) -> Iterator[str]:
    """Yield the function that advances the states by a step, as the method of the mod file does."""
    method = {"cnexp": _relaxed, "sparse": _implicit}.get(frame.of.method)
    if method is None:
        raise BadInput(f"{frame.of.name}: its states are solved by {frame.of.method}")
    if frame.of.afterwards and method is not _implicit:
        raise BadInput(f"{frame.of.name}: AFTER SOLVE has no translation beside cnexp")
    yield from frame.opened("states")
    if frame.apart:
        yield "        double longest = 0.0;"
        yield (
            "        for (int lane = 0; lane < size; ++lane) "
            "{ longest += kernel.steps[first + lane]; }"
        )
        yield "        if (longest == 0.0) { continue; }"
    yield from method(frame)
    yield "    }"
    yield "}"
    yield ""


def _step(frame: Frame) -> str:
    return "kernel.steps[at]" if frame.apart else "kernel.step"


def _relaxed(frame: Frame) -> Iterator[str]:
    """Yield the exact solution of each state, the others standing still, in their order."""
    equations: list[Rate | Assignment] = []
    for each in frame.of.equations:
        if not isinstance(each, Rate | Assignment):
            raise BadInput(f"{frame.of.name}: a reaction is not solved by cnexp")
        equations.append(each)
    values = [each.value for each in equations]
    moved = [each.state if isinstance(each, Rate) else each.name for each in equations]
    kept = [name for name in moved if name in frame.elsewhere]
    used = (*frame.used(values), *kept)
    yield from frame.gathered(dict.fromkeys(used))
    yield from frame.loop(values, moved)
    yield f"            const double step = {_step(frame)};"
    for name in moved:
        if name not in frame.elsewhere and name not in frame.instance:
            yield f"            double q_{name};"
    for each in equations:
        if isinstance(each, Assignment):
            yield from frame.step(each)
            continue
        state = each.state
        still, times = _relaxing(frame, each)
        yield f"            const double still_{state} = {still};"
        yield f"            const double part_{state} = 1.0 - exponential(-step{times});"
        yield f"            q_{state} += part_{state}*(still_{state} - q_{state});"
    yield from _kept(frame, moved)


def _relaxing(frame: Frame, rate: Rate) -> tuple[str, str]:
    """Return where a state comes to rest, and by what to multiply or divide a step on the way."""
    match rate.value:
        case Apply("/", (Apply("-", (still, Name(rate.state))), time)) if not frame.depends(
            (still, time), rate.state
        ):
            return frame.c(still), f"/{frame.c(time)}"
    slope = simplified(derivative(rate.value, rate.state))
    if rate.state in names(slope):
        raise BadInput(f"{frame.of.name}: the rate of {rate.state} is not linear in it")
    gain = simplified(rate.value, zero=(rate.state,))
    return f"({frame.c(gain)})/-({frame.c(slope)})", f"*-({frame.c(slope)})"


def _kept(frame: Frame, moved: Sequence[str]) -> Iterator[str]:
    """Yield what ends a loop over instances, and keeps what has moved."""
    for name in moved:
        if name in frame.instance:
            yield f"            at_{name}[at] = q_{name};"
        elif name in frame.elsewhere:
            yield f"            in_{name}[lane] = q_{name};"
    yield "        }"
    for name in moved:
        if name in frame.elsewhere:
            yield frame.scattered(name, f"in_{name}[lane]")


def _implicit(frame: Frame) -> Iterator[str]:
    """Yield the implicit midpoint rule, and for steps longer than `implicit` backward Euler.

    Both solve for a state from which the rest of the way is straight: that in the middle, or at
    the end. Each turn goes there by the slopes of the rates where the last has arrived.
    """
    rate, also = rates(frame.of.equations, frame.functions.flat)
    moved = list(rate)
    slopes = {
        (row, column): simplified(derivative(rate[row], column))
        for row in moved
        for column in moved
    }
    bent = any(name in moved for slope in slopes.values() for name in names(slope))
    written = {name: also[name] for name in frame.of.writes if name in also}
    every: list[Expression] = [*rate.values(), *slopes.values(), *written.values()]
    used = (*frame.used(every), *(name for name in (*moved, *written) if name in frame.elsewhere))
    yield from frame.gathered(dict.fromkeys(used))
    for name in moved:
        yield frame.array(f"to_{name}")
        start = f"in_{name}[lane]" if name in frame.elsewhere else f"at_{name}[first + lane]"
        yield f"        for (int lane = 0; lane < size; ++lane) {{ to_{name}[lane] = {start}; }}"
    for _ in range(TURNS if bent else 1):
        yield from frame.loop(every, moved)
        yield f"            const double step = {_step(frame)};"
        yield "            const double part = step > kernel.implicit ? step : 0.5*step;"
        for name in moved:
            yield f"            const double old_{name} = q_{name};"
            yield f"            q_{name} = to_{name}[lane];"
        matrix = Matrix(tuple(moved))
        for (row, column), slope in slopes.items():
            if row == column or slope != ZERO:
                yield "        " + matrix.set(
                    row, column, f"{1 if row == column else 0} - part*({frame.c(slope)})"
                )
        yield from (f"        {line}" for line in matrix.factors())
        for name in moved:
            away = f"old_{name} - q_{name} + part*({frame.c(rate[name])})"
            yield f"            double way_{name} = {away};"
        yield from (f"        {line}" for line in matrix.solution("way"))
        for name in moved:
            yield f"            to_{name}[lane] = q_{name} + way_{name};"
        yield "        }"
    after = frame.of.afterwards
    noted = [name for name in assigned(after) if name not in moved]
    yield from frame.loop((*written.values(), *expressions(after)), (*moved, *noted))
    yield f"            const double ahead = {_step(frame)} > kernel.implicit ? 1.0 : 2.0;"
    for name in moved:
        yield f"            q_{name} += ahead*(to_{name}[lane] - q_{name});"
    for name, value in written.items():
        yield f"            in_{name}[lane] = {frame.c(value)};"
    for step in after:
        yield from frame.step(step)
    yield from _kept(frame, (*moved, *noted))
    for name in written:
        yield frame.scattered(name, f"in_{name}[lane]")
