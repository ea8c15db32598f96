"""The whole bot under load: real process, real photos, share cards, the stand-in for Telegram on the same cores.

    .venv/bin/python bench/load.py [SECONDS] [--presses]

Photos of 800 px, as Telegram sends them, from 120 people: 30 a second (Telegram's own limit), then one a second for the
time of a single answer on an idle bot, then as many as it can. With `--presses` one run alone: 20 photos a second and
another star asked for under every second answer, so that one in three of the 30 answers a second that Telegram allows
is to a press, and looks at its photo again; kept as load_presses.json. An answer counts when its message has arrived.
CPU time counts from the first photo that does, when everything is loaded and everybody has consented.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from record import keep, table

from photos import FACES, ROOT, selfies

sys.path.insert(0, str(ROOT))

from faults import processes
from tests.support.bot_api.server import TOKEN

PHOTOS = 100
PEOPLE = 120
PRESS_EVERY, PHOTOS_BESIDE_PRESSES = 2, 20.0  # a second
RATES = {"Telegram's limit": 30.0, "idle": 1.0, "more than it can": 60.0}


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="The whole bot under load.")
    parser.add_argument("seconds", nargs="?", type=int, default=60)
    parser.add_argument(
        "--presses", action="store_true", help="20 photos a second and a press under every second answer"
    )
    options = parser.parse_args()
    seconds: int = options.seconds
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        photos = write_photos(scratch)
        ours = MeasuredBot(ROOT, scratch / "index")
        if options.presses:
            label = "one press in three"
            runs = {label: play(ours, scratch / label, photos, PHOTOS_BESIDE_PRESSES, seconds, press_every=PRESS_EVERY)}
        else:
            runs = {
                label: play(ours, scratch / label, photos, rate, seconds if rate == 30 else max(10, seconds // 3))
                for label, rate in RATES.items()
            }
    shown = (*SHOWN, *PRESSES) if options.presses else SHOWN
    rows = [(label, *(run[key] for key in shown)) for label, run in runs.items()]
    keep("load_presses" if options.presses else "load", {"runs": runs, "seconds": seconds})
    print(table(rows, ("run", *shown)))
    return 0


def write_photos(scratch: Path) -> Path:
    """A folder of photos to send."""
    photos = scratch / "photos"
    photos.mkdir()
    for number, photo in enumerate(selfies(PHOTOS)):
        (photos / f"{number}.jpg").write_bytes(photo)
    return photos


class MeasuredBot:
    """The bot of one checkout, with an index that its own builder made."""

    def __init__(self, root: Path, index: Path) -> None:
        self.root, self.index, self.python = root, index, str(root / ".venv" / "bin" / "python")
        command = [self.python, "build_index.py", "--photos", str(FACES / "gallery"), "--out", str(index)]
        subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def commit(self) -> str:
        """The short hash of the commit."""
        command = ["git", "rev-parse", "--short", "HEAD"]
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout.strip()

    def start(self, url: str, home: Path) -> "subprocess.Popen[bytes]":
        """The bot as anybody would start it."""
        settings = {
            "PATH": os.defpath, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": url, "DATA_DIR": str(home / "data"),
            "INDEX_DIR": str(self.index), "PHOTOS_DIR": str(FACES / "gallery"), "WEB_LISTEN": "",
        }  # fmt: skip
        with (home / "bot.log").open("wb") as log:
            return subprocess.Popen([self.python, "bot.py"], cwd=self.root, env=settings, stdout=log, stderr=log)


SHOWN = ("rate", "photos", "answered", "lost", "repeated", "answers_per_s", "p50_ms", "p95_ms", "p99_ms",
         "bot_cpu_ms", "workers_cpu_ms", "stand_in_cpu_ms", "bot_mb", "worker_mb")  # fmt: skip


PRESSES = ("presses", "presses_lost", "presses_p95_ms")


def play(
    bot: MeasuredBot,
    home: Path,
    photos: Path,
    rate: float,
    seconds: int,
    on_start: Callable[[int], None] = lambda pid: None,
    press_every: int = 0,
) -> dict[str, Any]:
    """One run of the bot against one load; `on_start` gets the bot's process id when the clock starts."""
    home.mkdir()
    command = [
        sys.executable, "-m", "tests.support.bot_api", "--photos", str(photos), "--rate", str(rate),
        "--seconds", str(seconds), "--users", str(PEOPLE), "--warm", "--press", str(press_every),
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as load:
        assert load.stdout is not None
        url = load.stdout.readline().strip()
        process = bot.start(url, home)
        try:
            load.stdout.readline()  # everything is warm, and the clock starts
            before = spent = usage(process.pid)
            on_start(process.pid)
            while load.poll() is None:
                spent = usage(process.pid) or spent
                time.sleep(0.2)
            told = json.loads(load.stdout.read().splitlines()[-1])
        finally:
            process.terminate()
            process.wait()
    latency = told["latency_ms"]
    return {
        "rate": rate, "photos": told["photos_sent"], "answered": told["answered"], "lost": told["lost"],
        "repeated": told["repeated"], "answers_per_s": told["answers_per_s"], "p50_ms": latency["p50"],
        "p95_ms": latency["p95"], "p99_ms": latency["p99"],
        "bot_cpu_ms": round(1000 * (spent["bot_s"] - before["bot_s"]) / told["answered"], 1),
        "workers_cpu_ms": round(1000 * (spent["workers_s"] - before["workers_s"]) / told["answered"], 1),
        "stand_in_cpu_ms": told["stand_in_cpu_ms_per_answer"],
        "bot_mb": spent["bot_mb"], "worker_mb": spent["worker_mb"],
        **{key: told[key] for key in PRESSES},
    }  # fmt: skip


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
