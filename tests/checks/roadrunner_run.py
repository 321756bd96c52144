"""Simulate an SBML file by RoadRunner, in a process of its own: beside NEURON it crashes.

``roadrunner_run.py MODEL RESULT``: the file RESULT (npz) holds the ``times`` (ms) and the
``selections`` asked for, and gets their ``values`` of shape ``(n_times, n_selections)``.
"""

import sys

import numpy as np
import roadrunner


def main(model: str, result: str) -> None:
    asked = np.load(result)
    runner = roadrunner.RoadRunner(model)
    runner.integrator.relative_tolerance = 1e-10
    runner.integrator.absolute_tolerance = 1e-16
    runner.integrator.maximum_num_steps = 10**6
    runner.timeCourseSelections = asked["selections"].tolist()
    values = runner.simulate(times=asked["times"].tolist())
    np.savez(result, **asked, values=np.asarray(values))


if __name__ == "__main__":
    main(*sys.argv[1:])
