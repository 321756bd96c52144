"""Runs kept by what they are: the same specification under the same model is run once."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from ca1ltd.errors import BadInput
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.files import RUN_FILE, SUMMARY_FILE
from ca1ltd.experiment.store.identity import name_of
from ca1ltd.experiment.store.lock import locked
from ca1ltd.experiment.store.reading import read_run_file
from ca1ltd.experiment.store.run_folder import Store, refuse_unwritable
from ca1ltd.provenance import Provenance, provenance

PRESENT = "present"
"""Stands for what the present model makes, of whatever cell."""


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of runs, each in a folder named by the hash of its specification and provenance.

    Attributes
    ----------
    path : Path
        The folder.
    specs : tuple of ExperimentSpec
        The runs that are wanted of it, each once.
    """

    path: Path
    specs: tuple[ExperimentSpec, ...]
    how_to_complete: ClassVar[str] = "the same command runs the rest"

    @classmethod
    def open(cls, path: Path, specs: Sequence[ExperimentSpec]) -> Self:
        """Return the cache in a folder that may be written, without touching it.

        Raises
        ------
        BadInput
            If the folder cannot be written, or there is no run.
        """
        if not specs:
            raise BadInput("there is nothing to run")
        refuse_unwritable(path)
        return cls(path.absolute(), tuple(dict.fromkeys(specs)))

    def claimed(self) -> AbstractContextManager[None]:
        """Keep others from the folder while a block runs.

        Raises
        ------
        BadInput
            If another process is at work in it, or it cannot be written.
        """
        return locked(self.path, "command")

    def stores(self) -> tuple[Store, ...]:
        """Return the store of each run."""
        return tuple(Store(self.path / name_of(spec), spec) for spec in self.specs)

    def write_table(self) -> None:
        """Write nothing: a cache keeps no table."""


def saved(folder: Path, specs: Collection[ExperimentSpec]) -> dict[ExperimentSpec, Path]:
    """Return which of the runs that are wanted lie finished in the folders of a folder.

    All that is returned was made with the same model: the one with which most of the runs were
    made, or the present one if it does as well.

    Parameters
    ----------
    folder : Path
        Holds runs, as a cache or a sweep leaves them.
    specs : collection of ExperimentSpec
        What is wanted.

    Raises
    ------
    BadInput
        If there is no run at all, or one of them cannot be read or is damaged.
    """
    files = sorted(folder.glob(f"*/{RUN_FILE}"))
    if not files:
        raise BadInput(f"{folder} holds no run: there is no {RUN_FILE} in it or in its folders")
    found: dict[str, dict[ExperimentSpec, Path]] = {}
    for file in files:
        if not file.with_name(SUMMARY_FILE).exists():
            continue
        described = read_run_file(file.parent)
        try:
            spec = ExperimentSpec.from_dict(described["spec"])
        except BadInput:
            continue  # of an older version, with a protocol or a value that is no more
        if spec in specs:
            made_with = Provenance(described["provenance"])
            model = PRESENT if made_with == provenance(spec.cell) else made_with.name
            found.setdefault(model, {})[spec] = file.parent
    return max(
        found.items(), key=lambda item: (len(item[1]), item[0] == PRESENT), default=("", {})
    )[1]
