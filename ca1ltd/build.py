"""Compile the mechanisms in `mod/` once, into a cache that every later use finds.

The library's folder is named by a hash of everything the library depends on: NEURON's version, the
machine, the Python environment's prefix (the library links to that NEURON's own files), the
compiler's flags and the names and bytes of the mod files and of what they INCLUDE; and by the user,
because a library is loaded only if no one else could have written it. A lock lets the first of
several processes compile while the others wait, and a rename puts the finished library in place, so
that no one ever sees half of it.

NEURON is not imported here: a library must exist before NEURON starts.
"""

import hashlib
import os
import platform
import re
import shlex
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs
from filelock import FileLock

from ca1ltd import compiler, resources
from ca1ltd.digests import digest
from ca1ltd.errors import BuildError
from ca1ltd.writing import write_text

#: The NEURON whose internals the mechanisms call, and the words that have pip install it.
NEURON_SERIES = "9.0"
NEURON_REQUIREMENT = "neuron>=9.0.2,<9.1"
#: The distribution of NEURON's builds of the day: who installs it means to try one.
NIGHTLY = "neuron-nightly"
CACHE_VARIABLE = "CA1LTD_CACHE"
LOG_NAME = "nrnivmodl.log"

#: Beyond nrnivmodl's -O2: functions of a mod file are inlined (no other library replaces them),
#: and exp is libm's rather than NEURON's wrapper, which prints when a number overflows. No flag
#: changes the order of additions, and none is of one processor. A step is a third cheaper.
COMPILER_FLAGS = "-O3 -fno-semantic-interposition -fno-math-errno -fno-trapping-math -Dhoc_Exp=exp"

_SOURCE_FLAGS = ("-O3", "-std=c++17", "-shared", "-fPIC", "-fno-math-errno", "-fno-trapping-math")
_INCLUDE = re.compile(r'^INCLUDE "(.+)"', re.MULTILINE)
_ROOT = 0


def cache_dir() -> Path:
    """Return the folder that holds the compiled libraries, an absolute path.

    It is the user's cache folder, or the folder named by the environment variable
    ``CA1LTD_CACHE``.
    """
    given = os.environ.get(CACHE_VARIABLE)
    return Path(given).expanduser().absolute() if given else _users_cache()


def _users_cache() -> Path:
    return Path(platformdirs.user_cache_dir("ca1ltd")) / "mechanisms"


def _writable(folder: Path) -> Path:
    """Return a cache, or the user's own if another user's may only be read."""
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    read_only = nearest.is_dir() and not os.access(nearest, os.W_OK | os.X_OK)
    return _users_cache() if read_only else folder


def neuron_version() -> str:
    """Return the version of the installed NEURON, without importing it.

    A nightly build of any series passes: it is installed by a name of its own.

    Raises
    ------
    BuildError
        If NEURON is not installed, is not of the series this model is written for, or is installed
        twice.
    """
    release, nightly = _version("neuron"), _version(NIGHTLY)
    if release and nightly:
        raise BuildError(
            f"{sys.prefix} has NEURON {release} and its nightly build {nightly}, one over the "
            f"other: {_pip('uninstall', f'neuron {NIGHTLY}')}, then install one of them"
        )
    found = nightly or release
    if found is None:
        raise BuildError(
            f"NEURON is not installed in {sys.prefix}: {_pip('install', repr(NEURON_REQUIREMENT))} "
            "(Linux and macOS, on Windows inside WSL)"
        )
    if not nightly and found.split(".")[:2] != NEURON_SERIES.split("."):
        raise BuildError(
            f"ca1ltd needs NEURON {NEURON_SERIES}, whose internals its mechanisms call, and "
            f"{sys.prefix} has NEURON {found}: {_pip('install', repr(NEURON_REQUIREMENT))}"
        )
    return found


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _pip(verb: str, what: str) -> str:
    """Return a command line for the environment that runs this."""
    return f"{shlex.quote(sys.executable)} -m pip {verb} {what}"


