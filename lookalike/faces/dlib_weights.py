"""Reads the weights of dlib's networks from the .dat files of the package face_recognition_models.

The byte format follows `dlib/serialize.h` and `dlib/dnn/`: an integer is a byte that counts the bytes which follow,
little-endian; a floating-point number is two integers, mantissa and exponent; a tensor is four sizes and float32.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lookalike.core.errors import ModelError
from lookalike.faces.types import EMBEDDING_SIZE

Floats = npt.NDArray[np.float32]

RECOGNITION_DAT = "dlib_face_recognition_resnet_model_v1.dat"
DETECTION_DAT = "mmod_human_face_detector.dat"

# Mean red, green and blue that dlib subtracts before it divides by 256 (dlib/dnn/input.h, input_rgb_image_sized).
RGB_MEAN = np.array([122.782, 117.001, 104.298], dtype=np.float32)
RGB_SCALE = np.float32(256)
RECOGNITION_CONVOLUTIONS, DETECTION_CONVOLUTIONS = 29, 7


@dataclass(frozen=True, eq=False)
class Convolution:
    """A convolution with its normalisation folded in: weights (filters, channels, rows, columns), bias (filters,)."""

    weights: Floats
    bias: Floats
    stride: int
    padding: int

    def scaled(self, gamma: Floats, beta: Floats) -> Convolution:
        """The convolution followed by `gamma * x + beta`, one pair of numbers a filter."""
        weights = self.weights * gamma[:, None, None, None]
        return Convolution(weights, self.bias * gamma + beta, self.stride, self.padding)


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
            raise ValueError(f"tensor version {version}, expected 2")
        shape = [self.integer() for _ in range(4)]
        count = int(np.prod(shape))
        values = np.frombuffer(self.data, "<f4", count, self.at).reshape(shape)
        self.at += 4 * count
        return values

    def number(self) -> float:
        mantissa = self.integer()
        return float(mantissa * 2.0 ** self.integer())

    def convolution(self) -> Convolution:
        values = self.tensor().ravel()
        filters, rows, columns, stride, stride_x, padding, padding_x = (self.integer() for _ in range(7))
        if stride != stride_x or padding != padding_x:
            raise ValueError("a convolution that is not square")
        weights = values[:-filters].reshape(filters, -1, rows, columns)
        return Convolution(weights, values[-filters:], stride, padding)

    def batch_normalisation(self) -> tuple[Floats, Floats]:
        """Factor and offset of a filter, float32 (filters,) each, by the running means and variances."""
        gamma, beta = np.split(self.tensor().ravel(), 2)
        for _ in range(10):  # the sizes of gamma and beta within that tensor
            self.integer()
        _means, _deviations, means, variances = (self.tensor().ravel() for _ in range(4))
        for _ in range(2):  # number of updates, size of the window
            self.integer()
        *_rates, epsilon = (self.number() for _ in range(5))
        factor = (gamma / np.sqrt(variances + np.float32(epsilon))).astype(np.float32)
        return factor, beta - means * factor


def read_recognition(dat: bytes) -> Weights:
    """Weights of the face recognition network from its .dat file; ModelError if the bytes are not that file."""
    try:
        return _read_recognition(_Reader(dat))
    except (IndexError, ValueError, OverflowError, MemoryError) as error:
        raise ModelError(f"{RECOGNITION_DAT} is damaged: {error}") from error


def _read_recognition(reader: _Reader) -> Weights:
    convolutions = []
    while reader.find("con_4"):
        convolution = reader.convolution()
        if not reader.find("affine_"):
            raise ValueError("a convolution without its normalisation")
        gamma, beta = np.split(reader.tensor().ravel(), 2)
        convolutions.append(convolution.scaled(gamma, beta))
    if not reader.find("fc_2"):
        raise ValueError("no last layer")
    outputs, inputs = reader.integer(), reader.integer()
    projection = reader.tensor().reshape(inputs, outputs)
    if len(convolutions) != RECOGNITION_CONVOLUTIONS or outputs != EMBEDDING_SIZE:
        raise ValueError(f"{len(convolutions)} convolutions and {outputs} outputs")
    return Weights(tuple(convolutions), projection)


def read_detection(dat: bytes) -> tuple[Convolution, ...]:
    """The 7 convolutions of the face detection network (dnn_mmod_face_detection_ex.cpp); ModelError as above.

    All but the last are followed by a batch normalisation, which is folded in, and a ReLU.
    """
    try:
        return _read_detection(_Reader(dat))
    except (IndexError, ValueError, OverflowError, MemoryError) as error:
        raise ModelError(f"{DETECTION_DAT} is damaged: {error}") from error


def _read_detection(reader: _Reader) -> tuple[Convolution, ...]:
    convolutions = []
    while reader.find("con_4"):
        convolution = reader.convolution()
        if len(convolution.bias) > 1:  # the last has one filter: the score
            if not reader.find("bn_con2"):
                raise ValueError("a convolution without its normalisation")
            convolution = convolution.scaled(*reader.batch_normalisation())
        convolutions.append(convolution)
    if len(convolutions) != DETECTION_CONVOLUTIONS:
        raise ValueError(f"{len(convolutions)} convolutions")
    return tuple(convolutions)
