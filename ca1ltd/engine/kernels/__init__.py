"""States and currents of all instances of a mechanism at once: loops compiled from its mod file.

NEURON's translation of a mod file goes from instance to instance and calls a function for each
expression. The same equations in a loop without calls and branches are taken by the compiler
several instances at a time. Where a mod file has a TABLE, the function itself is computed.
"""
