"""The figures, each a module of its name: its runs, and how it is drawn from them."""
