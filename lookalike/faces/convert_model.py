"""Converts dlib's networks for recognition and detection to ONNX: same weights, same output, a tenth of the time.

Run once at set-up, by make:

    python -m lookalike.faces.convert_model assets/models

dlib-bin (without BLAS) takes 73 ms for a pass of the recognition network, ONNX Runtime 6 ms (bench/stages.py). The
outputs equal those of `face_recognition_model_v1` within 1e-5 and those of `cnn_face_detection_model_v1` within 1e-3
(tests/faces/test_convert_model.py, tests/faces/test_mmod_detector.py). The weights are Davis King's, public domain.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from lookalike.core.errors import ModelError
from lookalike.faces.dlib_weights import (
    DETECTION_DAT,
    RECOGNITION_DAT,
    RGB_MEAN,
    RGB_SCALE,
    Convolution,
    model_file,
    read_detection,
    read_recognition,
)
from lookalike.faces.types import CHIP_PX, DETECTION_ONNX_SHA256, EMBEDDING_SIZE, MODEL_SHA256

PROGRAM = "python -m lookalike.faces.convert_model"
# Output channels of the residual blocks, and whether a block halves the picture (dlib: dnn_face_recognition_ex.cpp).
BLOCKS = (
    *[(32, False)] * 3,
    (64, True), *[(64, False)] * 3,
    (128, True), *[(128, False)] * 2,
    (256, True), *[(256, False)] * 2,
    (256, True),
)  # fmt: skip
OPSET = 17
IR_VERSION = 8


class _Graph:
    """ONNX nodes and constants in order of computation; each method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: npt.NDArray[np.generic]) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def convolve(self, x: str, layer: Convolution) -> str:
        return self.node(
            "Conv", x, self.constant(layer.weights), self.constant(layer.bias),
            kernel_shape=list(layer.weights.shape[2:]), strides=[layer.stride] * 2, pads=[layer.padding] * 4,
        )  # fmt: skip

    def zero_pad(self, x: str, channels: int, side: int) -> str:
        """Append that many channels, rows and columns of zeros."""
        return self.node("Pad", x, self.constant(np.array([0, 0, 0, 0, 0, channels, side, side], np.int64)))


def recognition_onnx(dat: bytes) -> bytes:
    """The recognition network as ONNX: `chips` uint8 (n, 150, 150, 3) RGB -> `embeddings` float32 (n, 128).

    Deterministic: the file is checked by its SHA-256.
    """
    graph, weights = _Graph(), read_recognition(dat)
    layers = iter(weights.convolutions)
    x = graph.node("Cast", "chips", to=TensorProto.FLOAT)
    x = graph.node("Sub", x, graph.constant(RGB_MEAN))
    x = graph.node("Div", x, graph.constant(np.asarray(RGB_SCALE)))
    x = graph.node("Transpose", x, perm=[0, 3, 1, 2])  # (n, 3, 150, 150)
    x = graph.node("Relu", graph.convolve(x, next(layers)))  # (n, 32, 72, 72)
    x = graph.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])  # (n, 32, 35, 35)
    channels, side = 32, 35
    for filters, halves in BLOCKS:
        first, second = next(layers), next(layers)
        shortcut = x
        x = graph.node("Relu", graph.convolve(x, first))
        x = graph.convolve(x, second)
        if halves:  # dlib adds tensors of unequal size as if the smaller one were padded with zeros
            shortcut = graph.node("AveragePool", shortcut, kernel_shape=[2, 2], strides=[2, 2])
            block_side, shortcut_side = (side - 3) // 2 + 1, (side - 2) // 2 + 1
            side = max(block_side, shortcut_side)
            if filters > channels or side > shortcut_side:
                shortcut = graph.zero_pad(shortcut, filters - channels, side - shortcut_side)
            if side > block_side:
                x = graph.zero_pad(x, 0, side - block_side)
        x = graph.node("Relu", graph.node("Add", x, shortcut))
        channels = filters
    x = graph.node("ReduceMean", x, axes=[2, 3], keepdims=0)  # (n, 256)
    x = graph.node("MatMul", x, graph.constant(weights.projection))
    graph.nodes[-1].output[0] = "embeddings"
    chips = helper.make_tensor_value_info("chips", TensorProto.UINT8, ["n", CHIP_PX, CHIP_PX, 3])
    embeddings = helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["n", EMBEDDING_SIZE])
    return _serialize(graph, "dlib_face_recognition_resnet_v1", chips, embeddings)


def detection_onnx(dat: bytes) -> bytes:
    """The detection network as ONNX: `pixels` float32 (1, 3, height, width) -> `scores` float32 (1, 1, rows, columns).

    `pixels` are RGB less RGB_MEAN, divided by RGB_SCALE. A score is of a window of 80 px around a point in every 8th
    row and column; above 0 it is a face.
    """
    graph, x = _Graph(), "pixels"
    *layers, last = read_detection(dat)
    for layer in layers:
        x = graph.node("Relu", graph.convolve(x, layer))
    graph.convolve(x, last)
    graph.nodes[-1].output[0] = "scores"
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [1, 3, "height", "width"])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 1, "rows", "columns"])
    return _serialize(graph, "dlib_mmod_face_detection", pixels, scores)


def _serialize(graph: _Graph, name: str, taken: onnx.ValueInfoProto, given: onnx.ValueInfoProto) -> bytes:
    body = helper.make_graph(graph.nodes, name, [taken], [given], graph.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model, full_check=True)
    data: bytes = model.SerializeToString(deterministic=True)
    return data


@dataclass(frozen=True)
class Model:
    """One network: the name of its ONNX file and that file's SHA-256, dlib's file and its SHA-256, how to convert."""

    name: str
    sha256: str
    dat_name: str
    dat_sha256: str
    build: Callable[[bytes], bytes]


RECOGNITION = Model(
    "dlib_face_recognition.onnx", MODEL_SHA256,
    RECOGNITION_DAT, "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30", recognition_onnx,
)  # fmt: skip
DETECTION = Model(
    "dlib_face_detection.onnx", DETECTION_ONNX_SHA256,
    DETECTION_DAT, "4cb19393e2fbaf2b1609a9319ad5386618c886a6234ec1b971f3e87c85d87fe6", detection_onnx,
)  # fmt: skip


def convert(target: Path, model: Model = RECOGNITION) -> None:
    """Write the ONNX file to `target` atomically, unless the right one is already there; ModelError if it differs."""
    if target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == model.sha256:
        return
    dat = model_file(model.dat_name).read_bytes()
    if hashlib.sha256(dat).hexdigest() != model.dat_sha256:
        raise ModelError(f"{model.dat_name} is damaged: its SHA-256 is not {model.dat_sha256}")
    data = model.build(dat)
    digest = hashlib.sha256(data).hexdigest()
    if digest != model.sha256:
        raise ModelError(f"the ONNX file came out with SHA-256 {digest}, expected {model.sha256}")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".unfinished")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def main() -> int:
    """Write both ONNX files into the directory given as argument; exit status 2 on wrong usage or bad models."""
    if len(sys.argv) != 2:
        print(f"usage: {PROGRAM} DIRECTORY", file=sys.stderr)
        return 2
    try:
        for model in (RECOGNITION, DETECTION):
            convert(Path(sys.argv[1]) / model.name, model)
    except ModelError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
