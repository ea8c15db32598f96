"""Converts dlib's face recognition network to ONNX: same weights, same output, a tenth of the time.

Run once at set-up, by make:

    python -m lookalike.faces.convert_model assets/models/dlib_face_recognition.onnx

dlib-bin (without BLAS) takes 73 ms for a pass of the network, ONNX Runtime 6 ms (bench/stages.py). The weights are read
from `dlib_face_recognition_resnet_model_v1.dat` (Davis King, public domain, 29 convolutions). Byte format and
architecture follow `dlib/serialize.h` and `dlib/dnn/`; the outputs equal those of `face_recognition_model_v1` within
1e-5 (tests/faces/test_convert_model.py).
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from lookalike.core.errors import ModelError
from lookalike.faces.types import EMBEDDING_SIZE, MODEL_SHA256

Floats = npt.NDArray[np.float32]

PROGRAM = "python -m lookalike.faces.convert_model"
DAT_NAME = "dlib_face_recognition_resnet_model_v1.dat"
DAT_SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"

CHIP_PX = 150
# Mean red, green and blue that dlib subtracts before it divides by 256 (dlib/dnn/input.h, input_rgb_image_sized).
RGB_MEAN = np.array([122.782, 117.001, 104.298], dtype=np.float32)
RGB_SCALE = np.float32(256)
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


@dataclass(frozen=True, eq=False)
class Convolution:
    """A convolution with its normalisation folded in: weights (filters, channels, rows, columns), bias (filters,)."""

    weights: Floats
    bias: Floats
    stride: int
    padding: int


@dataclass(frozen=True, eq=False)
class Weights:
    """The parameters: 29 convolutions from input to output, then a matrix float32 (256, 128)."""

    convolutions: tuple[Convolution, ...]
    projection: Floats


def model_file(name: str) -> Path:
    """Path of a file of the package face_recognition_models; importing the package would need pkg_resources."""
    spec = importlib.util.find_spec("face_recognition_models")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("the package face_recognition_models is not installed")
    path = Path(spec.submodule_search_locations[0]) / "models" / name
    if not path.is_file():
        raise ModelError(f"model file {name} is missing from face_recognition_models")
    return path


class _Reader:
    """Reads dlib's serialisation: an integer is its length and bytes, a tensor four sizes and float32."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def find(self, name: str) -> bool:
        """Move to the end of the next string `name`; False if there is none."""
        token = bytes([1, len(name)]) + name.encode()
        found = self.data.find(token, self.at)
        if found < 0:
            return False
        self.at = found + len(token)
        return True

    def integer(self) -> int:
        head = self.data[self.at]
        size = head & 0x0F
        value = int.from_bytes(self.data[self.at + 1 : self.at + 1 + size], "little")
        self.at += 1 + size
        return -value if head & 0x80 else value

    def tensor(self) -> Floats:
        version = self.integer()
        if version != 2:
            raise ModelError(f"{DAT_NAME}: tensor version {version}, expected 2")
        shape = [self.integer() for _ in range(4)]
        count = int(np.prod(shape))
        values = np.frombuffer(self.data, "<f4", count, self.at).reshape(shape)
        self.at += 4 * count
        return values


def read_weights(dat: bytes) -> Weights:
    """Weights of dlib's face recognition network from its .dat file; ModelError if the bytes are not that file."""
    try:
        return _read_weights(dat)
    except (IndexError, ValueError, OverflowError, MemoryError) as error:
        raise ModelError(f"{DAT_NAME} is damaged: {error}") from error


def _read_weights(dat: bytes) -> Weights:
    reader = _Reader(dat)
    convolutions = []
    while reader.find("con_4"):
        values = reader.tensor().ravel()
        filters, rows, columns, stride, stride_x, padding, padding_x = (reader.integer() for _ in range(7))
        if stride != stride_x or padding != padding_x:
            raise ValueError("a stride or padding that is not square")
        if not reader.find("affine_"):
            raise ValueError("a convolution without normalisation")
        gamma, beta = np.split(reader.tensor().ravel(), 2)
        weights = values[:-filters].reshape(filters, -1, rows, columns) * gamma[:, None, None, None]
        bias = values[-filters:] * gamma + beta
        convolutions.append(Convolution(weights, bias, stride, padding))
    if not reader.find("fc_2"):
        raise ValueError("no last layer")
    outputs, inputs = reader.integer(), reader.integer()
    projection = reader.tensor().reshape(inputs, outputs)
    if len(convolutions) != 1 + 2 * len(BLOCKS) or outputs != EMBEDDING_SIZE:
        raise ValueError(f"{len(convolutions)} convolutions and {outputs} outputs")
    return Weights(tuple(convolutions), projection)


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


def build_onnx(weights: Weights) -> bytes:
    """The network as ONNX: `chips` uint8 (n, 150, 150, 3) RGB -> `embeddings` float32 (n, 128).

    Deterministic: the file is checked by its SHA-256.
    """
    graph = _Graph()
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
    return _serialize(graph)


def _serialize(graph: _Graph) -> bytes:
    chips = helper.make_tensor_value_info("chips", TensorProto.UINT8, ["n", CHIP_PX, CHIP_PX, 3])
    embeddings = helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["n", EMBEDDING_SIZE])
    body = helper.make_graph(graph.nodes, "dlib_face_recognition_resnet_v1", [chips], [embeddings], graph.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model, full_check=True)
    data: bytes = model.SerializeToString(deterministic=True)
    return data


def convert(target: Path) -> None:
    """Write the ONNX file to `target` atomically, unless the right one is already there; ModelError if it differs."""
    if target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == MODEL_SHA256:
        return
    dat = model_file(DAT_NAME).read_bytes()
    if hashlib.sha256(dat).hexdigest() != DAT_SHA256:
        raise ModelError(f"{DAT_NAME} is damaged: its SHA-256 is not {DAT_SHA256}")
    data = build_onnx(read_weights(dat))
    digest = hashlib.sha256(data).hexdigest()
    if digest != MODEL_SHA256:
        raise ModelError(f"the ONNX file came out with SHA-256 {digest}, expected {MODEL_SHA256}")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".unfinished")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def main() -> int:
    """Write the ONNX file to the path given on the command line; exit status 2 on wrong usage or a bad model."""
    if len(sys.argv) != 2:
        print(f"usage: {PROGRAM} TARGET.onnx", file=sys.stderr)
        return 2
    try:
        convert(Path(sys.argv[1]))
    except ModelError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