def sources(mod_files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the mod files and the files beside them that they INCLUDE, sorted by name."""
    included = {
        file.with_name(name)
        for file in mod_files
        for name in _INCLUDE.findall(file.read_text(encoding="utf-8"))
    }
    return tuple(sorted({*mod_files, *included}, key=lambda path: path.name))


def mechanism_hash(mod_files: tuple[Path, ...]) -> str:
    """Return the hexadecimal SHA-256 of the names and bytes of the files' `sources`."""
    return digest((file.name, file.read_bytes()) for file in sources(mod_files))


def library_path(mod_files: tuple[Path, ...] | None = None, *, cache: Path | None = None) -> Path:
    """Return where the compiled library is, or will be once `build` has run.

    It is the library of root, if root has compiled one, or else the user's own, which lies in the
    user's cache folder where a shared one may only be read.

    Parameters
    ----------
    mod_files : tuple of Path, optional
        The NMODL files; by default those of the project.
    cache : Path, optional
        The folder of the compiled libraries; by default `cache_dir`.
    """
    files = resources.mod_files() if mod_files is None else mod_files
    parts = (
        *(neuron_version(), platform.system(), platform.machine(), sys.prefix, COMPILER_FLAGS),
        mechanism_hash(files),
    )
    name = "libnrnmech." + ("dylib" if platform.system() == "Darwin" else "so")
    folder = cache_dir() if cache is None else cache.absolute()
    shared = folder / f"{_key(parts)}-{_ROOT}" / name
    if shared.exists() and _only_ours(shared):
        return shared
    return _writable(folder) / f"{_key(parts)}-{os.geteuid()}" / name


def build(
    mod_files: tuple[Path, ...] | None = None,
    *,
    cache: Path | None = None,
    on_compile: Callable[[int], None] | None = None,
) -> Path:
    """Return the path of the compiled mechanism library, compiling it if it is not there.

    Parameters
    ----------
    mod_files : tuple of Path, optional
        The NMODL files; by default those of the project.
    cache : Path, optional
        The folder of the compiled libraries; by default `cache_dir`.
    on_compile : callable, optional
        Called with the number of mod files if, and just before, they are compiled.

    Raises
    ------
    BuildError
        If NEURON, the compiler or make is missing, a file does not compile, the cache cannot be
        written, or others could have written the library that is there.
    """
    files = resources.mod_files() if mod_files is None else mod_files
    library = library_path(files, cache=cache)
    if not library.exists():
        compiler.require_tools()
        with _locked(library.parent):
            if not library.exists():
                if on_compile is not None:
                    on_compile(len(files))
                _compile_into(library, files)
    return _trusted(library)


def build_source(source: str, *, name: str, cache: Path | None = None) -> Path:
    """Return the path of a library compiled from C++ source, compiling it if it is not there.

    Parameters
    ----------
    source : str
        One file, which needs nothing but the compiler's own library.
    name : str
        What the library's file is called.
    cache : Path, optional
        The folder of the compiled libraries; by default `cache_dir`.

    Raises
    ------
    BuildError
        If the compiler is missing, the source does not compile, the cache cannot be written, or
        others could have written the library that is there.
    """
    made_of = (compiler.compiler_version(), source)
    return build_generated(lambda: source, name=name, made_of=made_of, cache=cache)


def build_generated(
    generate: Callable[[], str],
    *,
    name: str,
    made_of: tuple[str, ...],
    flags: tuple[str, ...] = (),
    cache: Path | None = None,
) -> Path:
    """Return the path of a library as `build_source`, whose source takes its time to generate.

    Once it is compiled no compiler is asked for, as for the library of the mechanisms.

    Parameters
    ----------
    generate : callable
        Returns the source.
    name : str
        What the library's file is called.
    made_of : tuple of str
        All that the source depends on.
    flags : tuple of str, optional
        For the compiler, beside those that all sources are compiled with.
    cache : Path, optional
        The folder of the compiled libraries; by default `cache_dir`.

    Raises
    ------
    BuildError
        As `build_source`.
    """
    flags = (*_SOURCE_FLAGS, *flags)
    key = _key((platform.system(), platform.machine(), *flags, *made_of))
    parent = cache_dir() if cache is None else cache.absolute()
    library = _writable(parent) / f"{name}-{key}-{os.geteuid()}" / f"{name}.so"
    if not library.exists():
        compiler.require_tools()
        source = generate()
        with _locked(library.parent), _made(library) as work:
            said = compiler.compile_source(source, work / library.name, flags=flags)
            if said:
                raise BuildError(f"{name} does not compile: {compiler.first_error(said)}")
    return _trusted(library)


def log_of(library: Path) -> str:
    """Return what nrnivmodl printed when it compiled this library."""
    return (library.parent / LOG_NAME).read_text(encoding="utf-8")


def _key(parts: tuple[str, ...]) -> str:
    key = hashlib.sha256()
    for part in parts:
        key.update(part.encode() + b"\0")
    return key.hexdigest()[:16]


def _only_ours(library: Path) -> bool:
    """Return whether only the user and root could have written a library."""
    return all(
        found.st_uid in (os.geteuid(), _ROOT) and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        for found in (library.stat(), library.parent.lstat())
    )


def _trusted(library: Path) -> Path:
    if not _only_ours(library):
        raise BuildError(
            f"{library.parent} belongs to another user or can be written by others, so what it "
            "holds is not loaded: remove it, and `ca1ltd build` compiles the mechanisms again"
        )
    return library


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep others from making a folder of the cache while the block runs."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            yield
    except OSError as error:
        raise BuildError(
            f"the compiled mechanisms cannot be written to {folder.parent} "
            f"({error.strerror or error}): name a folder that can be written in the environment "
            f"variable {CACHE_VARIABLE}"
        ) from None


@contextmanager
def _made(library: Path) -> Iterator[Path]:
    """Give a folder to make a library in, which then takes its place at once."""
    target = library.parent
    with tempfile.TemporaryDirectory(prefix=".compiling-", dir=target.parent) as work:
        finished = Path(work, "finished")
        finished.mkdir()
        yield finished
        for made in (finished, *finished.iterdir()):
            made.chmod(0o755)  # whatever the umask: for others to read, and no one else to write
        if target.exists():  # left without its library: someone emptied it by hand
            shutil.rmtree(target)
        finished.rename(target)


def _compile_into(library: Path, mod_files: tuple[Path, ...]) -> None:
    failed = library.parent.with_name(f"{library.parent.name}.log")
    with compiler.plain_folder() as work, _made(library) as finished:
        made, log = compiler.compile_mod_files(sources(mod_files), work, flags=COMPILER_FLAGS)
        if made is None:
            write_text(log, failed, through_links=False)
            raise BuildError(
                f"the mechanisms do not compile: {compiler.first_error(log)}; all that was said is "
                f"in {failed}"
            )
        shutil.copyfile(made, finished / library.name)
        (finished / LOG_NAME).write_text(log, encoding="utf-8")
    failed.unlink(missing_ok=True)
