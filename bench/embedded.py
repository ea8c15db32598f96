"""Embeddings of the shared photos by padding and mirror image, computed once and kept outside the project.

    from embedded import embedded
    numbers = embedded("faces/gallery")           # or faces/probes, faces/strangers, stars/photos

The files are in the system's folder for temporary files. A photo counts by the code that answers photos: detection,
landmarks and chips are the finder's own. 6,200 photos take nine minutes of one core.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter
from tqdm import tqdm

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" if (ROOT.parent / "shared").is_dir() else ROOT.parent.parent / "shared"
sys.path.insert(0, str(ROOT))

from lookalike.faces.decoding import decode  # noqa: E402 - the project is found by the line above
from lookalike.faces.finder import FaceFinder, Found, chips  # noqa: E402
from lookalike.faces.quality import choose  # noqa: E402
from lookalike.faces.types import MEASURES, MeasuredFace, Refusal  # noqa: E402

CACHE = Path(tempfile.gettempdir()) / "lookalike-bench"
PADDINGS = (0.20, 0.23, 0.25, 0.27, 0.30)
RUN = 10  # chips in one run of the network
Floats = npt.NDArray[np.float32]
Alter = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True, eq=False)
class Embedded:
    """The main faces of photos that have one: owner (m,) names, crops (m, 5, 2, 128) by padding and mirror image.

    `measures` (m, 7) in the order of MEASURES, `files` (m,); `missing`: photos without a face. In a set of all faces
    (`groups`) a row is a face and `box_px` (m,) the width of its box.
    """

    files: npt.NDArray[np.str_]
    crops: Floats
    measures: Floats
    box_px: Floats
    missing: int

    @property
    def owners(self) -> npt.NDArray[np.str_]:
        """The name of the folder, or of the file without its number."""
        folders = [file.rpartition("/")[0] or Path(file).stem.rpartition("_")[0] for file in self.files]
        return np.array(folders)

    def embeddings(self, paddings: tuple[float, ...], *, mirror: bool = True) -> Floats:
        """The embedding (m, 128) by these paddings: the mean of the crops."""
        places = [PADDINGS.index(padding) for padding in paddings]
        mean: Floats = self.crops[:, places, : 2 if mirror else 1].mean(axis=(1, 2))
        return mean

    def photo(self, row: int) -> MeasuredFace:
        """What the gates judge."""
        values = dict(zip(MEASURES, self.measures[row].tolist(), strict=True))
        return MeasuredFace(self.crops[row, 0, 0], (0, 0, 1, 1), (0.0, 0.0, 1.0, 0.0), **values)

    def reasons(self, rows: npt.NDArray[np.int64]) -> list[str | None]:
        """Why the gates leave out each of one person's photos."""
        return choose([self.photo(int(row)) for row in rows])


def unaltered(image: Image.Image) -> Image.Image:
    """The photo as it is."""
    return image


def blurred(sigma_px: float) -> Alter:
    """A Gaussian blur with that sigma."""
    return lambda image: image.filter(ImageFilter.GaussianBlur(sigma_px))


def reduced(share: float) -> Alter:
    """Reduced to that share of its size and enlarged again: what a small face has left."""

    def alter(image: Image.Image) -> Image.Image:
        size = max(1, round(image.width * share)), max(1, round(image.height * share))
        return image.resize(size, Image.Resampling.LANCZOS).resize(image.size, Image.Resampling.BICUBIC)

    return alter


FACE_PX = 90  # width of the face in a photo of LFW, 250 px wide
ALTERATIONS: dict[str, Alter] = {
    "plain": unaltered, "blur 2": blurred(2), "blur 4": blurred(4), "40 %": reduced(0.4),
    "28 px": reduced(28 / FACE_PX),
}  # fmt: skip


def embedded(folder: str, alteration: str = "plain", *, all_faces: bool = False) -> Embedded:
    """What is found in the photos of a folder of the shared ones; from the cache, or computed."""
    path = CACHE / f"{folder}-{alteration}.npz".replace("/", "-").replace(" ", "")
    if not path.is_file():
        CACHE.mkdir(exist_ok=True)
        with path.with_suffix(".part").open("wb") as file:
            np.savez(file, **vars(_compute(SHARED / folder, ALTERATIONS[alteration], all_faces)))
        path.with_suffix(".part").replace(path)
    with np.load(path) as found:
        return Embedded(**{name: found[name] for name in found.files} | {"missing": int(found["missing"])})


def _compute(folder: Path, alter: Alter, all_faces: bool) -> Embedded:
    finder = FaceFinder()
    files, crops, measures, boxes, missing = [], [], [], [], 0
    for path in tqdm(sorted(path for path in folder.rglob("*") if path.suffix in (".jpg", ".png")), disable=None):
        data = path.read_bytes() if alter is unaltered else _png(alter(Image.open(path).convert("RGB")))
        picture = decode(data)
        found = picture if isinstance(picture, Refusal) else finder.find_in(picture)
        if isinstance(found, Refusal):
            missing += 1
            continue
        for face, points in found.faces if all_faces else found.faces[:1]:
            files.append(str(path.relative_to(folder)))
            boxes.append(face.box[2] - face.box[0])
            crops.append(_crops(finder, found, points))
            measured = finder.measured(found).measures
            measures.append([measured[name] for name in MEASURES])
    return Embedded(
        np.array(files), np.array(crops, np.float32), np.array(measures, np.float32), np.array(boxes, np.float32),
        missing,
    )  # fmt: skip


def _crops(finder: FaceFinder, found: Found, points: npt.NDArray[np.float64]) -> Floats:
    """Embeddings (5, 2, 128) of one face: paddings, each as it is and mirrored."""
    cut = chips(found.picture.pixels(), points, PADDINGS)
    both = np.stack([cut, cut[:, :, ::-1]], axis=1).reshape(RUN, *cut.shape[1:])
    return finder.run(np.ascontiguousarray(both)).reshape(len(PADDINGS), 2, -1)


def _png(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG", compress_level=1)
    return data.getvalue()
