"""dlib's network as ONNX: its output equals dlib's, and its file is written atomically and checked."""

import hashlib
import importlib.util
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lookalike.core.errors import ModelError
from lookalike.faces import convert_model
from lookalike.faces.convert_model import convert
from lookalike.faces.dlib_weights import RECOGNITION_DAT, model_file, read_recognition
from lookalike.faces.finder import CHIP_PADDINGS, ONNX_NAME, FaceFinder, chips
from lookalike.faces.types import MODEL_SHA256
from tests.conftest import Oracle

CHIPS = 24
TOLERANCE = 1e-5  # DESIGN.md, "Embedding"
ROOT = Path(__file__).parents[2]


def chips_of(faces: FaceFinder, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The chips of the first face of a picture."""
    box = faces.detector.detect(Image.fromarray(pixels)).boxes[0]
    return chips(pixels, faces.landmarks(pixels, box))


# The same output as dlib's.


def test_the_network_equals_dlibs_own_on_real_faces(faces: FaceFinder, dlibs_own: Oracle, shared_faces: Path) -> None:
    photos = sorted((shared_faces / "strangers").iterdir())[:: 400 // CHIPS][:CHIPS]
    real = np.stack([chips_of(faces, np.asarray(Image.open(photo).convert("RGB")))[0] for photo in photos])
    assert len(real) == CHIPS

    np.testing.assert_allclose(faces.run(real), [dlibs_own(chip) for chip in real], rtol=0, atol=TOLERANCE)


def test_the_network_equals_dlibs_own_on_the_astronaut(
    faces: FaceFinder, dlibs_own: Oracle, astronaut_pixels: npt.NDArray[np.uint8]
) -> None:
    both = chips_of(faces, astronaut_pixels)
    assert len(both) == len(CHIP_PADDINGS)

    np.testing.assert_allclose(faces.run(both), [dlibs_own(chip) for chip in both], rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("value", [0, 255])
def test_the_network_equals_dlibs_own_at_the_ends_of_the_scale(
    faces: FaceFinder, dlibs_own: Oracle, value: int
) -> None:
    chip = np.full((150, 150, 3), value, np.uint8)

    np.testing.assert_allclose(faces.run(chip[None])[0], dlibs_own(chip), rtol=0, atol=TOLERANCE)


def test_red_and_blue_are_not_mixed_up(faces: FaceFinder, dlibs_own: Oracle) -> None:
    chip = np.random.default_rng(1).integers(0, 256, (150, 150, 3), np.uint8)
    chip[:, :, 0] //= 4

    np.testing.assert_allclose(faces.run(chip[None])[0], dlibs_own(chip), rtol=0, atol=TOLERANCE)
    assert np.abs(faces.run(chip[None, :, :, ::-1])[0] - dlibs_own(chip)).max() > 1000 * TOLERANCE


def test_a_chip_has_the_same_embedding_in_any_batch(faces: FaceFinder) -> None:
    batch = np.random.default_rng(2).integers(0, 256, (5, 150, 150, 3), np.uint8)

    np.testing.assert_allclose(faces.run(batch)[3], faces.run(batch[3:4])[0], rtol=0, atol=TOLERANCE)


# The converter.


def test_the_converter_writes_the_file_with_the_known_hash(tmp_path: Path, models: Path) -> None:
    target = tmp_path / "new folder" / "network.onnx"
    convert(target)

    assert hashlib.sha256(target.read_bytes()).hexdigest() == MODEL_SHA256
    assert [path.name for path in target.parent.iterdir()] == ["network.onnx"]


def test_the_right_file_is_not_written_again(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / ONNX_NAME
    shutil.copyfile(models / ONNX_NAME, target)
    os.utime(target, (1, 1))
    monkeypatch.setattr(convert_model, "model_file", None)  # the weights are not read
    convert(target)

    assert target.stat().st_mtime == 1


def test_a_wrong_file_is_replaced(tmp_path: Path, models: Path) -> None:
    target = tmp_path / ONNX_NAME
    target.write_bytes((models / ONNX_NAME).read_bytes()[:-1])
    convert(target)

    assert hashlib.sha256(target.read_bytes()).hexdigest() == MODEL_SHA256


def damaged(how: str) -> bytes:
    data = bytearray(model_file(RECOGNITION_DAT).read_bytes())
    match how:
        case "truncated":
            del data[len(data) // 2 :]
        case "a flipped bit":
            data[len(data) // 3] ^= 1
        case "empty":
            data.clear()
        case "something else":
            data[:] = b"<html>404</html>"
    return bytes(data)


@pytest.mark.parametrize("how", ["truncated", "a flipped bit", "empty", "something else"])
def test_damaged_weights_are_refused_and_leave_nothing_behind(
    how: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    data = damaged(how)
    request.getfixturevalue("models_package").joinpath(RECOGNITION_DAT).write_bytes(data)
    target = tmp_path / "out" / "network.onnx"

    with pytest.raises(ModelError, match=RECOGNITION_DAT):
        convert(target)
    assert not target.parent.exists()


def test_missing_weights_are_named(models_package: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=RECOGNITION_DAT):
        convert(tmp_path / "network.onnx")


def test_a_file_with_another_hash_is_refused_and_the_old_one_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release of onnx may write other bytes."""
    monkeypatch.setattr(convert_model, "OPSET", 16)
    target = tmp_path / "network.onnx"
    target.write_bytes(b"the file before")

    with pytest.raises(ModelError, match="SHA-256"):
        convert(target)
    assert [path.name for path in tmp_path.iterdir()] == ["network.onnx"]
    assert target.read_bytes() == b"the file before"


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    """Like a full disk: the process may not write files over a megabyte."""
    program = """
import pathlib, resource, signal, sys
from lookalike.faces import convert_model
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    convert_model.convert(pathlib.Path(sys.argv[1]))
except OSError:
    print("no room")
"""
    target = tmp_path / "network.onnx"
    run = subprocess.run(
        [sys.executable, "-c", program, str(target)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (run.stdout, run.stderr) == ("no room\n", "")
    assert list(tmp_path.iterdir()) == []


def test_any_bytes_are_weights_or_a_model_error() -> None:
    whole = model_file(RECOGNITION_DAT).read_bytes()
    dice = random.Random(3)
    for _ in range(40):
        data = bytearray(whole[: dice.choice([len(whole), dice.randrange(len(whole))])])
        start = data.find(b"con_4")
        for _ in range(dice.randint(1, 8)):  # where the sizes are stored
            if data:
                data[min(len(data) - 1, start + dice.randrange(60))] = dice.randrange(256)
        try:
            assert len(read_recognition(bytes(data)).convolutions) == 29
        except ModelError:
            continue


# The command.


@pytest.mark.parametrize("arguments", [[], ["a.onnx", "b.onnx"]])
def test_wrong_usage_is_status_2_with_the_usage(arguments: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "lookalike.faces.convert_model", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (run.returncode, run.stderr) == (2, "usage: python -m lookalike.faces.convert_model DIRECTORY\n")


def test_a_missing_package_is_status_2_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "argv", ["convert_model", str(tmp_path)])
    importlib.invalidate_caches()

    assert convert_model.main() == 2
    assert capsys.readouterr().err == f"{convert_model.PROGRAM}: the package face_recognition_models is not installed\n"
