"""The gallery: pictures of the figures, each with its command."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ca1ltd.figures import TITLES
from pages.marks import PageError
from pages.result import ROOT
from pages.source import Given, Source, table

FOLDER: Final = ROOT / "docs" / "figures"
#: Options of a picture that is not drawn with the default ones.
OPTIONS: Final = {"calcium-map": ("--quick",)}


def collect(given: Given) -> dict[str, str]:
    """Return a hash of each picture, after drawing all and taking them over."""
    out = given.runs or Path("figures")
    workers = () if given.workers is None else ("--workers", str(given.workers))
    for name in TITLES:
        words = ("figure", name, "--out", str(out), *OPTIONS.get(name, ()), *workers)
        subprocess.run([sys.executable, "-m", "ca1ltd", *words], check=True)
        shutil.copy(out / f"{name}.png", FOLDER)
    return hashes()


def hashes(folder: Path = FOLDER) -> dict[str, str]:
    """Return a hash of each picture of the gallery."""
    return {
        name: hashlib.sha256((folder / f"{name}.png").read_bytes()).hexdigest()[:16]
        for name in TITLES
    }


def gallery(found: Mapping[str, str], folder: Path = FOLDER) -> str:
    """Return the table of pictures.

    Raises
    ------
    PageError
        If a picture is missing or is not the one that was drawn.
    """
    rows = [("", "figure", "`ca1ltd figure`")]
    for name, title in TITLES.items():
        picture = folder / f"{name}.png"
        if not picture.exists():
            raise PageError(f"{picture} is missing")
        if hashlib.sha256(picture.read_bytes()).hexdigest()[:16] != found.get(name):
            raise PageError(
                f"{picture} is not the picture that docs/results/pictures.json tells of"
            )
        rows.append((f"![](figures/{name}.png)", title, f"`{name}`"))
    words = "; ".join(f"`{name}` with {' '.join(given)}" for name, given in OPTIONS.items())
    return f"{table(rows)}\n\nDrawn by the command of each, {words}."


SOURCE: Final = Source(name="pictures", collect=collect, views={"gallery": gallery})
