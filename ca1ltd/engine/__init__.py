"""All that runs in NEURON: the cell, the rig, the integrators, the simulation of a slice."""

import os

# without it every process that imports NEURON warns that there is no display
os.environ.setdefault("NEURON_MODULE_OPTIONS", "-nogui")
