"""Numbers that tests record (pytest's ``record_property``): checks, and whole experiments."""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pages.result import ROOT
from pages.source import Source, View, table

Numbers = Mapping[str, float]
CELLS: Final = ("dhc", "c5038804")
LIMIT: Final = "limit of "
"""The name of a number's limit begins with this."""


def recorded(*words: str) -> dict[str, float]:
    """Return what tests record, by name.

    Parameters
    ----------
    *words : str
        Options and files for pytest.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        style = ("-o", "junit_family=xunit1", f"--junitxml={report}")
        command = [sys.executable, "-m", "pytest", "--quiet", *style, *words]
        subprocess.run(command, check=True, cwd=ROOT, stdout=sys.stderr)
        return properties(report)


def properties(report: Path) -> dict[str, float]:
    """Return the properties of a report of tests, by name."""
    found = ET.parse(report).getroot().iter("property")
    return {each.attrib["name"]: float(each.attrib["value"]) for each in found}


def shown(rows: Iterable[tuple[str, tuple[str, ...]]]) -> View:
    """Return the view of a table whose rows show the worst of the numbers that begin so."""

    def view(found: Numbers) -> str:
        lines = [("", "found", "limit")]
        for title, beginnings in rows:
            worst = [_worst(found, beginning) for beginning in beginnings]
            limits = dict.fromkeys(_written(limit) for _, _, limit in worst)
            values = (_written(value) + name for name, value, _ in worst)
            lines.append((title, ", ".join(values), ", ".join(limits)))
        return table(lines)

    return view


def _worst(found: Numbers, beginning: str) -> tuple[str, float, float]:
    """Return the largest of the numbers that begin so, which it is among several, its limit."""
    names = [name for name in found if name.startswith(beginning)]
    name = max(names, key=found.__getitem__)
    rest = name.removeprefix(beginning)
    return f" (`{rest}`)" if rest else "", found[name], found[LIMIT + name]


def _written(value: float) -> str:
    return f"{100 * value:.2g} %" if value >= 5e-5 else f"{value:.1e}".replace("e-0", "e-")


CASCADE: Final = (
    ("from rest, the worst state", ("cascade from at rest, ",)),
    (
        "inhibitors present, receptors beyond the slots, the worst state",
        ("cascade from blocked, crowded, ",),
    ),
    (
        "rest in NEURON, left alone for 5 min in RoadRunner, of itself or of 1 nM",
        ("drift in 5 min of ",),
    ),
    (
        "`efficient`, the integrator of a run: calcineurin",
        ("cascade by the default integrator, calcineurin",),
    ),
    ("the same: receptor pools, of all receptors", ("cascade by the default integrator, pool ",)),
    (
        "the same: slots, which in LTP are several times the receptors",
        ("cascade by the default integrator, slots",),
    ),
    ("the same: the worst state", ("cascade by the default integrator, worst state",)),
    (
        "`efficient` with steps a fourth as long: the worst state",
        ("cascade by it with steps a fourth as long, worst state",),
    ),
)
PASSIVE: Final = (
    (
        "cylinder: input resistance, attenuation",
        ("cylinder, input resistance", "cylinder, attenuation to the far end"),
    ),
    (
        "cylinder: step response from 1 ms on, at 0, 1/2 and 1 of its length",
        tuple(f"cylinder, step response at {x} of its length" for x in ("0", "0.5", "1")),
    ),
    *(
        (
            f"`{cell}`: {what} at 0 and 100 Hz",
            tuple(f"{cell} at {f} Hz, {ending}" for f in (0, 100)),
        )
        for cell in CELLS
        for what, ending in (
            ("input impedance", "membrane as built, input impedance"),
            ("middle of the median branch", "membrane as built, voltage in the median branch"),
            ("middle of the worst branch", "membrane as built, voltage in the worst branch"),
            ("input impedance, as ruled", "membrane as ruled, input impedance"),
            ("the worst branch, as ruled", "membrane as ruled, voltage in the worst branch"),
        )
    ),
    *(
        (
            f"`{cell}` in Arbor, step of 0.1 nA, soma and 250 um out",
            tuple(f"{cell} in Arbor, voltage in the {place}" for place in ("soma", "dendrite")),
        )
        for cell in CELLS
    ),
)
CHECKS: Final = Source(
    name="checks",
    cells=CELLS,
    files=("tests/checks",),
    collect=lambda _: recorded("tests/checks"),
    views={"cascade": shown(CASCADE), "passive": shown(PASSIVE)},
)

PROTOCOLS: Final = {
    "1 Hz": "1 Hz, 900 pulses",
    "10 Hz": "10 Hz, 900 pulses",
    "100 Hz": "100 Hz, 100 pulses",
    "theta bursts": "theta bursts",
    "pulse before spike": "pulse 10 ms before spike, 100 pairs",
}
"""Protocols of `tests/slow/test_accuracy.py`, and what they are called here."""


def accuracy(found: Numbers) -> str:
    """Return how far whole experiments are from those by CVODE."""
    rows = [
        (
            "protocol",
            "cell",
            "EPSP slope: mean, 95 % of the pulses within",
            "peak spine calcium: mean, worst spine",
            "surface receptors, largest of the run",
            "EPSP at the end, reference and ours",
        )
    ]
    for protocol, title in PROTOCOLS.items():
        for cell in CELLS:

            def number(name: str, of: str = f"{cell} {protocol}: ") -> float:
                return 100 * found[of + name]

            rows.append(
                (
                    title,
                    f"`{cell}`",
                    f"{number('slope'):+.2f} %, {number('slope of 95 percent'):.2f} %",
                    f"{number('calcium'):+.2f} %, {number('calcium of the worst'):.1f} %",
                    f"{number('surface'):.2f} %",
                    f"{number('reference left'):.1f}, {number('left'):.1f} %",
                )
            )
    return table(rows)


ACCURACY: Final = Source(
    name="accuracy",
    cells=CELLS,
    collect=lambda _: recorded(
        *("-m", "slow", "-n", "auto", "--dist", "loadgroup"), "tests/slow/test_accuracy.py"
    ),
    views={"table": accuracy},
)
