"""How good a cell is: measures one would take with a patch electrode, beside recordings."""
