"""Drugs: what each acts on in the model, and how strongly at a concentration.

A drug that blocks leaves its target the fraction ``1 - b``, with the blocked fraction from the Hill
equation ``b = C^h / (C^h + IC50^h)``. BAPTA blocks nothing: it is added to the spine's calcium pool
as a buffer. Concentrations are in uM, those that experiments apply; that a drug in the bath reaches
the inside of the cell in full is an assumption for okadaic acid, FK506 and KN-62.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ca1ltd.errors import BadInput
from ca1ltd.units import minute, mM, uM

MAX_CONCENTRATION = 1e5
"""Highest concentration accepted (uM)."""

_SPEC = re.compile(r"(?P<name>[^=@]+)(=(?P<concentration>[^@]*))?(@(?P<start>.*?)\.\.(?P<end>.*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A variable of a mechanism that takes the blocked fraction."""

    mechanism: str
    variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugInfo:
    """What is known about a drug and what it does in the model.

    Attributes
    ----------
    name : str
        Its name on the command line.
    aliases : tuple of str
        Other names it goes by.
    target, effect : str
        What it acts on; what that does in the model.
    default : float
        Concentration (uM) when none is given: what slice experiments use.
    ic50 : float
        Half-blocking concentration (uM); for a buffer its dissociation constant.
    hill : float
        Hill coefficient of the block.
    source : str
        Where `ic50` and `default` come from.
    blocks : tuple of Block
        What takes the blocked fraction.
    buffer : Block or None
        What takes the concentration itself (mM), for a buffer.
    """

    name: str
    aliases: tuple[str, ...] = ()
    target: str
    effect: str
    default: float
    ic50: float
    hill: float = 1.0
    source: str
    blocks: tuple[Block, ...] = ()
    buffer: Block | None = None

    def blocked(self, concentration: float) -> float:
        """Return the blocked fraction at a concentration (uM)."""
        if concentration <= 0:
            return 0.0
        return 1 / (1 + math.pow(self.ic50 / concentration, self.hill))


DRUGS: tuple[DrugInfo, ...] = (
    DrugInfo(
        name="D-AP5",
        aliases=("AP5", "APV", "D-APV"),
        target="NMDA receptor, glutamate site",
        effect="NMDA conductance of every synapse falls to 1 - b",
        default=50.0,
        ic50=1.4,
        source=(
            "IC50: Kd of binding to rat brain membranes, Olverman, Jones & Watkins 1984, "
            "doi:10.1038/307460a0 (number recollected, not checked in the paper); "
            "50 uM: Dudek & Bear 1992, doi:10.1073/pnas.89.10.4363"
        ),
        blocks=(Block(mechanism="ca1nmda", variable="antagonist"),),
    ),
    DrugInfo(
        name="okadaic-acid",
        aliases=("OA", "okadaic acid", "okadaic"),
        target="protein phosphatases 1 and 2A",
        effect="every dephosphorylation by PP1/2A falls to 1 - b",
        default=1.0,
        ic50=0.019,
        source=(
            "IC50 for PP1 (19 nM; PP2A 0.2 nM): Holmes et al. 1990, FEBS Lett 270:216-218; "
            "1 uM: Mulkey, Herron & Malenka 1993, "
            "doi:10.1126/science.8394601"
        ),
        blocks=(
            Block(mechanism="ca1i1", variable="phosphatase_block"),
            Block(mechanism="ca1psd", variable="phosphatase_block"),
            Block(mechanism="ca1ampar", variable="phosphatase_block"),
            Block(mechanism="ca1camkii", variable="phosphatase_block"),
        ),
    ),
    DrugInfo(
        name="FK506",
        aliases=("tacrolimus", "FK-506"),
        target="calcineurin, by way of FKBP12",
        effect="calcineurin that calmodulin can activate falls to 1 - b",
        default=1.0,
        ic50=0.0005,
        source=(
            "calcineurin in lymphocytes: Fruman et al. 1992, doi:10.1073/pnas.89.9.3686 "
            "(half-block of 0.5 nM recollected, not checked in the paper); 1 uM: the lowest of the "
            "1-50 uM that slices are given, Lu et al. 1996, Neurosci Lett 205:103-106"
        ),
        blocks=(Block(mechanism="ca1can", variable="block"),),
    ),
    DrugInfo(
        name="BAPTA",
        target="free calcium in the spine",
        effect="a buffer with its own rates joins the calcium pool of every spine",
        default=10_000.0,
        ic50=0.22,
        source=(
            "Kd: Naraghi & Neher 1997, doi:10.1523/JNEUROSCI.17-18-06961.1997 (number "
            "recollected, not checked in the paper); 10 mM in the electrode: "
            "Mulkey & Malenka 1992, doi:10.1016/0896-6273(92)90248-C"
        ),
        buffer=Block(mechanism="ca1spineca", variable="bapta_total"),
    ),
    DrugInfo(
        name="KN-62",
        aliases=("KN62",),
        target="CaMKII, where calmodulin binds",
        effect="CaMKII that calmodulin can activate falls to 1 - b",
        default=10.0,
        ic50=0.9,
        source=(
            "Ki: Tokumitsu et al. 1990, J Biol Chem 265:4315-4320 (number recollected, not "
            "checked in the paper)"
        ),
        blocks=(Block(mechanism="ca1camkii", variable="block"),),
    ),
)


