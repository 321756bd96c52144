"""``python -m ca1ltd``: the command line."""

import sys

from ca1ltd.cli import main

if __name__ == "__main__":
    sys.exit(main())
