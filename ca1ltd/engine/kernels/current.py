"""The currents of all instances, and how steep they are."""

from collections.abc import Iterator

from ca1ltd.engine.kernels.frame import Frame, assigned, expressions


def current(frame: Frame) -> Iterator[str]:
    """Yield the function that takes the currents from the right side, and adds to those of ions."""
    of = frame.of
    given = assigned(of.flow)
    flows = list(expressions(of.flow))
    yield from frame.opened("current")
    yield from frame.gathered(frame.used(flows))
    if of.of_point:
        yield frame.array("area")
        yield (
            "        for (int lane = 0; lane < size; ++lane) "
            "{ area[lane] = kernel.area[kernel.node[first + lane]]; }"
        )
    yield frame.array("flow")
    yield frame.array("slope")
    for ion in frame.currents.values():
        yield frame.array(f"flow_{ion}")
        yield frame.array(f"slope_{ion}")
    yield from frame.loop(flows, [name for name in given if name in frame.instance])
    for name in given:
        if name not in frame.instance:
            yield f"            double q_{name} = 0.0;"
    for step in of.flow:
        yield from frame.step(step)
    for name in given:
        if name in frame.instance:
            yield f"            at_{name}[at] = q_{name};"
    # nA of a point process, over the area of its segment in um2, are mA/cm2 / 100
    yield f"            const double scale = {'100.0/area[lane]' if of.of_point else '1.0'};"
    for name, ion in frame.currents.items():
        slopes = [f"q_{slope}" for slope, of_ion in of.slopes.items() if of_ion == ion]
        yield f"            flow_{ion}[lane] = q_{name}*scale;"
        yield f"            slope_{ion}[lane] = ({' + '.join(slopes)})*scale;"
    whole = " + ".join(f"q_{name}" for name in (*frame.currents, *of.nonspecific))
    yield f"            flow[lane] = ({whole})*scale;"
    yield f"            slope[lane] = ({' + '.join(f'q_{x}' for x in of.slopes)})*scale;"
    yield "        }"
    yield "        for (int lane = 0; lane < size; ++lane) {"
    yield "            const int node = kernel.node[first + lane];"
    yield "            kernel.rhs[node] -= flow[lane];"
    yield "            kernel.slope[node] += slope[lane];"
    yield "        }"
    for name, ion in frame.currents.items():
        yield frame.scattered(name, f"flow_{ion}[lane]", "+")
        yield frame.scattered(f"di{ion}dv", f"slope_{ion}[lane]", "+")
    yield "    }"
    yield "}"
    yield ""
