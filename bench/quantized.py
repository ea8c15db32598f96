"""What 8-bit integers would bring: time and accuracy of the same network, quantized, beside the one in use.

    .venv/bin/python bench/quantized.py

The network in use must equal dlib's within 1e-5, so a quantized one could never replace it silently; this measures what
is given up by that. Static quantization (QDQ, per channel), calibrated on chips of gallery photos, measured on probes.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from record import keep, table

from photos import FACES

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is imported: faces.py says why

import onnxruntime
from onnxruntime import quantization

from lookalike.core.paths import MODELS_DIR
from lookalike.faces.decoding import decode
from lookalike.faces.finder import ONNX_NAME, FaceFinder, chips
from lookalike.faces.types import Refusal

Pixels = npt.NDArray[np.uint8]
CALIBRATION, MEASURED = 200, 300
PASSES = 2  # crops of a face, as in use


class Chips(quantization.CalibrationDataReader):  # type: ignore[misc]
    """Chips one by one, for the quantizer."""

    def __init__(self, cut: Pixels) -> None:
        self._left = iter(cut)

    def get_next(self) -> dict[str, Pixels] | None:
        """The next input, None at the end."""
        chip = next(self._left, None)
        return None if chip is None else {"chips": chip[None]}


def cut_chips(faces: FaceFinder, folder: str, count: int) -> Pixels:
    """One chip of each of so many photos."""
    files = sorted((FACES / folder).rglob("*.jpg"))
    cut = []
    for file in files[:: len(files) // count][:count]:
        picture = decode(file.read_bytes())
        if not isinstance(picture, Refusal) and (boxes := faces.detect(picture.image)):
            pixels = picture.pixels()
            cut.append(chips(pixels, faces.landmarks(pixels, boxes[0]))[0])
    return np.stack(cut)


def timed(session: onnxruntime.InferenceSession, cut: Pixels) -> tuple[npt.NDArray[np.float32], float]:
    """Embeddings, and the median CPU milliseconds of a face of PASSES crops."""
    embeddings = np.concatenate([session.run(None, {"chips": cut[i : i + 16]})[0] for i in range(0, len(cut), 16)])
    times = []
    for _ in range(30):
        began = time.process_time()
        session.run(None, {"chips": cut[:PASSES]})
        times.append(1000 * (time.process_time() - began))
    return embeddings, round(float(np.median(times)), 2)


def session(path: Path) -> onnxruntime.InferenceSession:
    """The network on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def main() -> int:
    """Measure, print, keep."""
    faces = FaceFinder()
    probes = cut_chips(faces, "probes", MEASURED)
    model = MODELS_DIR / ONNX_NAME
    with tempfile.TemporaryDirectory() as name:
        prepared, small = Path(name) / "prepared.onnx", Path(name) / "int8.onnx"
        quantization.quant_pre_process(str(model), str(prepared), skip_symbolic_shape=True)
        quantization.quantize_static(
            str(prepared), str(small), Chips(cut_chips(faces, "gallery", CALIBRATION)), per_channel=True
        )
        floats, float_ms = timed(session(model), probes)
        integers, int_ms = timed(session(small), probes)
    moved = np.linalg.norm(floats - integers, axis=1)
    between = np.linalg.norm(floats[:, None] - floats[None], axis=2)[np.triu_indices(len(floats), 1)]
    figures = {
        "float32_ms": float_ms,
        "int8_ms": int_ms,
        "times_faster": round(float_ms / int_ms, 2),
        "embedding_moves_by_median": round(float(np.median(moved)), 4),
        "embedding_moves_by_p99": round(float(np.quantile(moved, 0.99)), 4),
        "distance_between_people_median": round(float(np.median(between)), 3),
    }
    keep("quantized", figures)
    print(table(list(figures.items()), ("figure", "value")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
