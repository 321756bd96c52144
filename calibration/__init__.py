"""How the parameters of the model were found: scripts, in the order of `docs/calibration.md`."""
