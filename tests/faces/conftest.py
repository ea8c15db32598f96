"""Photos for the tests of this room."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image


@pytest.fixture
def head(astronaut_pixels: npt.NDArray[np.uint8]) -> Image.Image:
    """The astronaut's head and shoulders, 240 × 240 with a face of some 90 px: one face for sure."""
    return Image.fromarray(astronaut_pixels).crop((100, 0, 340, 240))
