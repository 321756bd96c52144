"""A reconstruction: from the file of a tracing program to the points of one upright cell.

``swc`` and ``neurolucida`` read files, ``mending`` makes one tree of typed points out of what they
hold, ``upright`` turns it, ``plausible`` says what a CA1 cell would not have, and ``reading`` does
all of it in order. Whatever is changed or doubted on the way is said in a notice.
"""
