"""The source of all kernels."""

from collections.abc import Iterator
from importlib.resources import files

from ca1ltd import resources
from ca1ltd.engine.kernels.current import current
from ca1ltd.engine.kernels.frame import TEMPERATURE, Frame
from ca1ltd.engine.kernels.states import states
from ca1ltd.engine.nmodl.syntax import read_dynamics
from ca1ltd.model.mechanisms import MOVING


def source() -> str:
    """Return C++ for each mechanism: NAME_states, NAME_current if it has one, NAME_operands."""
    lines = [files("ca1ltd.engine.kernels").joinpath("kernels.cpp").read_text("utf-8")]
    mod_files = {file.stem: file for file in resources.mod_files()}
    for each in MOVING:
        frame = Frame(read_dynamics(mod_files[each.name]), apart=each.moves_apart)
        lines += states(frame)
        lines += current(frame) if frame.of.flow else ()
        told = "\\n".join(_operands(frame))
        lines.append(f'extern "C" const char* const {each.name}_operands = "{told}";')
    return "\n".join(lines)


def _operands(frame: Frame) -> Iterator[str]:
    """Yield what a kernel works on, one after the other: what kind of thing, and its name."""
    for name in frame.instance:
        yield f"instance {name}"
    for name in frame.shared:
        yield f"shared {name if name == TEMPERATURE else f'{name}_{frame.of.name}'}"
    for ion, part in frame.elsewhere.values():
        yield f"ion {ion} {part}"
