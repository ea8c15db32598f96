"""How long a stranger waits: `make run` and `make test` in a fresh clone with an empty home directory.

    .venv/bin/python bench/setup.py

The clock of `make run` stops when the page says it is healthy. Package downloads count, so the network counts.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from record import keep, table

from photos import FACES, ROOT

PORT = 8079


def main() -> int:
    """Measure, print, keep."""
    with tempfile.TemporaryDirectory() as name:
        clone = Path(name) / "main"
        home = Path(name) / "home"
        home.mkdir()
        (Path(name) / "shared").symlink_to(FACES.parent)
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], "WEB_LISTEN": f"127.0.0.1:{PORT}"}
        first, second = (run(clone, environment) for _ in range(2))
        began = time.monotonic()
        tested = subprocess.run(
            ["make", "test"], cwd=clone, env=environment, capture_output=True, text=True, check=False
        )
        test_s = time.monotonic() - began
    if tested.returncode:
        print(tested.stdout[-3000:], tested.stderr[-3000:], file=sys.stderr)
        return 1
    figures = {
        "make_run_first_s": round(first), "make_run_again_s": round(second, 1), "make_test_s": round(test_s),
        "tests": tested.stdout.splitlines()[-1].strip("= "),
    }  # fmt: skip
    keep("setup", figures)
    print(table(list(figures.items()), ("figure", "value")))
    return 0


def run(clone: Path, environment: dict[str, str]) -> float:
    """Seconds from `make run` to a healthy page."""
    began = time.monotonic()
    with subprocess.Popen(
        ["make", "run"], cwd=clone, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as made:  # fmt: skip
        while made.poll() is None:
            try:
                if httpx.get(f"http://127.0.0.1:{PORT}/healthz", trust_env=False).is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        seconds = time.monotonic() - began
        os.killpg(made.pid, signal.SIGTERM)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
