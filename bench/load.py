"""The whole bot under load: real process, real photos, share cards, the stand-in for Telegram on the same cores.

    .venv/bin/python bench/load.py [SECONDS]

Photos of 800 px, as Telegram sends them, from 120 people: 30 a second (Telegram's own limit), then one a second for the
time of a single answer on an idle bot, then as many as it can. An answer counts when its message has arrived.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from record import keep, table

from photos import FACES, ROOT, selfies

sys.path.insert(0, str(ROOT))

from faults import processes
from tests.support.bot_api.server import TOKEN

PHOTOS = 100
PEOPLE = 120
RATES = {"Telegram's limit": 30.0, "idle": 1.0, "more than it can": 60.0}


def main() -> int:
    """Measure, print, keep."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        photos = scratch / "photos"
        photos.mkdir()
        for number, photo in enumerate(selfies(PHOTOS)):
            (photos / f"{number}.jpg").write_bytes(photo)
        index = scratch / "index"
        command = [sys.executable, "build_index.py", "--photos", str(FACES / "gallery"), "--out", str(index)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        runs = {}
        for label, rate in RATES.items():
            runs[label] = play(scratch / label, photos, index, rate, seconds if rate == 30 else max(10, seconds // 3))
    rows = [(label, *(run[key] for key in SHOWN)) for label, run in runs.items()]
    keep("load", {"runs": runs, "seconds": seconds})
    print(table(rows, ("run", *SHOWN)))
    return 0


SHOWN = ("rate", "photos", "answered", "lost", "repeated", "answers_per_s", "p50_ms", "p95_ms", "p99_ms",
         "bot_cpu_ms", "workers_cpu_ms", "stand_in_cpu_ms", "bot_mb", "worker_mb")  # fmt: skip


def play(home: Path, photos: Path, index: Path, rate: float, seconds: int) -> dict[str, Any]:
    """One run of the bot against one load."""
    home.mkdir()
    command = [
        sys.executable, "-m", "tests.support.bot_api", "--photos", str(photos), "--rate", str(rate),
        "--seconds", str(seconds), "--users", str(PEOPLE), "--warm",
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as load:
        assert load.stdout is not None
        url = load.stdout.readline().strip()
        bot = start_bot(url, home, index)
        try:
            spent: dict[str, float] = {}
            while load.poll() is None:
                spent = usage(bot.pid) or spent
                time.sleep(0.2)
            told = json.loads(load.stdout.read().splitlines()[-1])
        finally:
            bot.terminate()
            bot.wait()
    latency = told["latency_ms"]
    answered = told["answered"] + PEOPLE  # each person's first photo, the one that brought the consent card, too
    return {
        "rate": rate, "photos": told["photos_sent"], "answered": told["answered"], "lost": told["lost"],
        "repeated": told["repeated"], "answers_per_s": told["answers_per_s"], "p50_ms": latency["p50"],
        "p95_ms": latency["p95"], "p99_ms": latency["p99"],
        "bot_cpu_ms": round(1000 * spent["bot_s"] / answered, 1),
        "workers_cpu_ms": round(1000 * spent["workers_s"] / answered, 1),
        "stand_in_cpu_ms": told["stand_in_cpu_ms_per_answer"],
        "bot_mb": spent["bot_mb"], "worker_mb": spent["worker_mb"],
    }  # fmt: skip


def start_bot(url: str, home: Path, index: Path) -> "subprocess.Popen[bytes]":
    """The bot as anybody would start it."""
    settings = {
        "PATH": os.defpath, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": url, "DATA_DIR": str(home / "data"),
        "INDEX_DIR": str(index), "PHOTOS_DIR": str(FACES / "gallery"), "WEB_LISTEN": "",
    }  # fmt: skip
    with (home / "bot.log").open("wb") as log:
        return subprocess.Popen([sys.executable, "bot.py"], cwd=ROOT, env=settings, stdout=log, stderr=log)


def usage(pid: int) -> dict[str, float]:
    """CPU seconds and resident megabytes of the bot and its workers; nothing if it has ended."""
    if not processes.is_running(pid):
        return {}
    workers = processes.descendants(pid)
    return {
        "bot_s": processes.cpu_s(pid), "bot_mb": round(processes.usage(pid).rss_mb),
        "workers_s": sum(map(processes.cpu_s, workers)),
        "worker_mb": round(max((processes.usage(one).rss_mb for one in workers), default=0.0)),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
