"""NEURON itself: our mechanisms loaded, its settings written in one place."""

import ctypes
import os
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any, Final

from neuron import n

from ca1ltd import build
from ca1ltd.errors import RunError
from ca1ltd.model.mechanisms import IN_EVERY_HEAD, shown

#: Absolute tolerance of CVODE as a fraction of the typical size of each state (`TOLERANCES`): a
#: tenth of it moves the slope of an EPSP by .1 % and the calcineurin of a pulse by less.
ATOL: Final = 1e-3

#: Typical size of the states whose mod file cannot say so: the membrane potential (mV) and ion
#: concentrations (mM), which ignore the scale in their STATE. The tolerance is a fraction of it.
TOLERANCES: Final = {"v": 10.0} | {
    state.name: state.size for _, state in shown() if state.size is not None
}

_PROBE = IN_EVERY_HEAD  # present if and only if a library with our mechanisms is loaded


def load() -> Any:
    """Return NEURON's ``n`` with the mechanisms loaded, compiling them at first use.

    They are loaded once, however often and by whomever this library is asked for.

    Raises
    ------
    BuildError
        If the mechanisms cannot be compiled.
    RunError
        If mechanisms of the same names were loaded from somewhere else, or ours do not load.
    """
    if not _loaded:
        if hasattr(n, _PROBE) and not _in_process(build.library_path()):
            raise RunError(
                "NEURON has already loaded mechanisms of the same names from the current folder "
                "or NRN_NMODL_PATH; start in another folder or unset it"
            )
        library = build.build()
        if not hasattr(n, _PROBE):
            load_library(library)
        if not hasattr(n, _PROBE):
            raise RunError(
                f"NEURON could not load the mechanisms in {library}; "
                "delete that folder and run `ca1ltd build`"
            )
        n.load_file("stdrun.hoc")
        _loaded.append(str(library))
    return n


def load_library(library: Path) -> None:
    """Have NEURON load a library of mechanisms.

    Raises
    ------
    RuntimeError
        If NEURON has a mechanism of the same name.
    """
    folder, name = library.parent, library.name
    # hoc knows no path with letters that ASCII has not; the folder's name tells libraries apart
    with chdir(folder.parent):
        n.nrn_load_dll(f"{folder.name}/{name}")


def _in_process(library: Path) -> bool:
    """Say whether this process has loaded a library, by whatever way."""
    try:
        ctypes.CDLL(str(library), mode=os.RTLD_NOLOAD | os.RTLD_NOW)
    except OSError:
        return False
    return True


@contextmanager
def settings(
    *, celsius: float, atol: float, shared: Mapping[str, float] | None = None
) -> Iterator[Any]:
    """Own NEURON's global settings; on leaving they are as they were found.

    Parameters
    ----------
    celsius : float
        Temperature (degC).
    atol : float
        Absolute tolerance of CVODE, to be scaled by `TOLERANCES` for each kind of state.
    shared : mapping, optional
        Variables of mechanisms of which NEURON has one for all places, as ``q10_ca1nat``.

    Yields
    ------
    CVode
        NEURON's variable-step integrator, not yet active.
    """
    load()
    cvode = n.CVode()
    kept = (n.celsius, n.dt, n.t, n.secondorder, cvode.active(), cvode.atol())
    scales = {name: cvode.atolscale(name) for name in TOLERANCES}
    before = {name: getattr(n, name) for name in shared or ()}
    n.celsius = celsius
    n.secondorder = 0
    cvode.active(False)
    cvode.atol(atol)
    for name, scale in TOLERANCES.items():
        cvode.atolscale(name, scale)
    for name, value in (shared or {}).items():
        setattr(n, name, value)
    try:
        yield cvode
    finally:
        for name, value in before.items():
            setattr(n, name, value)
        for name, scale in scales.items():
            cvode.atolscale(name, scale)
        cvode.active(kept[4])
        cvode.atol(kept[5])
        n.celsius, n.dt, n.t, n.secondorder = kept[:4]


def bathe(section: Any, *, ca_o: float) -> None:
    """Set the calcium outside a section (mM), which initialisation would set to a default."""
    section.cao = ca_o
    keep_concentrations = (3, 2, 1, 1, 0)  # all else is the style of a written concentration
    n.ion_style("ca_ion", *keep_concentrations, sec=section)


_loaded: list[str] = []
