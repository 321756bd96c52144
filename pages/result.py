"""What a result file holds: what was run, what came out, and the model that it was made with."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from ca1ltd.jsontext import read_json
from ca1ltd.provenance import provenance
from ca1ltd.writing import write_text
from pages.marks import PageError

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "docs" / "results"
#: Parts of a provenance that are told but make no other model.
VERSIONS: Final = ("ca1ltd", "neuron")
Parts = Mapping[str, str]


def present(cells: tuple[str, ...]) -> dict[str, Parts]:
    """Return the parts of the present model by cell."""
    return {cell: provenance(cell).as_dict() for cell in cells}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A result.

    Attributes
    ----------
    command : str
        What makes it.
    cells : mapping of str to mapping
        The parts of the model that it was made with, by cell.
    commit : str
        The commit it was made at, where the parts are not known.
    found : JSON value
        What came out.
    """

    command: str
    cells: Mapping[str, Parts]
    commit: str = ""
    found: Any

    @classmethod
    def read(cls, name: str, folder: Path = RESULTS) -> Self:
        """Return the result of that name.

        Raises
        ------
        PageError
            If there is none, or it does not say what it was made with.
        """
        path = folder / f"{name}.json"
        try:
            written = read_json(path)
            made = written["made_with"]
            found = cls(
                command=written["command"],
                cells=made.get("cells", {}),
                commit=made.get("commit", ""),
                found=written["found"],
            )
        except FileNotFoundError:
            raise PageError(
                f"{path} is missing: python -m pages collect {name} makes it"
            ) from None
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise PageError(f"{path} is no result: {error!r}") from None
        if not (found.cells or found.commit):
            raise PageError(f"{path} does not say with which model it was made")
        return found

    def write(self, name: str, folder: Path = RESULTS) -> Path:
        """Write the result under a name and return its file."""
        made = {"commit": self.commit} if self.commit else {"cells": self.cells}
        content = {"command": self.command, "made_with": made, "found": self.found}
        path = folder / f"{name}.json"
        folder.mkdir(parents=True, exist_ok=True)
        written = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
        write_text(written + "\n", path)
        return path

    def note(self, now: Callable[[tuple[str, ...]], Mapping[str, Parts]] = present) -> str:
        """Return the line that says by which command and with which model it was made."""
        made = f"*Made by `{self.command}` with "
        if self.commit:
            return f"{made}an earlier model (commit {self.commit}).*"
        model = now(tuple(self.cells))
        changed = [
            part
            for part in dict.fromkeys(part for parts in model.values() for part in parts)
            if part not in VERSIONS
            and any(model[cell].get(part) != self.cells[cell].get(part) for cell in self.cells)
        ]
        if changed:
            return f"{made}an earlier model: since then its {_and(changed)} changed.*"
        told = dict.fromkeys((p.get("ca1ltd"), p.get("neuron")) for p in self.cells.values())
        words = " and ".join(f"ca1ltd {own}, NEURON {neuron}" for own, neuron in told)
        return f"{made}the present model ({words}).*"


def _and(words: list[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])
