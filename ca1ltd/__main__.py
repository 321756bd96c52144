"""``python -m ca1ltd``: the command line."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder where the command is given: whatever lies there is not ours
    from ca1ltd.cli import main

    sys.exit(main())
