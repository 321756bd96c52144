"""The model by every measure: published conditions, simple rules, numbers that move, molecules."""
