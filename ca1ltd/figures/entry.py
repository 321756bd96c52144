"""What a figure of the gallery is: its experiments, and how it is drawn from their runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ca1ltd.declared import Declared
from ca1ltd.errors import BadInput

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ca1ltd.figures.parts.numbers import Number
    from ca1ltd.figures.run import Run

Runs: TypeAlias = Mapping[str, "Run"]
"""The finished runs of a figure, by the names that it gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureEntry:
    """A figure of the gallery.

    Attributes
    ----------
    name : str
        Its name on the command line and in files.
    runs : mapping of str to Declared
        The experiments that it shows, by names of its own.
    draw, words, numbers : callable
        Return the picture, the words of its caption and the numbers in it, from the finished runs
        by those names.
    """

    name: str
    runs: Mapping[str, Declared]
    draw: "Callable[[Runs], Figure]"
    words: Callable[[Runs], str]
    numbers: "Callable[[Runs], dict[str, Number]]"

    def caption(self, runs: Runs) -> str:
        """Return the caption; of a figure of EPSPs it says last how many were spikes, if any."""
        from ca1ltd.figures.parts.numbers import spikes_text  # loads pandas

        seen = any(name.endswith("_fired_percent") for name in self.numbers(runs))
        return f"{self.words(runs)} {spikes_text(runs) if seen else ''}".rstrip()

    def refuse_others(self, runs: Runs) -> None:
        """Raise BadInput if a run is missing or of another protocol than the figure shows."""
        for key, declared in self.runs.items():
            if key not in runs:
                raise BadInput(f"the figure '{self.name}' needs a run '{key}', and there is none")
            ran = runs[key].spec["protocol"]["name"]
            if ran != declared.protocol:
                raise BadInput(
                    f"the figure '{self.name}' needs a run of {declared.protocol}, and this is of "
                    f"{ran}"
                )
