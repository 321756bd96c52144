"""The command line with slices that are not simulated, for tests."""

import functools
import sys

import ca1ltd.cli.experiment
import ca1ltd.experiment.run
import ca1ltd.experiment.sweep.sweep
from ca1ltd import build, cli


def main():
    build.build = lambda **_: None
    for module, name in (
        (ca1ltd.experiment.run, "run_experiment"),
        (ca1ltd.experiment.sweep.sweep, "sweep"),
        (ca1ltd.cli.experiment, "run_missing"),
    ):
        faked = functools.partial(getattr(module, name), function="fake_slice:run_slice")
        setattr(module, name, faked)
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
