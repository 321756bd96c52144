"""Compile the mechanisms in `mod/` once, into a cache that every later use finds.

The library's folder is named by a hash of everything the library depends on: NEURON's version, the
machine, the Python environment's prefix (the library links to that NEURON's own files), the
compiler's flags and the names and bytes of the mod files and of what they INCLUDE. A lock lets the
first of several users compile while the others wait, and a rename puts the finished library in
place, so that no one ever sees half of it.

NEURON is not imported here: a library must exist before NEURON starts.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs
from filelock import FileLock

from ca1ltd import resources
from ca1ltd.errors import BuildError

NEURON_SERIES = "9"
CACHE_VARIABLE = "CA1LTD_CACHE"
LOG_NAME = "nrnivmodl.log"

#: Beyond nrnivmodl's -O2: functions of a mod file are inlined (no other library replaces them),
#: and exp is libm's rather than NEURON's wrapper, which prints when a number overflows. No flag
#: changes the order of additions, and none is of one processor. A step is a third cheaper.
COMPILER_FLAGS = "-O3 -fno-semantic-interposition -fno-math-errno -fno-trapping-math -Dhoc_Exp=exp"

_SOURCE_FLAGS = ("-O3", "-std=c++17", "-shared", "-fPIC", "-fno-math-errno", "-fno-trapping-math")

# perl: NEURON's nrnivmodl wrapper stops without it.
_TOOLS = {"g++": "a C++ compiler", "make": "make", "perl": "perl"}
_INCLUDE = re.compile(r'^INCLUDE "(.+)"', re.MULTILINE)
_ERROR_LINE = re.compile(r"\berror\b", re.IGNORECASE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def cache_dir() -> Path:
    """Return the folder that holds the compiled libraries.

    It is the user's cache folder, or the folder named by the environment variable
    ``CA1LTD_CACHE``.
    """
    given = os.environ.get(CACHE_VARIABLE)
    return Path(given) if given else Path(platformdirs.user_cache_dir("ca1ltd")) / "mechanisms"


def neuron_version() -> str:
    """Return the version of the installed NEURON, without importing it.

    Raises
    ------
    BuildError
        If NEURON is not installed or is not of the series this model is written for.
    """
    try:
        found = version("neuron")
    except PackageNotFoundError:
        raise BuildError(
            f"NEURON is not installed in {sys.prefix}: ca1ltd needs NEURON {NEURON_SERIES} "
            "(pip install neuron; Linux and macOS, on Windows inside WSL)"
        ) from None
    if found.split(".")[0] != NEURON_SERIES:
        raise BuildError(
            f"ca1ltd needs NEURON {NEURON_SERIES}, and {sys.prefix} has NEURON {found}"
        )
    return found


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
    digest = hashlib.sha256()
    for file in sources(mod_files):
        content = file.read_bytes()
        digest.update(f"{file.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def library_path(mod_files: tuple[Path, ...] | None = None, *, cache: Path | None = None) -> Path:
    """Return where the compiled library is, or will be once `build` has run.

    Parameters
    ----------
    mod_files : tuple of Path, optional
        The NMODL files; by default those of the project.
    cache : Path, optional
        The folder of the compiled libraries; by default `cache_dir`.
    """
    files = resources.mod_files() if mod_files is None else mod_files
    key = hashlib.sha256()
    for part in (
        neuron_version(),
        platform.system(),
        platform.machine(),
        sys.prefix,
        COMPILER_FLAGS,
        mechanism_hash(files),
    ):
        key.update(part.encode() + b"\0")
    suffix = "dylib" if platform.system() == "Darwin" else "so"
    folder = (cache_dir() if cache is None else cache) / key.hexdigest()[:16]
    return folder / f"libnrnmech.{suffix}"


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
        If NEURON, the compiler or make is missing, a file does not compile, or the cache cannot
        be written.
    """
    files = resources.mod_files() if mod_files is None else mod_files
    library = library_path(files, cache=cache)
    if library.exists():
        return library
    _require_tools()
    parent = library.parent.parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with FileLock(parent / f"{library.parent.name}.lock"):
            if not library.exists():
                if on_compile is not None:
                    on_compile(len(files))
                _compile_into(library, files)
    except OSError as error:
        raise _unwritable(parent, error) from None
    return library


