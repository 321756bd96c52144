"""Running experiments: specifications, isolated slices in parallel, results that survive."""
