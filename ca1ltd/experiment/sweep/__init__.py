"""Many runs: grids of values, rows of a file, and the table of what came out."""
