"""Published rules of plasticity beside the model: how often they are right, and what they give."""

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ca1ltd.errors import BadInput
from ca1ltd.figures.parts import style
from ca1ltd.jsontext import read_json
from ca1ltd.literature.judge import FALLS, RISES
from ca1ltd.literature.published import DIRECTIONS
from ca1ltd.text import count
from ca1ltd.writing import write_text

NAME: Final = "rules"
MODEL: Final = "model"
HISTORIES: Final = ("fitted", "near", "unseen")
Compared = Mapping[str, Any]
"""What ``ca1ltd experiment rules`` leaves as ``rules.json``."""
_COLOURS: Final = dict(zip(DIRECTIONS, (style.BLUE, style.GREY, style.VERMILION), strict=True))
_ENDS: Final = (40.0, 220.0)
"""Outcomes (per cent) beyond are drawn at the ends."""
_ROW: Final = 6.0


def load(folder: Path) -> Compared:
    """Return what a folder of runs holds of the comparison.

    Raises
    ------
    BadInput
        If there is none, or it cannot be read.
    """
    file = folder / f"{NAME}.json"
    try:
        found: Compared = read_json(file)
        draw(found)
    except FileNotFoundError:
        raise BadInput(
            f"{folder} holds no {file.name}: ca1ltd experiment rules --out {folder} makes it"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{file} cannot be used: {error}") from None
    return found


def save(found: Compared, folder: Path) -> tuple[Path, ...]:
    """Draw the figure; write it with its numbers and its caption, and return the files.

    Raises
    ------
    BadInput
        If the folder cannot be written.
    """
    try:
        pictures = style.write(draw(found), folder, NAME)
        table, words = (folder / f"{NAME}{end}" for end in (".json", ".txt"))
        content = {"figure": NAME, "caption": caption(found), "numbers": numbers(found)}
        write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", table)
        write_text(textwrap.fill(caption(found), 100) + "\n", words)
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror or error}") from None
    return (*pictures, table, words)


def draw(found: Compared) -> Figure:
    """Return the figure, 180 mm wide: shares above, outcomes of all conditions below."""
    rules = found["rules"]
    tall = _ROW * len(rules)
    with style.look():
        plate = style.Plate(width=180, height=tall + 88)
        for k, name in enumerate(HISTORIES):
            axes = plate.axes(44 + 46 * k, 10, 40, tall)
            _shares(axes, rules, name)
            if k == 0:
                axes.set_yticks(range(len(rules)), [each["title"] for each in rules.values()][::-1])
            axes.set_title(name, size=style.LARGE, weight="bold", pad=4)
        _key(plate.drawing(44, tall + 20, 132, 5))
        titles = {MODEL: "the model"} | {name: each["title"] for name, each in rules.items()}
        width = 166 / len(titles)
        for k, (name, title) in enumerate(titles.items()):
            axes = plate.axes(13 + width * k, tall + 37, width - 2, 44)
            _outcomes(axes, found["conditions"], name)
            axes.set_title(textwrap.fill(title, 16), size=style.TEXT, pad=3)
            if k:
                axes.set_yticklabels([])
            else:
                axes.set_ylabel("EPSP (% of what it is compared with)")
        plate.letter("A", 2, 2)
        plate.letter("B", 2, tall + 28)
    return plate.figure


def _shares(axes: Axes, rules: Mapping[str, Any], name: str) -> None:
    for place, rule in enumerate(list(rules.values())[::-1]):
        for shares, colour, face, shift in (
            (rule["shares"], style.VERMILION, style.VERMILION, 0.16),
            (rule["model_on_the_same"], style.INK, "white", -0.16),
        ):
            share = shares[name]["direction"]
            if share["weighted"] is None:
                continue
            ends = 100 * np.array(share["interval"])
            axes.plot(ends, [place + shift] * 2, color=colour, lw=1.0)
            axes.plot(100 * share["weighted"], place + shift, "o", ms=4.2, mfc=face, mec=colour)
    axes.set(xlim=(0, 100), ylim=(-0.6, len(rules) - 0.4), xticks=(0, 50, 100))
    axes.set_yticks(range(len(rules)), [""] * len(rules))
    axes.set_xlabel("direction right (%)")


def _key(axes: Axes) -> None:
    for x, colour, face, words in (
        (2, style.VERMILION, style.VERMILION, "rule, on the conditions that it can express"),
        (66, style.INK, "white", "the model, on the same"),
    ):
        axes.plot(x, 2, "o", ms=4.2, mfc=face, mec=colour)
        axes.text(x + 3, 2, words, size=style.SMALL, va="center")


def _outcomes(axes: Axes, conditions: list[Any], name: str) -> None:
    """Draw the outcome of each condition over its published direction, unseen ones filled."""
    axes.axhspan(FALLS, RISES, color="#F1F2F3", lw=0, zorder=0)
    for column, direction in enumerate(DIRECTIONS):
        rows = [
            row
            for row in conditions
            if row["published"][:1] == [direction] and _change(row, name) is not None
        ]
        spread = np.linspace(-0.3, 0.3, max(len(rows), 1))
        for place, row in zip(spread, sorted(rows, key=lambda row: row["id"]), strict=False):
            value = float(np.clip(_change(row, name), *_ENDS))  # type: ignore[arg-type]
            colour = _COLOURS[direction]
            face = colour if row["history"] == "unseen" else "white"
            axes.plot(column + place, value, "o", ms=2.6, mfc=face, mec=colour, mew=0.6)
    axes.set(xlim=(-0.6, 2.6), ylim=(_ENDS[0] - 4, _ENDS[1] + 4))
    axes.set_xticks(range(3), DIRECTIONS)
    axes.set_yticks((50, 100, 150, 200))


def _change(row: Any, name: str) -> float | None:
    outcome = row["outcomes"].get(name)
    change: float | None = None if outcome is None else outcome["change_percent"]
    return change


def caption(found: Compared) -> str:
    """Return the caption, with the numbers of the comparison."""
    slices = count(found["slices"], "slice")
    told = "; ".join(
        f"{each['title']} {_percent(each['shares'])} (model {_percent(each['model_on_the_same'])})"
        for each in found["rules"].values()
    )
    return (
        f"Published rules of plasticity, fitted to the conditions that the model was fitted to and "
        f"driven by calcium or potential of its own spines ({slices} of each condition). A, how "
        f"often the direction is right, with 90 % of the bootstrap over runs, on the conditions "
        f"that the rule can express; of unseen ones: {told}. B, the outcome of every condition, "
        f"over the published direction: between {FALLS:g} and {RISES:g} % (shaded) nothing has "
        f"changed; filled, unseen by the fits; what is beyond {_ENDS[0]:g} or {_ENDS[1]:g} % is at "
        f"the ends."
    )


def _percent(shares: Any) -> str:
    share = shares["unseen"]["direction"]["weighted"]
    return "none" if share is None else f"{share:.0%}"


def numbers(found: Compared) -> dict[str, float | None]:
    """Return the shares of right directions (0 to 1) that the figure shows."""
    return {
        f"{name}_{history}_{what}": rule[key][history]["direction"]["weighted"]
        for name, rule in found["rules"].items()
        for history in HISTORIES
        for what, key in (("rule", "shares"), ("model", "model_on_the_same"))
    }
