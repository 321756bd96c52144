"""How the comparison of the rules with the model is shown, as rows of text and sentences."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from ca1ltd.literature.history import HISTORIES
from ca1ltd.literature.page import percent, with_counts
from ca1ltd.rules.score import ALL, MODEL
from ca1ltd.text import count

Compared = Mapping[str, Any]
"""What `compare` returns."""
Rows = list[tuple[str, ...]]
OURS: Final = "the model"


def directions(found: Compared) -> Rows:
    """Return how often each rule has the right direction where it says one, beside the model."""
    rows: Rows = [("", "seen by the fits", "rule", "the model on the same", "rule ahead by")]
    for rule in found["rules"].values():
        for name in (*HISTORIES, ALL):
            rows.append(
                (
                    rule["title"] if name == HISTORIES[0] else "",
                    name,
                    with_counts(rule["shares"][name]["direction"]),
                    percent(rule["model_on_the_same"][name]["direction"]),
                    _points(rule["ahead"][name]["direction"]),
                )
            )
    return rows


def common(found: Compared) -> Rows:
    """Return the shares on the conditions that every rule can express, with a heading."""
    rows: Rows = [("", *(f"direction, {name}" for name in (*HISTORIES, ALL)), "inside the band")]
    shown = {OURS: found["model"]["common"]}
    shown |= {rule["title"]: rule["common"] for rule in found["rules"].values()}
    shown["always no change"] = found["no_change"]["common"]
    for title, shares in shown.items():
        cells = (with_counts(shares[name]["direction"]) for name in (*HISTORIES, ALL))
        rows.append((title, *cells, with_counts(shares[ALL]["band"])))
    return rows


def parameters(found: Compared) -> Rows:
    """Return the fitted values of each rule beside the published ones, with a heading."""
    rows: Rows = [("rule", "parameter", "published", "fitted")]
    for rule in found["rules"].values():
        for name, value in rule["parameters"].items():
            rows.append((rule["title"], name, f"{rule['published'][name]:.4g}", f"{value:.4g}"))
    return rows


def mechanisms(found: Compared) -> Rows:
    """Return how many directions are right by what conditions are about, with a heading."""
    rules = found["rules"]
    rows: Rows = [("mechanism", OURS, *(rule["title"] for rule in rules.values()))]
    for mechanism in dict.fromkeys(row["mechanism"] for row in found["conditions"]):
        some = [row for row in found["conditions"] if row["mechanism"] == mechanism]
        rows.append((mechanism, *(_right(some, name) for name in (MODEL, *rules))))
    return rows


def _right(some: list[Compared], name: str) -> str:
    told = [row["outcomes"][name]["direction_right"] for row in some if name in row["outcomes"]]
    judged = [each for each in told if each is not None]
    return f"{sum(judged)} of {len(judged)}" if judged else ""


def conditions(found: Compared) -> Rows:
    """Return what the model and each rule make of each condition, with a heading."""
    names = (MODEL, *found["rules"])
    titles = (OURS, *(rule["title"] for rule in found["rules"].values()))
    rows: Rows = [("condition", "seen by the fits", "published", "band", *titles)]
    for row in found["conditions"]:
        band = "" if row["band_from"] is None else f"{row['band_from']:g} to {row['band_to']:g}"
        said = (_said(row["outcomes"].get(name)) for name in names)
        rows.append((row["id"], row["history"], " or ".join(row["published"]), band, *said))
    return rows


def _said(outcome: Compared | None) -> str:
    if outcome is None:
        return ""
    value = "" if outcome["value"] is None else f"{outcome['value']:.0f}"
    words = f"{value} {outcome['direction'] or ''}".strip()
    return f"**{words}**" if outcome["direction_right"] is False else words


def summary(found: Compared) -> str:
    """Return in a sentence or two whether a simple rule does as well on unseen conditions."""

    def well(rule: Compared) -> bool:
        own, same = (rule[key]["unseen"]["direction"] for key in ("shares", "model_on_the_same"))
        return own["weighted"] is not None and bool(own["weighted"] >= same["weighted"])

    def apart(rule: Compared) -> bool:
        interval = rule["ahead"]["unseen"]["direction"]["interval"]
        return interval is not None and (interval[0] > 0 or interval[1] < 0)

    rules = found["rules"].values()
    as_well = [rule["title"] for rule in rules if well(rule)]
    told = [rule["title"] for rule in rules if apart(rule)]
    first = (
        f"On conditions that the fits have not seen, a simple rule does as well as the chemistry: "
        f"{', '.join(as_well)}."
        if as_well
        else "On conditions that the fits have not seen, no rule does as well as the chemistry."
    )
    second = (
        f"The intervals tell apart from it {', '.join(told)}."
        if told
        else ("The intervals tell no rule apart from it there.")
    )
    return f"{first} {second}"


def verdict(found: Compared) -> list[str]:
    """Return in a sentence for each rule how it does beside the model on unseen conditions."""
    return [_verdict(rule) for rule in found["rules"].values()]


def _verdict(rule: Compared) -> str:
    share, same = (rule[key]["unseen"]["direction"] for key in ("shares", "model_on_the_same"))
    difference = rule["ahead"]["unseen"]["direction"]
    if difference["weighted"] is None:
        return f"{rule['title']} can express no condition that the fits have not seen."
    low, high = difference["interval"]
    word = "ahead of it" if low > 0 else "behind it" if high < 0 else "not told apart from it"
    return (
        f"{rule['title']}: of what it can express and the fits have not seen, the direction is "
        f"right in {with_counts(share)}; the model has {percent(same)} there, and the rule is "
        f"{word} ({_points(difference)})."
    )


def only(found: Compared) -> str:
    """Return in a sentence what no rule can express, and how the model does there."""
    reasons = Counter(
        next(iter(row["unexpressed"].values()))
        for row in found["conditions"]
        if len(row["unexpressed"]) == len(found["rules"])
    )
    words = ", ".join(f"in {number} {why}" for why, number in reasons.most_common())
    shares = found["model"]["only"]
    cells = ", ".join(
        f"{name} {with_counts(shares[name]['direction'])}"
        for name in HISTORIES
        if shares[name]["direction"]["weighted"] is not None
    )
    total = count(sum(reasons.values()), "condition")
    return f"No rule can express {total} of these: {words}. There the model is right in: {cells}."


def _points(share: Compared) -> str:
    """Return a difference of shares in points, with its interval."""
    if share["weighted"] is None:
        return ""
    low, high = share["interval"]
    return f"{100 * share['weighted']:+.0f} points ({100 * low:+.0f} to {100 * high:+.0f})"
