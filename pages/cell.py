"""The cells beside recordings: our own measures, and HippoUnit's scores."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ca1ltd.jsontext import read_json
from pages.marks import PageError
from pages.result import ROOT, Parts
from pages.source import Given, Source, View, table

CELLS: Final = ("dhc", "c5038804")
FIGURE: Final = "cell-dhc.png"
#: Saray et al. 2021 and Tomko et al. 2021: mean |z| in each column of HippoUnit.
PUBLISHED: Final = (
    ("Golding 2001", "3.15", "", "100", "1.04", "2.90", "1.03"),
    ("Katz 2009", "3.95", "", "1.76", "0.91", "4.58", "0.87"),
    ("Migliore 2011", "1.24", "", "100", "2.33", "3.37", "1.25"),
    ("Bianchi 2012", "1.91", "", "0.92", "0.49", "11.5", "1.23"),
    ("Poirazi 2003", "2.89", "", "100", "3.78", "4.48", "0.83"),
    ("Migliore 2018", "1.36", "", "2.41", "2.48", "8.0", "1.82"),
    ("Tomko 2021 (reduced)", "1.39", "5.90", "1.76", "1.13", "1.98", "1.41"),
)
COLUMNS: Final = {
    "somatic": "somatic (patch)",
    "depolarisation_block": "depolarisation block",
    "psp_attenuation": "PSP attenuation",
    "back_propagation": "bAP",
    "oblique_integration": "oblique integration",
}


def validated(*options: str, figure: str) -> dict[str, Any]:
    """Return what `ca1ltd cell validate` says of each cell, and keep the picture of that name."""
    found = {}
    for cell in CELLS:
        with tempfile.TemporaryDirectory() as folder:
            words = ("cell", "validate", *options, "--cell", cell, "--json", "--out", folder)
            command = [sys.executable, "-m", "ca1ltd", *words]
            answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            if (Path(folder) / figure).exists():
                shutil.copy(Path(folder) / figure, ROOT / "docs" / "figures" / figure)
        found[cell] = json.loads(answer.stdout)
    return found


def collect(_: Given) -> dict[str, Any]:
    """Return each cell's measures beside recordings; some minutes. The picture is drawn, too."""
    return validated(figure=FIGURE)


def measures(found: Any) -> str:
    """Return every measure of both cells beside recordings, then the scores."""
    first = found[CELLS[0]]["measures"]
    rows = [("measure", *(f"`{cell}`" for cell in CELLS), "recordings", "unit", "z")]
    for name, measure in first.items():
        both = [found[cell]["measures"][name] for cell in CELLS]
        recordings = " or ".join(
            f"{kind['mean']:g} ± {kind['sd']:g}" for kind in measure["recordings"]
        )
        rows.append(
            (
                name.replace("_", " "),
                *(_value(each["value"], 3) for each in both),
                recordings,
                "" if measure["unit"] == "1" else measure["unit"],
                ", ".join(f"{each['z']:+.1f}" for each in both if each["z"] is not None),
            )
        )
    scores = [("mean of the sizes of z", *(f"`{cell}`" for cell in CELLS))]
    for group in found[CELLS[0]]["scores"]:
        each = (f"{found[cell]['scores'][group]:.2f}" for cell in CELLS)
        scores.append((group.replace("_", " "), *each))
    return f"{table(scores)}\n\n{table(rows)}"


def _value(value: float | None, digits: int) -> str:
    return "not shown" if value is None else f"{value:.{digits}g}"


def _of(cell: str, name: str, digits: int = 2) -> View:
    """Return the view of a measure, without its unit."""
    return lambda found: _value(found[cell]["measures"][name]["value"], digits)


def _profile(found: Any) -> str:
    places = ("100", "200", "300")
    measured = found["c5038804"]["measures"]
    values = [_value(measured[f"epsp_attenuation_{place}"]["value"], 2) for place in places]
    return f"{', '.join(values[:-1])} and {values[-1]}"


CELL: Final = Source(
    name="cell",
    cells=CELLS,
    files=("ca1ltd/validation/measures.py", "ca1ltd/validation/targets.toml"),
    collect=collect,
    views={
        "measures": measures,
        "trough": _of("dhc", "trough"),
        "time-to-peak": _of("dhc", "oblique_time_to_peak"),
        "time-constant": _of("dhc", "time_constant"),
        "resistance": _of("dhc", "input_resistance"),
        "attenuation": _profile,
    },
)


def hippounit_scores(given: Given) -> dict[str, Any]:
    """Return what HippoUnit has left of each cell.

    Raises
    ------
    PageError
        If it has left nothing of a cell.
    """
    folder = given.runs or Path("runs", "hippounit")
    found = {}
    for cell in CELLS:
        files = sorted(folder.glob(f"{cell}*/scores.json"), key=lambda file: file.stat().st_mtime)
        if not files:
            raise PageError(
                f"{folder} has no scores of {cell}: make hippounit, and the same with --cell {cell}"
            )
        found[cell] = read_json(files[-1])
    return found


def hippounit_made_with(found: Any) -> Mapping[str, Parts]:
    """Return the parts of the model that HippoUnit was run on."""
    return {cell: found[cell]["provenance"] for cell in CELLS}


def hippounit_table(found: Any) -> str:
    """Return ours beside published models."""
    names = ("model", "somatic (sharp)", *COLUMNS.values())
    rows = [names, *PUBLISHED]
    for cell in CELLS:
        scores = (found[cell]["scores"][key] for key in COLUMNS)
        written = ("none" if score is None else f"{score:.2f}" for score in scores)
        rows.append((f"ours, `{cell}`", "", *written))
    versions = found[CELLS[0]]["versions"]
    shown = "; ".join(
        f"`{cell}` shows {each['shown']:.0f} of {each['features']:.0f}, with a median |z| of "
        f"{each['median_z']:.2f} and {each['share_under_2']:.0%} of them under 2"
        for cell, each in ((cell, found[cell]["somatic_features"]) for cell in CELLS)
    )
    return (
        f"{table(rows)}\n\nOurs are by HippoUnit {versions['hippounit']}, eFEL {versions['efel']} "
        f"and NEURON {versions['neuron']}. HippoUnit leaves out features that a cell does not "
        f"show: {shown}."
    )


def _ratios(found: Any) -> str:
    ratio = {
        name: found["c5038804"]["scores"][key] / found["dhc"]["scores"][key]
        for key, name in COLUMNS.items()
    }
    return ", ".join(f"{name} {value:.2g}" for name, value in ratio.items())


HIPPOUNIT: Final = Source(
    name="hippounit",
    cells=CELLS,
    collect=hippounit_scores,
    made_with=hippounit_made_with,
    views={"table": hippounit_table, "ratios": _ratios},
)
