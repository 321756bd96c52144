"""What the targets hold of the fitted parameters: an approximate posterior.

    python -m calibration.posterior --drive drive.npz            # some minutes
    python -m calibration.posterior --drive drive.npz --results  # for docs/robustness.md

Around the parameters of the mod files each target's miss, in units of what is allowed, is taken as
a straight line in the logarithms of the parameters and as normal with a standard deviation of 1;
before the targets, a parameter is known to a factor of e (standard deviation 1 of its logarithm).
The posterior is then normal as well (Laplace). Slopes are by finite differences.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ca1ltd.model import parameters
from calibration.cascade import FITTED, SCORED, SPINES, load, missed, present
from pages.posterior import SOURCE, laplace

STEP = 0.02
"""Of a logarithm, both ways."""


def slopes(drive: Path, workers: int) -> np.ndarray:
    """Return the slope of each miss in the logarithm of each parameter."""
    here = present({})
    points = [here + sign * STEP * each for each in np.eye(len(FITTED)) for sign in (1, -1)]
    with ProcessPoolExecutor(workers, initializer=load, initargs=(drive, SPINES)) as pool:
        found = np.array(list(pool.map(missed, points)))
    return np.asarray((found[::2] - found[1::2]).T / (2 * STEP))


def measured(drive: Path, workers: int) -> dict[str, Any]:
    """Return the posterior, as JSON values."""
    held = laplace(slopes(drive, workers))
    return {
        "targets": len(SCORED),
        "held": held.held,
        "parameters": [
            {
                "parameter": key,
                "value": parameters.table()[key].value,
                "sd": float(sd),
                "goes_with": [
                    {"parameter": other, "correlation": float(held.correlation[k, j])}
                    for j, other in enumerate(FITTED)
                    if j != k
                ],
            }
            for k, (key, sd) in enumerate(zip(FITTED, held.sd, strict=True))
        ],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drive", type=Path, default=Path("drive.npz"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--results", action="store_true", help="leave the file for docs/")
    given = parser.parse_args()
    result = SOURCE.result(partial(measured, given.drive, given.workers))
    print(SOURCE.views["table"](result.found))
    if given.results:
        print(result.write(SOURCE.name))
