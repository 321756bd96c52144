"""The drugs in the bath of a slice: which are there when, and what they change."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ca1ltd.engine.rig import Rig
from ca1ltd.model.drugs import Drug, together
from ca1ltd.protocols import Protocol


class Bath:
    """The drugs in the bath; those that are there from the start act at once.

    Parameters
    ----------
    rig : Rig
        The slice.
    drugs : sequence of Drug
        What is washed in and out.
    protocol : Protocol
        By which drugs know when they come and go.
    """

    def __init__(self, rig: Rig, drugs: Sequence[Drug], protocol: Protocol) -> None:
        self._rig = rig
        self._drugs = drugs
        self._protocol = protocol
        self._present = [drug for drug in drugs if drug.window(protocol)[0] <= 0]
        self._act()

    def changes(self) -> Iterator[tuple[float, Callable[[], None]]]:
        """Yield when drugs come and go during the run (ms), and what does it."""
        for drug in self._drugs:
            on, off = drug.window(self._protocol)
            if on > 0:
                yield on, partial(self._wash, self._present.append, drug)
            if off < self._protocol.t_stop:
                yield off, partial(self._wash, self._present.remove, drug)

    def _wash(self, come_or_go: Callable[[Drug], None], drug: Drug) -> None:
        come_or_go(drug)
        self._act()

    def _act(self) -> None:
        for mechanism, name, value in together(self._drugs, self._present, self._rig.value):
            self._rig.set_everywhere(mechanism, name, value)
