"""The spines of the cells beside recordings: their calcium and their electricity."""

from typing import Any, Final

from pages.cell import CELLS, validated
from pages.source import Given, Source, View, table

FIGURE: Final = "spine-dhc.png"


def collect(_: Given) -> dict[str, Any]:
    """Return each cell's measures of spines; less than a minute. The picture is drawn, too."""
    return validated("--spine", figure=FIGURE)


def measures(found: Any) -> str:
    """Return every measure of both cells beside recordings, with its source."""
    rows = [("measure", *(f"`{cell}`" for cell in CELLS), "recordings", "unit", "", "source")]
    for name, first in found[CELLS[0]]["measures"].items():
        both = [found[cell]["measures"][name] for cell in CELLS]
        low, high = (first["recordings"][end] for end in ("low", "high"))
        known = "looked up" if first["looked_up"] else "recollected"
        note = f"; {first['note']}" if first["note"] else ""
        rows.append(
            (
                first["title"],
                *(_median(each) for each in both),
                f"{low:g} to {high:g}",
                "" if first["unit"] == "1" else first["unit"],
                ", ".join("in" if each["inside"] else "**out**" for each in both),
                f"{first['source']} ({known}){note}",
            )
        )
    return table(rows)


def _median(measure: Any) -> str:
    """Return a median with the spread over spines, if there is one."""
    if measure["median"] is None:
        return "not shown"
    low, high = (measure["spread"][end] for end in ("low", "high"))
    spread = "" if low == high else f" ({low:.3g} to {high:.3g})"
    return f"{measure['median']:.3g}{spread}"


def _misses(found: Any) -> str:
    """Return how many measures of each cell are out of the range of the recordings."""
    counts = [
        f"{len(found[cell]['misses'])} of {len(found[cell]['measures'])} of `{cell}`"
        for cell in CELLS
    ]
    return " and ".join(counts)


def _of(name: str) -> View:
    """Return the view of a measure of both cells, without its unit."""
    return lambda found: " and ".join(
        f"{found[cell]['measures'][name]['median']:.2g}" for cell in CELLS
    )


SOURCE: Final = Source(
    name="spine",
    cells=CELLS,
    files=(
        "ca1ltd/validation/spine_measures.py",
        "ca1ltd/validation/spine_targets.toml",
        "ca1ltd/engine/spine_bench.py",
    ),
    collect=collect,
    views={
        "measures": measures,
        "misses": _misses,
        "tetanus": _of("tetanus_calcium"),
    },
)
