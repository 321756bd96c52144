"""What a result is made with: everything that decides its numbers beside its specification.

Two runs of equal specifications give equal results if, and only if, they were made with the same
mechanisms, the same numbers of the model, the same cell and the same simulation source. Whoever
keeps results (a run's folder, the cache of figures, a sweep, the scorecard) asks here, and nowhere
else, whether what lies there is a result of the present model.
"""

import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from ca1ltd import build, cell_files, resources
from ca1ltd.digests import digest

#: What never decides a number of a slice: it shows, keeps, judges or translates results, or says
#: where slices run. What is not named here counts, a new module too.
WITHOUT_INFLUENCE: Final = (
    "__main__.py",
    "analysis/outcome.py",
    "appraisal",
    "cli",
    "experiment/plan",
    "experiment/run.py",
    "experiment/runs.py",
    "experiment/store",
    "experiment/sweep",
    "experiment/workers",
    "export",
    "figures",
    "literature",
    "model/anatomy.py",
    "rules",
    "slice.py",
    "text.py",
    "validation",
)


class Provenance(dict[str, str]):
    """The parts that decide a result, by name: versions as they are, files as their SHA-256.

    ``ca1ltd`` and ``neuron`` are versions, ``mechanisms`` is of the mod files, ``cell`` of the
    cell's files, ``source`` of the simulation's Python source, and each ``*.toml`` of the numbers
    of the model in it.
    """

    @property
    def name(self) -> str:
        """Return sixteen hexadecimal digits that stand for all parts."""
        return digest((key, value.encode()) for key, value in sorted(self.items()))[:16]

    def difference(self, other: Mapping[str, Any]) -> str | None:
        """Return in words the first part in which another provenance differs, None if none does.

        Parameters
        ----------
        other : mapping
            The parts of the other, as they were kept; parts may be missing.
        """
        for part in dict.fromkeys((*self, *other)):
            mine, theirs = self.get(part), other.get(part)
            if mine != theirs:
                return f"{_WORDS.get(part, part)} {_short(theirs)} and not {_short(mine)}"
        return None


_WORDS: Final = {
    "ca1ltd": "ca1ltd",
    "neuron": "NEURON",
    "mechanisms": "mechanisms (mod files)",
    "cell": "the cell's files",
    "source": "the simulation's source",
}


def provenance(cell: str) -> Provenance:
    """Return what a result of a cell is made with now.

    Parameters
    ----------
    cell : str
        Name of the reconstructed cell, or the whole path of a reconstruction.

    Raises
    ------
    BadInput
        If there is no such cell.
    BuildError
        If NEURON is not installed.
    """
    return Provenance(
        _shared(),
        cell=digest(
            (str(place), file.read_bytes())  # a file of another name is the same cell
            for place, file in enumerate(cell_files.files_of(cell).every)
        ),
    )


def versions() -> dict[str, str]:
    """Return where a result is made: what decides no number, but may help to find a fault."""
    return {
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "machine": f"{platform.system()} {platform.machine()}",
    }


@cache
def _shared() -> Provenance:
    package = resources.package_dir()
    numbers = _counted(package, "toml")
    often = Counter(file.name for file in numbers)

    def named(file: Path) -> str:
        return file.name if often[file.name] == 1 else file.relative_to(package).as_posix()

    return Provenance(
        {
            "ca1ltd": version("ca1ltd"),
            "neuron": build.neuron_version(),
            "mechanisms": build.mechanism_hash(resources.mod_files()),
            "source": _source(package),
            **{named(file): _files([file]) for file in numbers},
        }
    )


def simulation_source(package: Path) -> tuple[Path, ...]:
    """Return the package's files of Python and C++ that decide a result, sorted by kind."""
    return _counted(package, "py") + _counted(package, "cpp")


def _counted(package: Path, kind: str) -> tuple[Path, ...]:
    """Return the files of a kind that decide a result, sorted."""
    return tuple(
        file
        for file in sorted(package.rglob(f"*.{kind}"))
        if not _has_no_influence(file.relative_to(package).as_posix())
    )


def _has_no_influence(place: str) -> bool:
    return any(place == each or place.startswith(f"{each}/") for each in WITHOUT_INFLUENCE)


def _source(package: Path) -> str:
    return digest(
        (file.relative_to(package).as_posix(), file.read_bytes())
        for file in simulation_source(package)
    )


def _files(files: Iterable[Path]) -> str:
    return digest((file.name, file.read_bytes()) for file in files)


def _short(value: Any) -> str:
    return "unknown" if value is None else str(value)[:12]
