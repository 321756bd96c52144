"""README's table of what the model shows: commands, and what they print."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pages.runs import outcomes, spec_of
from pages.source import Given, Source, table

SLICES: Final = 2
#: What is run, a remark with the outcomes of earlier inductions, and what slices of animals show.
ROWS: Final = (
    ("lfs", "", "60-76"),
    ("lfs --drug D-AP5=50@-10..15", "", "100"),
    ("lfs --drug FK506=50", "", "95"),
    ("lfs --drug okadaic-acid=1", "", "96"),
    ("lfs --drug thiophospho-inhibitor-1=100", "", "97"),
    ("lfs --drug BAPTA=10000", "", "100"),
    ("saturation", "1 Hz three times; after the first two {}", "55"),
    ("lfs --age 60", "", "no change"),
    ("hfs", "100 pulses at 100 Hz", "150"),
    ("hfs --trains 2", "", "163"),
    ("hfs --age 28", "", "150"),
    ("tbs", "theta bursts", "150"),
    ("de-depression", "1 Hz, {} before 100 Hz", "100"),
    ("depotentiation --rest 5", "100 Hz, then 1 Hz", "100"),
    ("calcium-clamp --level 0.7 --duration 60", "", "65"),
    ("calcium-clamp --level 10 --duration 3", "", "160"),
)


def collect(given: Given) -> dict[str, Any]:
    """Return the outcome of each row's command."""
    wanted = {words: spec_of(words, slices=SLICES) for words, _, _ in ROWS}
    return outcomes(wanted, given.runs or Path("runs", "pages"), given.workers)


def shown(found: Mapping[str, Any]) -> str:
    """Return the table, and how far what is seen lies from what is expected."""
    rows = [("`ca1ltd run`", "conditioned", "slices of animals")]
    for words, remark, animals in ROWS:
        row = found[words]
        phases = ", ".join(f"{value:.0f}" for value in row["phases"])
        told = f" ({remark.format(phases)})" if remark else ""
        rows.append((f"`{words}`{told}", f"{row['expected']:.1f} ({row['seen']:.1f})", animals))
    above = [row["seen"] - row["expected"] for row in found.values()]
    return (
        f"{table(rows)}\n\nAll rows have the same {SLICES} seeds: in the mean over the rows what "
        f"the electrode saw lies {sum(above) / len(above):+.1f} points from what is expected, and "
        f"from {min(above):+.1f} to {max(above):+.1f} in each."
    )


SOURCE: Final = Source(name="outcomes", views={"table": shown}, collect=collect)
