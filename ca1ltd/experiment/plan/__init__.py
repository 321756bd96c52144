"""What an experiment will cost, and what it can show, before it is run."""
