"""The command line with slices that are not simulated, for tests."""

import functools
import sys

import ca1ltd.cli.run
from ca1ltd import build
from ca1ltd.cli import main

build.build = lambda **_: None
ca1ltd.cli.run.run_experiment = functools.partial(
    ca1ltd.cli.run.run_experiment, function="fake_slice:run_slice"
)
sys.exit(main())
