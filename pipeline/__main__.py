"""``python -m pipeline``: the command ``claimwire``."""

import sys

from pipeline.cli import main

sys.exit(main())
