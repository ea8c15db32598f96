"""The whole list of faults, played at the real bot process: `python -m faults`."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "bench"))  # the keeper of results
