"""Spines as whole molecules beside the equations: what `calibration/molecules.py` found."""

from typing import Final

from ca1ltd.appraisal import molecules_shown as shown
from pages.source import Source, table

SOURCE: Final = Source(
    name="molecules",
    command="python -m calibration.molecules --drive drive.npz --results",
    views={
        "summary": shown.summary,
        "molecule": shown.molecule,
        "table": lambda found: table(shown.table(found)),
        "volumes": lambda found: table(shown.larger(found)),
        "reactions": lambda found: table(shown.often(found)),
    },
    files=(
        *("ca1ltd/appraisal/molecules.py", "calibration/drive.py"),
        *("ca1ltd/export/molecules", "ca1ltd/export/molecules/draw.cpp", "ca1ltd/export/replay"),
    ),
)
