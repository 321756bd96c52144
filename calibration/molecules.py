"""The cascade drawn as molecules, driven by the calcium recorded for the calibration.

    python -m calibration.molecules --drive drive.npz            # some minutes on one core
    python -m calibration.molecules --drive drive.npz --results  # for docs/molecules.md

``ca1ltd experiment report`` does the same with the calcium of recorded runs.
"""

import argparse
from pathlib import Path
from typing import Any, Final

import numpy as np

from ca1ltd.appraisal.molecules import drawn
from ca1ltd.appraisal.molecules_shown import table
from ca1ltd.literature.page import table_of
from calibration.molecules_figure import save
from pages.molecules import SOURCE
from pages.pictures import FOLDER

DRIVES: Final = {"1 Hz": "pulse", "100 Hz": "hfs"}
"""The drive of each protocol, as `drive.py` names them."""


def measured(drive: Path, workers: int) -> dict[str, Any]:
    """Return all protocols, as JSON values."""
    with np.load(drive) as file:
        events = {protocol: file[name] for protocol, name in DRIVES.items()}
    return drawn(events, workers, {})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drive", type=Path, default=Path("drive.npz"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--results", action="store_true", help="leave the file for docs/")
    given = parser.parse_args()
    result = SOURCE.result(lambda: measured(given.drive, given.workers))
    print(table_of(table(result.found)))
    if given.results:
        print(result.write(SOURCE.name))
        save(result.found, FOLDER / "molecules.png")
