"""The model in languages that other simulators read."""
