"""What a build costs when nearly everything is known: the whole command after ten of 100,000 people have changed.

    .venv/bin/python bench/rebuilding.py [PEOPLE ...]

Makes a photos directory and a catalogue of synthetic people (bench/vectors.py), four tiny files each, with the
embeddings of an earlier build beside the index; then runs build_index.py three times: from nothing but embeddings, with
nothing changed, and with ten people's photos replaced. It needs some minutes, and 4 GB of disk for 100,000 people.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from record import Figures, keep, table
from vectors import Floats, Population

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lookalike.faces.types import MEASURES, MeasuredFace  # noqa: E402
from lookalike.indexing.embedding_cache import EmbeddingCache  # noqa: E402 - the project is found by the line above

PEOPLE = (10_000, 100_000)
PHOTOS_EACH = 4
CHANGED = 10
# A photo that passes every gate, as the astronaut of scikit-image does.
GOOD = {"faces": 1, "eyes_px": 60.0, "tilt_deg": 1.0, "turn": 0.1, "sharpness": 0.5, "contrast": 40.0, "roughness": 0.5}

# Runs build_index.py in this process; prints processor seconds and the peak memory of the builder without its workers.
MEASURED = """
import runpy, sys, time
try:
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
    print("cpu_s=" + str(round(time.process_time(), 2)), "peak_kb=" + status["VmHWM"].split()[0])
"""


def main() -> int:
    """Measure, print, keep."""
    sizes = tuple(map(int, sys.argv[1:])) or PEOPLE
    figures: Figures = {"photos_each": PHOTOS_EACH, "changed": CHANGED, "runs": []}
    for people in sizes:
        with tempfile.TemporaryDirectory(prefix="rebuilding") as name:
            figures["runs"] += measure(Path(name), people)
    keep("rebuilding", figures)
    rows = [(run["people"], run["run"], *run["seconds"].values(), run["mb"]) for run in figures["runs"]]
    print(table(rows, ("people", "run", "s", "CPU s", "MB")))
    return 0


def measure(home: Path, people: int) -> list[dict[str, Any]]:
    """Three runs over so many people."""
    (home / "photos").mkdir()
    vectors = Population.fit().celebrities(people + CHANGED, seed=1)
    write_people(home, range(people))
    with EmbeddingCache(home / "index.embeddings") as cache:
        fill(cache, vectors)
    (home / "people.jsonl").write_text("".join(line(number) for number in range(people)), encoding="utf-8")
    runs = [build(home, people, "from embeddings"), build(home, people, "nothing changed")]
    write_people(home, range(people, people + CHANGED), replaced=True)
    return [*runs, build(home, people, f"{CHANGED} people changed")]


def photo(number: int, copy: int) -> bytes:
    """The content of a photo file: nobody reads more than its SHA-1."""
    return f"photo {copy} of person {number}".encode()


def write_people(home: Path, numbers: range, replaced: bool = False) -> None:
    """The photo files of people, or of those who take the first places; an hour old, so that they are trusted."""
    hour_ago = time.time() - 3600
    for place, number in enumerate(numbers):
        folder = home / "photos" / f"Q{place if replaced else number}"
        folder.mkdir(exist_ok=True)
        for copy in range(PHOTOS_EACH):
            file = folder / f"{copy}.jpg"
            file.write_bytes(photo(number, copy))
            os.utime(file, (hour_ago, hour_ago))


def fill(cache: EmbeddingCache, vectors: Floats) -> None:
    """Keep portraits of all photos, as if an earlier build had seen them."""
    spread = Population.fit().photo_spread
    random = np.random.default_rng(2)
    measures: dict[str, Any] = {name: GOOD.get(name, 0.0) for name in MEASURES}
    for number, vector in enumerate(vectors):
        noise = random.standard_normal((PHOTOS_EACH, len(vector))) @ spread
        for copy, embedding in enumerate((vector + noise).astype(np.float32)):
            sha1 = hashlib.sha1(photo(number, copy), usedforsecurity=False).digest()
            cache.keep(sha1, MeasuredFace(embedding, (0, 0, 1, 1), (0.0, 0.0, 1.0, 0.0), **measures))


def line(number: int) -> str:
    """A catalogue line as collect_photos.py writes it."""
    photos = [
        {
            "file": f"Q{number}/{copy}.jpg", "author": "Somebody", "license": "CC BY-SA 4.0",
            "license_url": "https://creativecommons.org/licenses/by-sa/4.0/",
            "source_url": f"https://commons.wikimedia.org/wiki/File:Person_{number}_{copy}.jpg",
            "sha1": hashlib.sha1(photo(number, copy), usedforsecurity=False).hexdigest(),
        }
        for copy in range(PHOTOS_EACH)
    ]  # fmt: skip
    entry = {
        "id": f"Q{number}", "name": {"en": f"Person {number}", "ru": f"Человек {number}"},
        "description": {"en": "who does not exist", "ru": "которого нет"},
        "url": f"https://en.wikipedia.org/wiki/Person_{number}", "roles": ["actor"], "gender": "female",
        "country": "Nowhere", "born": f"{1920 + number % 90}-01-01", "fame": number % 200, "photos": photos,
    }  # fmt: skip
    return json.dumps(entry, ensure_ascii=False) + "\n"


def build(home: Path, people: int, run: str) -> dict[str, Any]:
    """One run of the command: its seconds, and the largest memory of the builder."""
    arguments = ["--photos", "photos", "--catalog", "people.jsonl", "--out", "index", "--workers", "1"]
    command = [sys.executable, "-c", MEASURED, str(ROOT / "build_index.py"), *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    began = time.monotonic()
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=True)
    seconds = {"all": round(time.monotonic() - began, 2)}
    measured = re.search(r"cpu_s=([\d.]+) peak_kb=(\d+)", done.stdout)
    assert measured
    seconds["CPU"] = float(measured[1])
    return {"people": people, "run": run, "mb": round(int(measured[2]) / 1000), "seconds": seconds}


if __name__ == "__main__":
    sys.exit(main())
