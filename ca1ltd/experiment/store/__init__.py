"""What runs and sweeps leave in folders, written whole or not at all, and how it is read."""
