"""Where the CPU time of an answer goes: py-spy on the bot and on one of its workers, at Telegram's limit.

    .venv/bin/python bench/profiling.py [--against CHECKOUT]

py-spy samples both processes for SECONDS while they hold the interpreter (the bot) or run at all (the worker); a sample
counts for the innermost call that PLACES knows. The shares are laid out over the CPU milliseconds of an answer that the
same run measured. --against: the same for another commit, set up in its own checkout; before that both in turn, without
py-spy, PAIRS times.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from load import MeasuredBot, play, write_photos
from record import keep, table

from photos import ROOT

sys.path.insert(0, str(ROOT))

from faults import processes

SECONDS = 30
PAIRS = 3
SHOWN = ("bot_cpu_ms", "workers_cpu_ms", "p50_ms", "p95_ms", "answers_per_s", "lost")
SAMPLES_PER_S = 200
# By a part of a frame's text, function and file; the first that fits, from the innermost frame outwards. Bare names of
# files are those of commits before the rooms.
PLACES = {
    "bot": {
        "store: SQLite, encryption": ("lookalike/store/", "cryptography/", "database.py", "records.py", "vault.py"),
        "HTTP: aiohttp, sockets": ("aiohttp/", "httpx/", "httpcore/", "h11/", "yarl/", "anyio/", "transport.py"),
        "python-telegram-bot": ("telegram/",),
        "workers: frames and pipes": ("lookalike/workers/", "serving.py", "frames.py"),
        "gallery: matching": ("lookalike/gallery/", "gallery.py", "matcher.py", "search.py"),
        "our handlers and delivery": ("lookalike/telegram_bot/", "handlers.py", "intake.py", "sending.py", "asking.py"),
        "event loop and the rest": ("",),
    },
    "worker": {
        "embedding (ONNX Runtime)": (".embed", ".run (faces.py"),
        "detection: HOG scan": (".scan",),
        "detection: the rest": ("detection.py", "mmod_detector.py", ".detect"),
        "landmarks and chips": ("landmarks", "chips"),
        "decoding": ("decoding.py", "containers.py", "pictures.py", "ImageFile.load"),
        "drawing and encoding the card": ("faces/drawing/", "cards.py"),
        "quality of the face": ("quality.py",),
        "frames, sandbox and the rest": ("",),
    },
}
WAITING = ("receive (lookalike", "select (selectors", "_worker (concurrent", "_do_waitpid", "_next_batch")


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--against", type=Path, metavar="CHECKOUT")
    options = parser.parse_args()
    if not shutil.which("py-spy"):
        sys.exit("py-spy is not installed: pip install py-spy")
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        photos = write_photos(scratch)
        bots = [MeasuredBot(ROOT, scratch / "index")]
        if options.against:
            bots.insert(0, MeasuredBot(options.against.resolve(), scratch / "other"))
        pairs = in_turn(bots, scratch, photos)
        found = [profile(bot, scratch, photos) for bot in bots]
    rows = rows_of(found)
    keep("profiling", {"seconds": SECONDS, "pairs": pairs, "rows": rows})
    print(table([tuple(one.values()) for one in pairs], tuple(pairs[0])))
    print(table([tuple(row.values()) for row in rows], tuple(rows[0])))
    return 0


def in_turn(bots: list[MeasuredBot], scratch: Path, photos: Path) -> list[dict[str, Any]]:
    """Each bot at Telegram's limit, PAIRS times in turn: medians."""
    runs: dict[MeasuredBot, list[dict[str, Any]]] = {bot: [] for bot in bots}
    for pair in range(PAIRS):
        for bot, done in runs.items():
            done.append(play(bot, scratch / f"{bot.index.name}-{pair}", photos, 30.0, SECONDS))
    return [
        {"commit": bot.commit(), **{key: round(statistics.median(run[key] for run in done), 1) for key in SHOWN}}
        for bot, done in runs.items()
    ]


def rows_of(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Milliseconds by place, a column a commit."""
    rows = []
    for process, places in PLACES.items():
        rows.append({"CPU ms an answer": f"**{process}**"} | {one["commit"]: one[process]["cpu_ms"] for one in found})
        rows += [
            {"CPU ms an answer": place} | {one["commit"]: one[process]["places"][place] for one in found}
            for place in places
        ]
    return rows


def profile(bot: MeasuredBot, scratch: Path, photos: Path) -> dict[str, Any]:
    """CPU milliseconds by place in the bot and in its workers."""
    home = scratch / f"home-{bot.index.name}"
    spied: dict[str, Path] = {}

    def spy(pid: int) -> None:
        """Sample both processes, from the middle of the run."""
        time.sleep(5)
        workers = processes.descendants(pid)
        targets = {"bot": (pid, ["--gil"]), "worker": (workers[-1], [])}
        spies = []
        for name, (target, options) in targets.items():
            spied[name] = scratch / f"{bot.index.name}-{name}.txt"
            command = ["py-spy", "record", "--rate", str(SAMPLES_PER_S), "--duration", str(SECONDS - 10),
                       "--format", "raw", "--output", str(spied[name]), "--pid", str(target), *options]  # fmt: skip
            spies.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        for one in spies:
            one.wait()

    threads: list[threading.Thread] = []

    def started(pid: int) -> None:
        threads.append(threading.Thread(target=spy, args=(pid,)))
        threads[0].start()

    run = play(bot, home, photos, 30.0, SECONDS, started)
    threads[0].join()
    return {
        "commit": bot.commit(),
        "bot": {"cpu_ms": run["bot_cpu_ms"], "places": spread(spied["bot"], "bot", run["bot_cpu_ms"])},
        "worker": {"cpu_ms": run["workers_cpu_ms"], "places": spread(spied["worker"], "worker", run["workers_cpu_ms"])},
    }


def spread(samples: Path, process: str, cpu_ms: float) -> dict[str, float]:
    """`cpu_ms` laid out by the share of each place in the samples of py-spy's raw format."""
    counts: Counter[str] = Counter()
    for line in samples.read_text(encoding="utf-8").splitlines():
        stack, _, number = line.rpartition(" ")
        frames = stack.split(";")
        if not any(frames[-1].startswith(one) or f".{one}" in frames[-1] for one in WAITING):
            counts[place_of(frames, PLACES[process])] += int(number)
    total = max(1, counts.total())
    return {place: round(cpu_ms * counts[place] / total, 1) for place in PLACES[process]}


def place_of(frames: list[str], places: dict[str, tuple[str, ...]]) -> str:
    """The place of a stack, outermost frame first."""
    *known, rest = places
    for frame in reversed(frames):
        for place in known:
            if any(part in frame for part in places[place]):
                return place
    return rest


if __name__ == "__main__":
    sys.exit(main())
