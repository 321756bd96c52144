"""Published experiments as data: what was found, what to run for it, and how the model does."""
