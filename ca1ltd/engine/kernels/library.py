"""The kernels of our mechanisms, compiled once, and what `ca1clock.mod` is told of them."""

import ctypes
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from neuron import n

from ca1ltd import build, resources
from ca1ltd.digests import digest
from ca1ltd.model.mechanisms import MOVING, Mechanism, Place

#: So that a processor that contracts a*b + c finds the same bits as one that does not.
_FLAGS: Final = ("-ffp-contract=off",)


def compiled() -> Path:
    """Return the library of the kernels, compiling it if it is not there.

    Raises
    ------
    BuildError
        As `build.build_generated`.
    """
    return build.build_generated(_source, name="kernels", flags=_FLAGS, made_of=_made_of())


def tell() -> None:
    """Tell `ca1clock.mod` the kernels of the mechanisms that stand in the present model."""
    for each in MOVING:
        one = _any(each)
        if one is None:
            continue
        current = f"{each.name}_current"
        flows = _address(current) if hasattr(_library(), current) else 0.0
        n.ca1_kernel(each.name, each.clock, _address(f"{each.name}_states"), flows)
        for kind, *name in operands(each.name):
            match kind:
                case "instance":
                    n.ca1_operand(getattr(one, f"_ref_{name[0]}"))
                case "shared":
                    n.ca1_operand(getattr(n, f"_ref_{name[0]}"))
                case "ion":
                    n.ca1_operand(name[0], float(name[1]))


def _source() -> str:
    from ca1ltd.engine.kernels.source import source  # parses all mod files

    return source()


def _made_of() -> tuple[str, ...]:
    """Return what the source depends on: the mod files, and what translates them."""
    here = resources.package_dir() / "engine"
    ours = (file for part in ("kernels", "nmodl") for file in sorted((here / part).iterdir()))
    translators = ((file.name, file.read_bytes()) for file in ours if file.is_file())
    return build.mechanism_hash(resources.mod_files()), digest(translators)


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(str(compiled()))


def _address(function: str) -> float:
    """Return where a function is; hoc knows no whole numbers, and these are below 2^53."""
    return float(ctypes.cast(getattr(_library(), function), ctypes.c_void_p).value or 0)


def operands(mechanism: str) -> Iterator[list[str]]:
    """Yield what a kernel works on, as `source` has written it down."""
    told = ctypes.c_char_p.in_dll(_library(), f"{mechanism}_operands").value or b""
    for line in told.decode().splitlines():
        yield line.split()


def _any(mechanism: Mechanism) -> Any:
    """Return an instance of a mechanism, None if there is none."""
    name = mechanism.name
    if Place.SYNAPSE in mechanism.places:
        return next(iter(n.List(name)), None)
    standing = (each for each in n.allsec() if n.ismembrane(name, sec=each))
    section = next(standing, None)
    return None if section is None else getattr(section(0.5), name)
