"""The two commands of `make gallery` together: from Wikidata to an index."""

import asyncio
import subprocess
import sys
from pathlib import Path

from lookalike.core.paths import ROOT
from lookalike.gallery.gallery import Gallery
from tests.support.wikimedia.collect_runner import CollectRunner
from tests.support.wikimedia.data import WikimediaData
from tests.support.wikimedia.server import WikimediaStandIn


def test_make_gallery_collects_and_then_builds() -> None:
    done = subprocess.run(
        ["make", "-n", "gallery", "COLLECT=--limit 500"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    commands = done.stdout.replace("\\\n", " ").splitlines()
    (collect,) = (n for n, line in enumerate(commands) if "collect_photos.py" in line)
    (build,) = (n for n, line in enumerate(commands) if "build_index.py" in line and "assets/index" in line)

    assert collect < build
    assert commands[collect].endswith("--limit 500 || [ $? -eq 3 ]")  # 3: usable, although a server went away
    for option in ("--photos photos", "--catalog photos/celebrities.jsonl", "--deny assets/deny.txt"):
        assert option in " ".join(commands[collect].split())
        assert option in " ".join(commands[build].split())


async def test_from_wikidata_to_an_index_of_real_faces(shared_faces: Path, models: Path, tmp_path: Path) -> None:
    names = ["Adrien_Brody", "Amelie_Mauresmo", "Angelina_Jolie"]
    data = WikimediaData()
    for number, name in enumerate(names):
        photos = [path.read_bytes() for path in sorted((shared_faces / "gallery" / name).iterdir())[:3]]
        data.add(name.replace("_", " "), 90 - number, photos, id=f"Q{number + 1}")
    async with WikimediaStandIn(data) as server:
        runner = CollectRunner(tmp_path, server)
        assert await runner.collect() == 0
    out = tmp_path / "index"
    script = [sys.executable, str(ROOT / "build_index.py"), "--photos", str(runner.photos), "--workers", "1"]
    done = await asyncio.to_thread(
        subprocess.run, [*script, "--catalog", str(runner.catalogue), "--out", str(out)], check=False
    )

    assert done.returncode == 0
    gallery = Gallery.load(out)
    assert [one.name_in("en") for one in gallery.celebrities] == [name.replace("_", " ") for name in names]
    assert all(photo.author == "Jo & Co" for one in gallery.celebrities for photo in one.photos)
    probe = gallery.photos[0]
    best = gallery.nearest(probe, 1)[0]
    assert best.celebrity.id == "Q1"
    assert best.photo is not None
    assert (runner.photos / best.photo.file).is_file()
