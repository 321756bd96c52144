"""Runs kept by what they are: the same specification under the same mechanisms is run once."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar, Self

import pandas as pd

from ca1ltd.errors import BadInput
from ca1ltd.experiment.locked import locked
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store import MUST_AGREE, Store, refuse_unwritable, versions


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of runs, each in a folder named by the hash of its specification and the versions.

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

    def write_table(self) -> pd.DataFrame:
        """Return which runs are finished; a cache keeps no table."""
        finished = [store.path.name for store in self.stores() if store.completed]
        return pd.DataFrame({"run": finished})


def name_of(spec: ExperimentSpec) -> str:
    """Return the name of the folder of a run: sixteen hexadecimal digits.

    It depends on the specification and on the versions without which the result would differ, the
    mechanisms among them.
    """
    described = {"spec": spec.as_dict(), "versions": dict(_versions())}
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()[:16]


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    now = versions()
    return tuple((key, now[key]) for key in MUST_AGREE)