class Timed(Protocol):
    """What a drug must know of a protocol; times in ms from the start of the simulation."""

    @property
    def induction_start(self) -> float:
        """Return the time that windows call 0."""

    @property
    def t_stop(self) -> float:
        """Return the end of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """A drug at a concentration, for the whole run or for a window of it.

    Attributes
    ----------
    info : DrugInfo
        Which drug.
    concentration : float
        In uM.
    start, end : float or None
        The window in minutes from the start of induction; None is the start or end of the run.
    """

    info: DrugInfo
    concentration: float
    start: float | None = None
    end: float | None = None

    def __post_init__(self) -> None:
        given = self.concentration
        if not 0 < given <= MAX_CONCENTRATION:
            raise BadInput(
                f"{self.info.name}: the concentration is {given:g} uM, and must be above 0 and at "
                f"most {MAX_CONCENTRATION:g} uM"
            )
        for edge in (self.start, self.end):
            if edge is not None and not math.isfinite(edge):
                raise BadInput(f"{self.info.name}: the window's {edge} is not a time in minutes")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise BadInput(
                f"{self.info.name}: the window {self.start:g}..{self.end:g} min ends before it "
                "starts"
            )

    @property
    def name(self) -> str:
        """Return the drug's name."""
        return self.info.name

    def settings(self) -> tuple[tuple[str, str, float], ...]:
        """Return what the drug sets while it is there: (mechanism, variable, value).

        Blocked fractions are between 0 and 1, a buffer's concentration is in mM; each variable is
        0 without the drug.
        """
        blocked = self.info.blocked(self.concentration)
        settings = [(block.mechanism, block.variable, blocked) for block in self.info.blocks]
        if self.info.buffer is not None:
            buffer = self.info.buffer
            settings.append((buffer.mechanism, buffer.variable, self.concentration * uM / mM))
        return tuple(settings)

    def window(self, protocol: Timed) -> tuple[float, float]:
        """Return when the drug comes and goes (ms from the start of the simulation).

        Raises
        ------
        BadInput
            If the window lies wholly outside the run.
        """
        zero, stop = protocol.induction_start, protocol.t_stop
        on = 0.0 if self.start is None else zero + self.start * minute
        off = stop if self.end is None else zero + self.end * minute
        if on >= stop or off <= 0:
            raise BadInput(
                f"{self.name}: the window {self._window_text()} min is outside the run, which goes "
                f"from {-zero / minute:g} to {(stop - zero) / minute:g} min"
            )
        return max(on, 0.0), min(off, stop)

    def as_dict(self) -> dict[str, Any]:
        """Return the drug as JSON values."""
        return {
            "name": self.name,
            "concentration": self.concentration,
            "start": self.start,
            "end": self.end,
        }

    def __str__(self) -> str:
        window = "" if self.start is None and self.end is None else f"@{self._window_text()}"
        return f"{self.name}={self.concentration:.12g}{window}"

    def _window_text(self) -> str:
        start = "" if self.start is None else f"{self.start:g}"
        end = "" if self.end is None else f"{self.end:g}"
        return f"{start}..{end}"


