"""What the targets hold of the fitted parameters: what `calibration/posterior.py` found."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pages.source import Source, table

Floats = npt.NDArray[np.float64]

IDENTIFIED: Final = 0.5
UNDECIDED: Final = 0.9
"""Standard deviations of a logarithm, 1 before the targets: below, above."""
TOGETHER: Final = 0.7
"""Parameters whose logarithms correlate by as much or more go together."""


@dataclass(frozen=True)
class Posterior:
    """A normal posterior of logarithms.

    Attributes
    ----------
    sd : ndarray
        Standard deviation of each.
    correlation : ndarray
        Of each with each.
    held : float
        How many parameters the targets hold, in all.
    """

    sd: Floats
    correlation: Floats
    held: float


def laplace(slopes: Floats) -> Posterior:
    """Return the posterior of straight misses of standard deviation 1, and a prior of 1.

    Parameters
    ----------
    slopes : ndarray
        Of each miss in each parameter, shape ``(n_targets, n_parameters)``.
    """
    information = slopes.T @ slopes
    covariance = np.linalg.inv(information + np.eye(len(information)))
    sd = np.sqrt(np.diag(covariance))
    return Posterior(
        sd=sd,
        correlation=covariance / np.outer(sd, sd),
        held=float(np.trace(information @ covariance)),
    )


def shown(found: Any) -> str:
    """Return how far each parameter is held, and what it goes with."""
    rows = [("parameter", "value", "known to a factor of", "goes with")]
    for row in sorted(found["parameters"], key=lambda row: row["sd"]):
        others = sorted(row["goes_with"], key=lambda each: -abs(each["correlation"]))
        together = [
            f"`{each['parameter']}` ({each['correlation']:+.2f})"
            for each in others
            if abs(each["correlation"]) >= TOGETHER
        ]
        factor = f"{np.exp(row['sd']):.2f}"
        rows.append((f"`{row['parameter']}`", f"{row['value']:.3g}", factor, ", ".join(together)))
    return table(rows)


def summary(found: Any) -> str:
    """Return how many parameters are held, and how many nothing decides."""
    every = [row["sd"] for row in found["parameters"]]
    identified = sum(sd < IDENTIFIED for sd in every)
    undecided = sum(sd > UNDECIDED for sd in every)
    near, far = np.exp(IDENTIFIED), np.exp(UNDECIDED)
    return (
        f"The {found['targets']} targets hold {found['held']:.0f} of {len(every)} fitted "
        f"parameters in all: {identified} are identified (known to a factor below {near:.2f}), and "
        f"{undecided} are decided by nothing (a factor above {far:.2f}, where {math.e:.2f} is what "
        "is assumed beforehand)."
    )


SOURCE: Final = Source(
    name="posterior",
    command="python -m calibration.posterior --drive drive.npz --results",
    views={"summary": summary, "table": shown},
    files=("calibration/posterior.py", "calibration/targets.py", "ca1ltd/export/replay"),
)
