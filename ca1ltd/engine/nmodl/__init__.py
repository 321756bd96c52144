"""Mod files read as syntax trees: quantities, couplings and equations as plain values."""
