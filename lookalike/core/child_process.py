"""How this project starts a Python process of its own: by module, from this checkout, with none of our environment."""

import os
import sys

from lookalike.core.paths import ROOT

RUN_MODULE = (sys.executable, "-P", "-m")  # -P: the working directory is not searched for modules


def child_environment() -> dict[str, str]:
    """The environment of a child: no token, no setting; one thread for each library."""
    return {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
