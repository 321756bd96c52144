"""The numbers on the pages: taken from files that runs leave, and written by commands.

A page, README.md or a file of `docs/`, has marked blocks and marked numbers. What stands in them
comes from `docs/results/NAME.json`, which holds what was run, what came out, and the model that it
was made with. ``python -m pages`` writes it there and says under each block with which model it was
made; ``--check`` compares instead; ``collect NAME`` makes the results again.
"""
