"""What a build costs when nearly everything is known: the whole command after ten of 100,000 people have changed.

    .venv/bin/python bench/rebuilding.py [PEOPLE ...]

Makes a photos directory and a catalogue of people who do not exist (bench/vectors.py), four tiny files each, with the
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

from lookalike.faces.types import MeasuredFace  # noqa: E402
from lookalike.indexing.embed_photos import MEASURES, EmbeddingStore  # noqa: E402 - the project is found by the line above

PEOPLE = (10_000, 100_000)
PHOTOS_EACH = 4
CHANGED = 10
# A photo that passes every gate, as the astronaut of scikit-image does.
GOOD = {"faces": 1, "eyes_px": 60.0, "tilt_deg": 1.0, "turn": 0.1, "sharpness": 0.5, "contrast": 40.0, "roughness": 0.5}

# Runs build_index.py in this process and prints the seconds of each stage and of the whole.
STAGES = """
import json, sys, time
import build_index
seconds = {}
def timed(module, name):
    really = getattr(module, name)
    def call(*arguments, **options):
        began = time.monotonic()
        try:
            return really(*arguments, **options)
        finally:
            seconds[name] = seconds.get(name, 0) + time.monotonic() - began
    setattr(module, name, call)
for name in ("celebrities_to_build", "write_index", "read_arrays", "write_report", "replace_directory"):
    timed(build_index, name)
timed(build_index.asyncio, "run")
timed(build_index.suspects, "find")
really_to_people = build_index.to_people
def to_people(*arguments):  # a generator: write_index waits for each
    people = really_to_people(*arguments)
    while True:
        began = time.monotonic()
        person = next(people, people)
        seconds["to_people"] = seconds.get("to_people", 0) + time.monotonic() - began
        if person is people:
            return
        yield person
build_index.to_people = to_people
began = time.monotonic()
status = build_index.main(sys.argv[1:])
seconds["write_index"] -= seconds["to_people"]
seconds["all"] = time.monotonic() - began
seconds["CPU"] = time.process_time()
status_lines = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
print("peak_kb=" + status_lines["VmHWM"].split()[0])
print("stages=" + json.dumps({name: round(value, 2) for name, value in seconds.items()}))
sys.exit(status)
"""


def main() -> int:
    """Measure, print, keep."""
    sizes = tuple(map(int, sys.argv[1:])) or PEOPLE
    figures: Figures = {"photos_each": PHOTOS_EACH, "changed": CHANGED, "runs": []}
    for people in sizes:
        with tempfile.TemporaryDirectory(prefix="rebuilding") as name:
            figures["runs"] += measure(Path(name), people)
    keep("rebuilding", figures)
    stages = list(figures["runs"][0]["seconds"])
    rows = [(stage, *(run["seconds"].get(stage, "–") for run in figures["runs"])) for stage in stages]
    rows.append(("MB", *(run["mb"] for run in figures["runs"])))
    print(table(rows, ("seconds", *(f"{run['people']}: {run['run']}" for run in figures["runs"]))))
    return 0


def measure(house: Path, people: int) -> list[dict[str, Any]]:
    """Three runs over so many people."""
    (house / "photos").mkdir()
    vectors = Population.fit().celebrities(people + CHANGED, seed=1)
    write_people(house, range(people))
    with EmbeddingStore(house / "index.embeddings") as store:
        fill(store, vectors)
    (house / "people.jsonl").write_text("".join(line(number) for number in range(people)), encoding="utf-8")
    runs = [build(house, people, "from embeddings"), build(house, people, "nothing changed")]
    write_people(house, range(people, people + CHANGED), replaced=True)
    return [*runs, build(house, people, f"{CHANGED} people changed")]


def photo(number: int, copy: int) -> bytes:
    """The content of a photo file: nobody reads more than its SHA-1."""
    return f"photo {copy} of person {number}".encode()


def write_people(house: Path, numbers: range, replaced: bool = False) -> None:
    """The photo files of people, or of those who take the first places; an hour old, so that they are trusted."""
    hour_ago = time.time() - 3600
    for place, number in enumerate(numbers):
        folder = house / "photos" / f"Q{place if replaced else number}"
        folder.mkdir(exist_ok=True)
        for copy in range(PHOTOS_EACH):
            file = folder / f"{copy}.jpg"
            file.write_bytes(photo(number, copy))
            os.utime(file, (hour_ago, hour_ago))


def fill(store: EmbeddingStore, vectors: Floats) -> None:
    """Keep portraits of all photos, as if an earlier build had seen them."""
    spread = Population.fit().photo_spread
    random = np.random.default_rng(2)
    measures: dict[str, Any] = {one.name: GOOD.get(one.name, 0.0) for one in MEASURES}
    for number, vector in enumerate(vectors):
        noise = random.standard_normal((PHOTOS_EACH, len(vector))) @ spread
        for copy, embedding in enumerate((vector + noise).astype(np.float32)):
            sha1 = hashlib.sha1(photo(number, copy), usedforsecurity=False).digest()
            store.keep(sha1, MeasuredFace(embedding, **measures))


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


def build(house: Path, people: int, run: str) -> dict[str, Any]:
    """One run of the command: seconds of each stage, and the largest memory of the builder."""
    arguments = ["--photos", "photos", "--catalog", "people.jsonl", "--out", "index", "--workers", "1"]
    command = [sys.executable, "-c", STAGES, *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=True)
    peak = re.search(r"peak_kb=(\d+)", done.stdout)
    stages = re.search(r"stages=(.*)", done.stdout)
    assert peak
    assert stages
    return {"people": people, "run": run, "mb": round(int(peak[1]) / 1000), "seconds": json.loads(stages[1])}


if __name__ == "__main__":
    sys.exit(main())
