"""How long a start takes and what memory it needs, with the starter gallery; and how fast a gallery is built.

.venv/bin/python bench/starting.py
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from load import usage
from record import Figures, keep, table

from photos import FACES, ROOT

STARTS = 5
BUILDS = (250, 1000, 2467)  # photos: memory must not grow with them


def main() -> int:
    """Measure, print, keep."""
    starts = [start() for _ in range(STARTS)]
    builds = [build(count) for count in BUILDS]
    figures: Figures = {
        "ready_s": round(median(one["ready_s"] for one in starts), 2),
        "bot_mb": median(one["bot_mb"] for one in starts),
        "worker_mb": median(one["worker_mb"] for one in starts),
        "builds": builds,
    }
    keep("starting", figures)
    print(table([(key, figures[key]) for key in ("ready_s", "bot_mb", "worker_mb")], ("start", "median")))
    print(table([tuple(one.values()) for one in builds], tuple(builds[0])))
    return 0


def start() -> dict[str, float]:
    """Start the bot without a token, and wait for its line that says ready."""
    settings = {"PATH": os.defpath, "INDEX_DIR": str(ROOT / "assets" / "starter"), "WEB_LISTEN": "127.0.0.1:0"}
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "bot.py"], cwd=ROOT, env=settings, stderr=subprocess.PIPE, text=True
    ) as bot:  # fmt: skip
        assert bot.stderr is not None
        for line in bot.stderr:
            if "ready:" in line:
                break
        ready_s = time.monotonic() - began
        used = usage(bot.pid)
        bot.terminate()
    return {"ready_s": ready_s, "bot_mb": used["bot_mb"], "worker_mb": used["worker_mb"]}


def build(photos: int) -> dict[str, float]:
    """Build an index of so many photos from nothing; photos a second and core, and the memory of the builder itself."""
    with tempfile.TemporaryDirectory() as name:
        chosen = Path(name) / "photos"
        for file in sorted((FACES / "gallery").rglob("*.jpg"))[:photos]:
            link = chosen / file.relative_to(FACES / "gallery")
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)
        command = [sys.executable, "build_index.py", "--photos", str(chosen), "--out", str(Path(name) / "index")]
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        began = time.monotonic()
        watched = [sys.executable, "-c", WATCH, *command]
        done = subprocess.run(watched, cwd=ROOT, capture_output=True, text=True, check=True)
        seconds = time.monotonic() - began
        cpu_s = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    peak = re.search(r"peak_kb=(\d+)", done.stdout)
    cores = len(os.sched_getaffinity(0))
    return {
        "photos": photos,
        "seconds": round(seconds, 1),
        "photos_per_s_and_core": round(photos / seconds / cores, 1),
        "cpu_ms_a_photo": round(1000 * cpu_s / photos, 1),
        "builder_mb": round(int(peak[1]) / 1000) if peak else 0,
    }


# Runs a command and prints the largest resident size of it alone, without its workers'.
WATCH = """
import subprocess, sys, time
done = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
peak = 0
while done.poll() is None:
    try:
        lines = open(f"/proc/{done.pid}/status").read().splitlines()
        peak = max([peak, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))])
    except OSError:
        pass
    time.sleep(0.05)
print(f"peak_kb={peak}")
sys.exit(done.returncode)
"""


if __name__ == "__main__":
    sys.exit(main())
