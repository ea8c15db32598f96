"""Faults and attacks against the real bot process: `python -m faults`.

In reading order:

* `rig.py`: a bot under test, its users, the invariants, a row of the table
* `ledger.py`: which photos were sent and how each was answered
* `materials.py`: photos to send, an index to match them with
* `processes.py`: processes as /proc shows them
* `store_rows.py`: rows in the store of a running bot
* `proxy.py`: the proxy before MongoDB
* `corpus.py`, `index_damage.py`, `log_forging.py`: hostile pictures, damaged indexes, log lines with secrets
* `store_process.py`, `index_loader.py`: parts of the bot as processes of their own, to be killed
* `scenarios/`, `attacks/`: what is done, a module for each subject
* `__main__.py`: runs them and prints the table
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "bench"))  # record.py, which keeps results
