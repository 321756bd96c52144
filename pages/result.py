"""What a result file holds: what was run, what came out, and the model that it was made with."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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
#: Stands for a cell in what a result was made with: files that are no part of the model.
FILES: Final = "files"
Parts = Mapping[str, str]


def present(cells: Iterable[str], files: Iterable[str] = ()) -> dict[str, Parts]:
    """Return the parts of the present model by cell, and a hash of further files.

    Parameters
    ----------
    cells : iterable of str
        Names of cells.
    files : iterable of str
        Files and folders of the repository that a result depends on beside the model, as the rules
        that a score is made by.
    """
    parts: dict[str, Parts] = {cell: provenance(cell) for cell in cells}
    return parts | {FILES: {name: _hash(ROOT / name) for name in files}}


def _hash(path: Path) -> str:
    """Return a hash of a file, or of the Python files of a folder."""
    digest = hashlib.sha256()
    for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A result.

    Attributes
    ----------
    command : str
        What makes it.
    made_with : mapping of str to mapping
        The parts of the model by cell, and further files, as `present` gives them.
    commit : str
        The commit it was made at, where the parts are not known: of such a result no more digits
        are known than its page had, and a share that its page told as missed is a little less.
    found : JSON value
        What came out.
    """

    command: str
    made_with: Mapping[str, Parts] = field(default_factory=dict)
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
                made_with={key: dict(parts) for key, parts in made.items() if key != "commit"},
                commit=made.get("commit", ""),
                found=written["found"],
            )
        except FileNotFoundError:
            raise PageError(f"{path} is missing") from None
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise PageError(f"{path} is no result: {error!r}") from None
        if not made:
            raise PageError(f"{path} does not say with which model it was made")
        return found

    def write(self, name: str, folder: Path = RESULTS) -> Path:
        """Write the result under a name and return its file."""
        made = {"commit": self.commit} if self.commit else self.made_with
        content = {"command": self.command, "made_with": made, "found": self.found}
        path = folder / f"{name}.json"
        folder.mkdir(parents=True, exist_ok=True)
        written = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
        write_text(written + "\n", path)
        return path

    def note(self, now: Callable[..., Mapping[str, Parts]] = present) -> str:
        """Return the line that says by which command and with which model it was made.

        Parameters
        ----------
        now : callable
            Returns what the result would be made with now, as `present`.
        """
        made = f"*Made by `{self.command}` with "
        if self.commit:
            digits = "in the digits that were printed"
            return f"{made}an earlier model (commit {self.commit}), {digits}.*"
        cells = {key: parts for key, parts in self.made_with.items() if key != FILES}
        model = now(cells, self.made_with.get(FILES, {}))
        changed = dict.fromkeys(
            part
            for key, parts in self.made_with.items()
            for part in (*parts, *model[key])
            if part not in VERSIONS and parts.get(part) != model[key].get(part)
        )
        if changed:
            return f"{made}an earlier model: {_and(list(changed))} changed since.*"
        told = dict.fromkeys((parts["ca1ltd"], parts["neuron"]) for parts in cells.values())
        words = _and([f"ca1ltd {own} and NEURON {neuron}" for own, neuron in told])
        return f"{made}the present model, {words}.*"


def _and(words: list[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])
