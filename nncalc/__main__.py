"""`python -m nncalc` is the command `nncalc`."""

import sys

from nncalc.cli import main

if __name__ == "__main__":
    sys.exit(main())
