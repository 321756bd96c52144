"""Where the mechanisms and the cells lie: inside an installed wheel, or in the repository."""

from pathlib import Path

from ca1ltd.errors import BadInput

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    """Return the folder a wheel carries, or the one beside the package in a working copy."""
    for candidate in (_PACKAGE / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise BadInput(
        f"the folder '{name}' is missing: neither {_PACKAGE / name} nor {_PACKAGE.parent / name} "
        "is there, so ca1ltd is not installed whole"
    )


def package_dir() -> Path:
    """Return the folder of the Python package."""
    return _PACKAGE


def mod_dir() -> Path:
    """Return the folder of the mechanisms' NMODL files."""
    return _folder("mod")


def mod_files() -> tuple[Path, ...]:
    """Return the NMODL files, sorted by name.

    Raises
    ------
    BadInput
        If the folder holds none.
    """
    files = tuple(sorted(mod_dir().glob("*.mod")))
    if not files:
        raise BadInput(f"no mechanism (*.mod) in {mod_dir()}")
    return files


def cells_dir() -> Path:
    """Return the folder that holds one folder per reconstructed cell."""
    return _folder("cells")


def spread_file() -> Path:
    """Return the file that says how much slices differ, which `pages` collects.

    Raises
    ------
    BadInput
        If it is missing.
    """
    inside, beside = _PACKAGE / "spread.json", _PACKAGE.parent / "docs" / "results" / "spread.json"
    for file in (inside, beside):
        if file.is_file():
            return file
    raise BadInput(f"neither {inside} nor {beside} is there, so ca1ltd is not installed whole")
