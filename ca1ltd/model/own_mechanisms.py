"""A user's own mechanisms on our cell: the mod files of a folder, and where each is inserted."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any, Final, Self

from ca1ltd import build, resources
from ca1ltd.errors import BadInput
from ca1ltd.model.variables import Declared, declared_in

#: Where a mechanism may be inserted beside single sections.
WHERE: Final = ("everywhere", "soma", "axon", "basal", "apical", "spines")


@dataclass(frozen=True, slots=True)
class OwnMechanisms:
    """The mod files of a folder.

    Attributes
    ----------
    folder : str
        The whole path.
    sha256 : str
        Of their names and bytes.
    """

    folder: str
    sha256: str

    @classmethod
    def of(cls, folder: Path | str) -> Self:
        """Return the mechanisms of a folder.

        Raises
        ------
        BadInput
            If there are no mod files in it, or one has the name of a mechanism of ours.
        """
        path = Path(folder).expanduser().absolute()
        files = _mod_files(path)
        if not files:
            raise BadInput(f"{path} holds no mod files")
        ours = {file.stem for file in resources.mod_files()}
        for file in files:
            name = declared_in(file).name
            if name in ours:
                raise BadInput(f"{file}: ca1ltd has a mechanism {name} already: call it otherwise")
        return cls(str(path), build.mechanism_hash(files))

    def files(self) -> tuple[Path, ...]:
        """Return the mod files, sorted.

        Raises
        ------
        BadInput
            If they are not those of the hash any more.
        """
        files = _mod_files(Path(self.folder))
        if not files or build.mechanism_hash(files) != self.sha256:
            raise BadInput(f"the mod files in {self.folder} are not what they were: make a Slice")
        return files

    def declared(self) -> dict[str, Declared]:
        """Return what they declare, by the names of the mechanisms."""
        return {each.name: each for each in map(declared_in, self.files())}


def _mod_files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob("*.mod")))


@dataclass(frozen=True, slots=True)
class Insertion:
    """A mechanism that is inserted.

    Parameters
    ----------
    mechanism : str
        Its name.
    where : str
        One of `WHERE`, or the name of a section.
    values : tuple of (str, float)
        Parameters that differ from those of its mod file.
    """

    mechanism: str
    where: str
    values: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(
        cls, own: OwnMechanisms, mechanism: str, where: str, values: Mapping[str, float]
    ) -> Self:
        """Return an insertion of one of some mechanisms.

        Raises
        ------
        BadInput
            If there is no such mechanism, it is no density mechanism, or has no such parameter.
        """
        declared = own.declared()
        known = {name for name, each in declared.items() if each.density}
        if mechanism not in known:
            kind = "a point process" if mechanism in declared else "not there"
            raise BadInput(
                f"the mechanism {mechanism} is {kind}: {own.folder} has "
                f"{', '.join(sorted(known)) or 'none'} to be inserted"
            )
        there = declared[mechanism].parameters & declared[mechanism].units.keys()
        for name, value in values.items():
            if name not in there:
                raise BadInput(
                    f"{mechanism} has no RANGE parameter '{name}': it has "
                    f"{', '.join(sorted(there)) or 'none'}"
                )
            if not isinstance(value, Real):
                raise BadInput(f"{name} of {mechanism} is {value!r}, and must be a number")
        return cls(mechanism, where, tuple((name, float(x)) for name, x in values.items()))

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"mechanism": self.mechanism, "where": self.where, "values": dict(self.values)}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Return what `as_dict` describes."""
        return cls(given["mechanism"], given["where"], tuple(given["values"].items()))
