"""Draw an SBML file by RoadRunner, in a process of its own: beside NEURON it crashes.

``roadrunner_draws.py MODEL RESULT``: the file RESULT (npz) holds the species (``selection``), the
time ``until`` (ms), how many times to draw (``number``), and gets the last amount of each in
``drawn``.
"""

import sys

import numpy as np
import roadrunner


def main(model: str, result: str) -> None:
    asked = np.load(result)
    runner = roadrunner.RoadRunner(model)
    runner.setIntegrator("gillespie")
    runner.integrator.seed = 1
    runner.integrator.variable_step_size = False
    selection = str(asked["selection"])
    runner.timeCourseSelections = [selection]
    drawn = []
    for _ in range(int(asked["number"])):
        runner.reset()
        drawn.append(float(runner.simulate(0, float(asked["until"]), 2)[-1, 0]))
    np.savez(result, **asked, drawn=np.array(drawn))


if __name__ == "__main__":
    main(*sys.argv[1:])
