"""Spines as molecules beside the equations, as sentences and rows of text."""

from collections.abc import Mapping
from typing import Any, Final

Rows = list[tuple[str, ...]]

DRIFT: Final = 5.0
"""What the mean of anchored receptors may have moved by at rest (% of the start)."""
APART: Final = 8.0
"""What the EPSP after 1 Hz may be from that of the equations (points)."""
FREQUENT: Final = 12
"""Reactions that are shown."""
READ: Final[Mapping[str, tuple[str, str]]] = {
    "anchored": ("anchored receptors", ""),
    "ppi": ("free PP1", " nM"),
    "psqi": ("PP1 sites taken", " %"),
    "pski": ("CaMKII sites taken", " %"),
}
"""What is read, in words and with its unit."""


def drift(found: Mapping[str, Any]) -> float:
    """Return what rest has moved the mean of anchored receptors by in the end (% of the start)."""
    return _of_start(found["protocols"]["rest"]["molecules"]) - 100


def apart(found: Mapping[str, Any]) -> float:
    """Return the last EPSP after 1 Hz less that of the equations (points)."""
    protocol = found["protocols"]["1 Hz"]
    return float(protocol["molecules"]["epsp"][-1] - protocol["equations"]["epsp"][-1])


def summary(found: Mapping[str, Any]) -> str:
    """Return whether the model stands being drawn."""
    rest, lfs = found["protocols"]["rest"], found["protocols"]["1 Hz"]
    taken = rest["molecules"]["psqi"]["mean"][-1]
    as_long = rest["times_min"].index(lfs["times_min"][-1])
    return (
        f"In {rest['spines']} heads of {rest['volume_um3']:g} um3, after "
        f"{rest['times_min'][-1] / 60:g} h at rest the mean of anchored receptors has moved by "
        f"{drift(found):+.1f} % ({DRIFT:g} % are allowed: {_verdict(abs(drift(found)), DRIFT)}), "
        f"and {taken:.0f} % of PP1's sites are taken, where the equations have "
        f"{rest['equations']['psqi']['mean'][-1]:.1f} %. After 1 Hz the EPSP is "
        f"{lfs['molecules']['epsp'][-1]:.0f} %, {apart(found):+.1f} points from the "
        f"{lfs['equations']['epsp'][-1]:.0f} % of the equations ({APART:g} are allowed: "
        f"{_verdict(abs(apart(found)), APART)}); in as long at rest anchored receptors come to "
        f"{_of_start(rest['molecules'], as_long):.0f} %."
    )


def _of_start(told: Mapping[str, Any], look: int = -1) -> float:
    """Return the mean of anchored receptors at the last look, or another (% of the first)."""
    mean = told["anchored"]["mean"]
    return float(100 * mean[look] / mean[0])


def _verdict(value: float, allowed: float) -> str:
    return "kept" if value <= allowed else "**missed**"


def table(found: Mapping[str, Any]) -> Rows:
    """Return the end of each protocol, by the equations and as molecules."""
    head = ("protocol", "after", "", "equations, mean (SD)", "molecules, mean (SD)", "CV")
    rows: Rows = [head]
    for name, protocol in found["protocols"].items():
        first = (f"**{name}**", f"{protocol['times_min'][-1]:.0f} min")
        both = protocol["equations"], protocol["molecules"]
        for k, (key, (title, unit)) in enumerate(READ.items()):
            lead = first if k == 0 else ("", "")
            cells = (_spread(each[key], unit) for each in both)
            rows.append((*lead, title, *cells, _variation(both[1][key])))
        relative = (f"{_of_start(each):.0f} %" for each in both)
        rows.append(("", "", "anchored, of the start", *relative, ""))
        rows.append(("", "", "EPSP", *(f"{each['epsp'][-1]:.0f} %" for each in both), ""))
    return rows


def _spread(told: Mapping[str, Any], unit: str) -> str:
    return f"{told['mean'][-1]:.1f}{unit} ({told['sd'][-1]:.1f})"


def _variation(told: Mapping[str, Any]) -> str:
    """Return the last coefficient of variation over spines, none where there is nothing."""
    mean, sd = told["mean"][-1], told["sd"][-1]
    return f"{sd / mean:.2f}" if mean else ""


def molecule(found: Mapping[str, Any]) -> str:
    """Return the concentration of one molecule in a head."""
    return f"{found['molecule_nM']:.0f} nM"


def larger(found: Mapping[str, Any]) -> Rows:
    """Return the end of rest in heads of any volume, and that of the equations."""
    usual = found["protocols"]["rest"]
    title, unit = READ["psqi"]
    rows: Rows = [("volume, um3", "heads", f"{title}, mean (SD)")]
    for each in (usual, *found["larger"]):
        told = _spread(each["molecules"]["psqi"], unit)
        rows.append((f"{each['volume_um3']:g}", str(each["spines"]), told))
    rows.append(("equations", "", f"{usual['equations']['psqi']['mean'][-1]:.1f}{unit}"))
    return rows


def often(found: Mapping[str, Any]) -> Rows:
    """Return how often the most frequent reactions happen, the most frequent one first."""
    protocols = found["protocols"]
    rows = [("per s and spine, over the protocol", *protocols)]
    counts = {
        reaction: [each["per_s"][reaction] for each in protocols.values()]
        for reaction in protocols["rest"]["per_s"]
    }
    for name in sorted(counts, key=lambda name: -max(counts[name]))[:FREQUENT]:
        rows.append((f"`{name}`", *(f"{count:.3g}" for count in counts[name])))
    totals = (f"{each['happened'] / 1e6:.0f} million" for each in protocols.values())
    rows.append(("all that were drawn", *totals))
    return rows
