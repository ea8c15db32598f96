"""The directory of a model: the same model again, refused when damaged, never half replaced."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lookalike.core.errors import TasteRefused
from lookalike.core.paths import ROOT
from lookalike.taste.model_directory import ARRAYS, ITEMS, MANIFEST, checksum, file_check, load_model, save_model
from lookalike.taste.taste_model import TasteModel
from lookalike.taste.training import train
from tests.support.taste.people import crowd

# Saves a model and kills itself at the given line of the code that does it; prints how many lines there are.
SAVER = """
import shutil, sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from lookalike.core import directory_swap
from lookalike.taste import model_directory
from lookalike.taste.training import train
from tests.support.killed_at_line import run_until_line
from tests.support.taste.people import crowd
model = train(crowd(60, 30, seed=1).ratings)
save = lambda: model_directory.save_model(model, Path(sys.argv[2]))
print(run_until_line(save, (directory_swap, model_directory, shutil), int(sys.argv[3])))
"""
KILLS = 4


@pytest.fixture(scope="module")
def model() -> TasteModel:
    return train(crowd(60, 30).ratings, {"i0": "Ада", "i1": 'A "star"'})


@pytest.fixture
def directory(tmp_path: Path, model: TasteModel) -> Path:
    save_model(model, tmp_path / "taste")
    return tmp_path / "taste"


def test_a_saved_model_answers_as_before(model: TasteModel, directory: Path) -> None:
    loaded, profile = load_model(directory), model.profile({"i0": 9, "i5": 3})

    np.testing.assert_array_equal(loaded.predict(profile), model.predict(profile))
    assert loaded.recommend(profile) == model.recommend(profile)
    assert loaded.similar(4) == model.similar(4)
    assert (loaded.items.ids, loaded.items.names) == (model.items.ids, model.items.names)
    assert (loaded.users, loaded.ratings, loaded.predictor.scale) == (60, model.ratings, model.predictor.scale)


def test_the_manifest_can_be_read_by_people(directory: Path) -> None:
    manifest = json.loads((directory / MANIFEST).read_text())

    assert (manifest["format_version"], manifest["users"], manifest["items"]) == (1, 60, 30)
    assert set(manifest["files"]) == {ITEMS, ARRAYS}


@pytest.mark.parametrize("name", [MANIFEST, ITEMS, ARRAYS])
@pytest.mark.parametrize("damage", ["missing", "cut", "flipped", "empty"])
def test_a_damaged_file_is_refused_by_name(directory: Path, name: str, damage: str) -> None:
    path = directory / name
    data = path.read_bytes()
    middle = len(data) // 2
    flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    path.write_bytes({"missing": b"", "cut": data[:-30], "flipped": flipped, "empty": b""}[damage])
    if damage == "missing":
        path.unlink()

    with pytest.raises(TasteRefused, match=name):
        load_model(directory)


def test_another_version_is_called_so(directory: Path) -> None:
    path = directory / MANIFEST
    path.write_text(path.read_text().replace('"format_version": 1', '"format_version": 99'))

    with pytest.raises(TasteRefused, match="format_version is 99, this program needs 1: train anew"):
        load_model(directory)


def test_what_is_no_model_is_neither_loaded_nor_replaced(model: TasteModel, tmp_path: Path) -> None:
    other = tmp_path / "photos"
    other.mkdir()
    (other / MANIFEST).write_text('{"format_version": 3}')

    with pytest.raises(TasteRefused, match="not of a taste model"):
        load_model(other)
    with pytest.raises(TasteRefused, match="is not a taste model: it is not replaced"):
        save_model(model, other)
    assert [path.name for path in other.iterdir()] == [MANIFEST]


def test_a_pickle_is_never_opened(directory: Path) -> None:
    manifest = json.loads((directory / MANIFEST).read_text())
    np.savez(directory / ARRAYS, counts=np.array([{"a": 1}], dtype=object))
    manifest["files"][ARRAYS] = file_check(directory / ARRAYS)
    (directory / MANIFEST).write_text(json.dumps(manifest | {"sha256": checksum(manifest)}))

    with pytest.raises(TasteRefused, match="Object arrays cannot be loaded"):
        load_model(directory)


def saver(directory: Path, at: int) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", SAVER, str(ROOT), str(directory), str(at)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_kill_at_any_moment_leaves_the_old_model_or_the_new_one(directory: Path, tmp_path: Path) -> None:
    old = (directory / MANIFEST).read_bytes()
    lines = int(saver(tmp_path / "other", 0).stdout)
    seen = set()
    for at in np.linspace(1, lines, KILLS).astype(int):
        done = saver(directory, int(at))
        assert done.returncode == -signal.SIGKILL
        load_model(directory)
        seen.add((directory / MANIFEST).read_bytes() == old)

    assert True in seen
    assert saver(directory, 0).returncode == 0
    assert (directory / MANIFEST).read_bytes() != old
    assert {path.name for path in tmp_path.iterdir()} == {"other", "taste"}