def build_source(source: str, *, name: str, cache: Path | None = None) -> Path:
    """Return the path of a library compiled from C++ source, compiling it if it is not there.

    Parameters
    ----------
    source : str
        One file, which needs nothing but the compiler's own library.
    name : str
        What the library's file is called, before a hash of all it depends on.
    cache : Path, optional
        The folder of the compiled libraries; by default `cache_dir`.

    Raises
    ------
    BuildError
        If the compiler is missing, the source does not compile, or the cache cannot be written.
    """
    key = hashlib.sha256()
    for part in (platform.system(), platform.machine(), compiler_version(), *_SOURCE_FLAGS, source):
        key.update(part.encode() + b"\0")
    parent = cache_dir() if cache is None else cache
    library = parent / f"{name}-{key.hexdigest()[:16]}.so"
    if library.exists():
        return library
    _require_tools()
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".compiling-", dir=parent) as work:
            made = Path(work, library.name)
            result = subprocess.run(
                ["g++", *_SOURCE_FLAGS, "-x", "c++", "-", "-o", made],
                input=source,
                capture_output=True,
                text=True,
                check=False,
            )
            if result.returncode != 0:
                raise BuildError(f"{name} does not compile: {_first_error(result.stderr)}")
            made.rename(library)
    except OSError as error:
        raise _unwritable(parent, error) from None
    return library


def log_of(library: Path) -> str:
    """Return what nrnivmodl printed when it compiled this library."""
    return (library.parent / LOG_NAME).read_text(encoding="utf-8")


def compiler_version() -> str:
    """Return the first line of ``g++ --version``, or "not found"."""
    compiler = shutil.which("g++")
    if compiler is None:
        return "not found"
    answer = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)
    return (answer.stdout or answer.stderr).strip().partition("\n")[0]


def _unwritable(folder: Path, error: OSError) -> BuildError:
    return BuildError(
        f"the compiled mechanisms cannot be written to {folder} ({error.strerror or error}): "
        f"name a folder that can be written in the environment variable {CACHE_VARIABLE}"
    )


def _require_tools() -> None:
    for tool, meaning in _TOOLS.items():
        if shutil.which(tool) is None:
            raise BuildError(
                f"{tool} was not found, and compiling the mechanisms needs {meaning}: install "
                "g++ and make (Debian, Ubuntu: apt install g++ make; macOS: xcode-select --install)"
            )


def _nrnivmodl() -> Path:
    """Return the nrnivmodl of this environment: another one would build for another NEURON."""
    for folder in (Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))):
        if (folder / "nrnivmodl").exists():
            return folder / "nrnivmodl"
    raise BuildError(
        f"nrnivmodl was not found beside {sys.executable}: NEURON is not installed whole there"
    )


def _compile_into(library: Path, mod_files: tuple[Path, ...]) -> None:
    """Compile in a folder beside the library's, then rename it into place."""
    target = library.parent
    with tempfile.TemporaryDirectory(prefix=".compiling-", dir=target.parent) as work:
        copies = Path(work, "mod")
        copies.mkdir()
        for file in sources(mod_files):
            shutil.copyfile(file, copies / file.name)
        result = subprocess.run(
            [sys.executable, _nrnivmodl(), "-incflags", COMPILER_FLAGS, "mod"],
            cwd=work,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        log = _COLOUR.sub("", result.stdout)
        made = sorted(Path(work).glob(f"*/{library.name}"))
        if result.returncode != 0 or not made:
            raise BuildError(f"the mechanisms do not compile: {_first_error(log)}")
        finished = Path(work, "finished")
        finished.mkdir()
        made[0].rename(finished / library.name)
        (finished / LOG_NAME).write_text(log, encoding="utf-8")
        if target.exists():  # left without its library: someone emptied it by hand
            shutil.rmtree(target)
        finished.rename(target)


def _first_error(log: str) -> str:
    """Return the line that names the first error, with the file it is in."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    named = [line for line in lines if _ERROR_LINE.search(line)]
    located = [line for line in named if ".mod" in line or ".cpp:" in line]
    chosen = (located or named or lines or ["nrnivmodl printed nothing"])[0]
    return chosen.removeprefix("Error:").strip()
