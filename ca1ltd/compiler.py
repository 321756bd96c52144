"""The C++ compiler and NEURON's nrnivmodl: whether they are there, and what they make of a source.

make and nrnivmodl take a path apart at its blanks and brackets: both are run in a folder whose
path has none, and find NEURON by a link in it.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ca1ltd.errors import BuildError

_TOOLS: Final = {"g++": "a C++ compiler", "make": "make", "perl": "perl"}
"""What a build needs; without perl NEURON's nrnivmodl stops."""
_PLAIN: Final = re.compile(r"[\w./+@%=,-]+", re.ASCII)
_ERROR_LINE: Final = re.compile(r"\berror\b", re.IGNORECASE)
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")


def compiler() -> list[str]:
    """Return the words that start the C++ compiler: those of ``CXX``, or g++."""
    return shlex.split(os.environ.get("CXX", "")) or ["g++"]


def compiler_version() -> str:
    """Return the first line of what the compiler says of its version, or "not found"."""
    found = shutil.which(compiler()[0])
    if found is None:
        return "not found"
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    return (answer.stdout or answer.stderr).strip().partition("\n")[0]


def require_tools() -> None:
    """Raise BuildError if what compiling needs is not there."""
    named = compiler()[0]
    for tool, meaning in _TOOLS.items():
        if tool == "g++" and named != tool:
            if shutil.which(named) is None:
                raise BuildError(
                    f"CXX names the compiler {named}, which was not found: unset CXX to take g++, "
                    "or give it the path of a C++ compiler"
                )
        elif shutil.which(tool) is None:
            raise BuildError(
                f"{tool} was not found, and compiling the mechanisms needs {meaning}: install "
                "g++ and make (Debian, Ubuntu: apt install g++ make; macOS: xcode-select --install)"
            )


@contextmanager
def plain_folder() -> Iterator[Path]:
    """Give an empty folder, removed at the end, whose path make does not take apart.

    Raises
    ------
    BuildError
        If the folder of temporary files has no such path.
    """
    with tempfile.TemporaryDirectory(prefix="ca1ltd-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if not _PLAIN.fullmatch(str(folder)):
            raise BuildError(
                f"make cannot work in {folder.parent}: let the environment variable TMPDIR name a "
                "folder whose path has neither blanks nor brackets nor letters with accents"
            )
        yield folder


def compile_mod_files(files: Iterable[Path], work: Path, *, flags: str) -> tuple[Path | None, str]:
    """Return the library that nrnivmodl makes of NMODL files, None if it makes none, and its log.

    Parameters
    ----------
    files : iterable of Path
        The files, with those that they INCLUDE.
    work : Path
        As `plain_folder` gives it.
    flags : str
        The compiler's.
    """
    copies, links = work / "mod", work / "environment"
    for folder in (copies, links):
        folder.mkdir()
    for file in files:
        shutil.copyfile(file, copies / file.name)
    environment = {name: value for name, value in os.environ.items() if value or name != "CXX"}
    package = _neuron()
    if not _PLAIN.fullmatch(str(package)):
        (links / "neuron").symlink_to(package)
        known = [entry for entry in (str(links), environment.get("PYTHONPATH")) if entry]
        environment["PYTHONPATH"] = os.pathsep.join(known)
    result = subprocess.run(
        [sys.executable, _nrnivmodl(), "-incflags", flags, "mod"],
        cwd=work,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    made = sorted(work.glob("*/libnrnmech.*"))
    return made[0] if made and result.returncode == 0 else None, _COLOUR.sub("", result.stdout)


def compile_source(source: str, made: Path, *, flags: Iterable[str]) -> str:
    """Make a library of C++ source; return what the compiler said, which is empty if it could."""
    result = subprocess.run(
        [*compiler(), *flags, "-x", "c++", "-", "-o", made],
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )
    return (result.stderr or "the compiler failed") if result.returncode else ""


def first_error(log: str) -> str:
    """Return the line of a log that names the first error, with the file it is in."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    named = [line for line in lines if _ERROR_LINE.search(line)]
    located = [line for line in named if ".mod" in line or ".cpp:" in line]
    chosen = (located or named or lines or ["nrnivmodl printed nothing"])[0]
    return chosen.removeprefix("Error:").strip()


def _neuron() -> Path:
    """Return the folder of the NEURON package, which is found and not imported."""
    found = find_spec("neuron")
    if found is None or found.origin is None:
        raise BuildError(f"NEURON is not installed whole in {sys.prefix}")
    return Path(found.origin).parent


def _nrnivmodl() -> Path:
    """Return the nrnivmodl of this environment: another one would build for another NEURON."""
    for folder in (Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))):
        if (folder / "nrnivmodl").exists():
            return folder / "nrnivmodl"
    raise BuildError(
        f"nrnivmodl was not found beside {sys.executable}: NEURON is not installed whole there"
    )