def info(name: str) -> DrugInfo:
    """Return what is known about a drug, by its name or an alias, in any case.

    Raises
    ------
    BadInput
        If there is no such drug.
    """
    for known in DRUGS:
        if name.strip().casefold() in {word.casefold() for word in (known.name, *known.aliases)}:
            return known
    raise BadInput(f"no drug '{name}': there are {', '.join(known.name for known in DRUGS)}")


def drug(
    name: str,
    concentration: float | None = None,
    *,
    start: float | None = None,
    end: float | None = None,
) -> Drug:
    """Return a drug at a concentration.

    Parameters
    ----------
    name : str
        Name or alias, in any case.
    concentration : float, optional
        In uM; by default what slice experiments use.
    start, end : float, optional
        Window in minutes from the start of induction; by default the whole run.

    Raises
    ------
    BadInput
        If there is no such drug or a value is not allowed.
    """
    known = info(name)
    return Drug(
        info=known,
        concentration=known.default if concentration is None else concentration,
        start=start,
        end=end,
    )


def from_dict(values: Mapping[str, Any]) -> Drug:
    """Return the drug that `Drug.as_dict` describes."""
    return drug(values["name"], values["concentration"], start=values["start"], end=values["end"])


def parse(text: str) -> Drug:
    """Return the drug that ``NAME[=CONC][@FROM..TO]`` describes (uM, minutes).

    FROM and TO count from the start of induction; either may be left out.

    Raises
    ------
    BadInput
        If the text is not of this form, or `drug` refuses it.

    Examples
    --------
    >>> str(parse("d-ap5=50@-5..15"))
    'D-AP5=50@-5..15'
    """
    match = _SPEC.fullmatch(text.strip())
    if match is None:
        raise BadInput(f"the drug '{text}' is not written NAME[=CONC][@FROM..TO] (uM, minutes)")
    concentration = match["concentration"]
    return drug(
        match["name"],
        None if concentration is None else _number(text, concentration),
        start=_number(text, match["start"]) if match["start"] else None,
        end=_number(text, match["end"]) if match["end"] else None,
    )


def _number(text: str, part: str) -> float:
    try:
        return float(part)
    except ValueError:
        raise BadInput(
            f"in the drug '{text}', '{part}' is not a number: write NAME[=CONC][@FROM..TO] "
            "(uM, minutes)"
        ) from None


def d_ap5(
    concentration: float | None = None, *, start: float | None = None, end: float | None = None
) -> Drug:
    """Return D-AP5; see `drug`."""
    return drug("D-AP5", concentration, start=start, end=end)


def okadaic_acid(
    concentration: float | None = None, *, start: float | None = None, end: float | None = None
) -> Drug:
    """Return okadaic-acid; see `drug`."""
    return drug("okadaic-acid", concentration, start=start, end=end)


def fk506(
    concentration: float | None = None, *, start: float | None = None, end: float | None = None
) -> Drug:
    """Return FK506; see `drug`."""
    return drug("FK506", concentration, start=start, end=end)


def bapta(
    concentration: float | None = None, *, start: float | None = None, end: float | None = None
) -> Drug:
    """Return BAPTA; see `drug`."""
    return drug("BAPTA", concentration, start=start, end=end)


def kn_62(
    concentration: float | None = None, *, start: float | None = None, end: float | None = None
) -> Drug:
    """Return KN-62; see `drug`."""
    return drug("KN-62", concentration, start=start, end=end)
