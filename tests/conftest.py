"""Shared by all tests: versions in the header, no network but loopback, a clean environment, photos, a small index.

Photos of real people are read from ../shared/faces and never copied into the project; without that folder the tests
that need it are skipped with the reason, and where CI is set they fail instead.
"""

import asyncio
import contextlib
import importlib
import io
import ipaddress
import os
import platform
import shutil
import signal
import socket
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

import dlib
import numpy as np
import numpy.typing as npt
import pytest
import uvloop
from hypothesis import settings
from PIL import Image

import build_index
from lookalike.core.paths import MODELS_DIR
from lookalike.core.settings import Settings
from lookalike.faces.dlib_weights import RECOGNITION_DAT as DAT_NAME
from lookalike.faces.dlib_weights import model_file
from lookalike.faces.finder import ONNX_NAME, FaceFinder
from lookalike.gallery.gallery import Gallery

Bytes = npt.NDArray[np.uint8]
Oracle = Callable[[Bytes], npt.NDArray[np.float64]]

pytest_plugins = [
    f"tests.support.{name}"
    for name in ("building", "mongo_server", "pools", "shuffle", "stores", "web.browser", "web.site")
]

ROOT = Path(__file__).parent.parent
SHARED_FACES = ROOT.parent / "shared" / "faces"
LONG_FILES = {  # 40 seconds and more beside two others
    "test_pool_failures.py",
    "test_promises.py",
    "test_watchdog.py",
    "test_match_photos.py",
    "test_build.py",
    "test_dask_backend.py",
    "test_conversations.py",
    "test_app.py",
    "test_imports.py",
    "test_photo_selection.py",
    "test_page.py",
    "test_page_problems.py",
    "test_every_handler.py",
}
ON_ASYNCIO = {"web", "indexing", "collecting", "programs"}  # the page's process, and what maintainers run
STARTERS_OF_PROGRAMS = {
    "RunningBot",
    "QuickBot",
    "CollectRunner",
    "subprocess",
}  # imported by modules whose tests do so
SMALL_INDEX_PEOPLE = 20
SMALL_INDEX_PHOTOS = 4  # of a person, at most

# The same examples in every run, and no time limit for one.
settings.register_profile("seeded", derandomize=True, database=None, deadline=None)
settings.load_profile("seeded")


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], AbstractEventLoop]]:
    """The loop that the code under test runs on: the bot's is uvloop's, for which other things are errors."""
    room = item.path.relative_to(ROOT / "tests").parts[0]
    is_bots = room not in ON_ASYNCIO or item.path.name == "test_page_supervisor.py"
    return {"loop": uvloop.new_event_loop if is_bots else asyncio.new_event_loop}


def pytest_report_header() -> list[str]:
    packages = ("dlib-bin", "nmslib", "onnxruntime", "numpy", "Pillow")
    return [
        ", ".join(f"{package} {version(package)}" for package in packages),
        f"cpu: {_cpu()}, {len(os.sched_getaffinity(0))} cores",
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a program that is no Python package, and what runs programs of ours: `-m "not outside"`.

    The files that take longest come first, else one of them is what all wait for at the end.
    """
    items.sort(key=lambda item: item.path.name not in LONG_FILES)
    for item in items:
        if {"browser", "mongo_command"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("outside")
        if STARTERS_OF_PROGRAMS & vars(getattr(item, "module", None) or object).keys():
            item.add_marker("program")


def _cpu() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def missing(reason: str) -> NoReturn:
    """Skip, for a reason that CI removes: there it is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


# Guards.


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Nothing in these tests reaches beyond this machine; a test that tries fails."""

    def guarded(real: Any) -> Any:
        def connect(sock: socket.socket, *arguments: Any) -> Any:
            if sock.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(arguments[-1][0]):
                pytest.fail(f"a test tried to reach {arguments[-1]}")
            return real(sock, *arguments)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session", autouse=True)
def _sigint_is_not_ignored() -> None:
    """A shell that runs the tests in the background makes them, and all they start, ignore SIGINT."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the environment of the tests reaches the code."""
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


# Photos and models.


@pytest.fixture(scope="session")
def shared_faces() -> Path:
    """Photos for development and tests (their README says which)."""
    if not (SHARED_FACES / "gallery").is_dir():
        missing(f"{SHARED_FACES} is not here: no photos of faces to test with")
    return SHARED_FACES


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder with the ONNX network."""
    if not (MODELS_DIR / ONNX_NAME).is_file():
        missing(f"{MODELS_DIR / ONNX_NAME} is not here: run `make setup`")
    return MODELS_DIR


@pytest.fixture(scope="session")
def faces(models: Path) -> FaceFinder:
    """The real models, loaded once."""
    return FaceFinder(models)


@pytest.fixture(scope="session")
def dlibs_own() -> Oracle:
    """The oracle: dlib's own network, a chip uint8 (150, 150, 3) -> (128,)."""
    own = dlib.face_recognition_model_v1(str(model_file(DAT_NAME)))
    return lambda chip: np.array(own.compute_face_descriptor(chip))


@pytest.fixture
def models_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the models of an empty package face_recognition_models that is found before the real one."""
    folder = tmp_path / "site" / "face_recognition_models" / "models"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    importlib.invalidate_caches()
    return folder


@pytest.fixture(scope="session")
def astronaut_pixels() -> Bytes:
    """NASA's portrait of Eileen Collins, public domain: uint8 (512, 512, 3)."""
    from skimage import data  # a second to import, so only where it is needed

    pixels: Bytes = data.astronaut()  # type: ignore[no-untyped-call]
    return pixels


@pytest.fixture(scope="session")
def astronaut(astronaut_pixels: Bytes) -> bytes:
    """The portrait as JPEG."""
    file = io.BytesIO()
    Image.fromarray(astronaut_pixels).save(file, "JPEG", quality=95)
    return file.getvalue()


# A small index of real people.


@dataclass(frozen=True)
class SmallIndex:
    """An index that build_index.py made, and what it was made of; tests that change something copy it first."""

    directory: Path
    photos: Path

    def copy(self, to: Path) -> Path:
        """Put a copy at `to`, to be damaged or replaced."""
        return Path(shutil.copytree(self.directory, to))


def copy_people(shared_faces: Path, names: list[str], photos: Path, at_most: int = SMALL_INDEX_PHOTOS) -> None:
    """Copy the photos of some people into a photos directory, `<Name>/*.jpg`."""
    for name in names:
        (photos / name).mkdir(parents=True)
        for file in sorted((shared_faces / "gallery" / name).iterdir())[:at_most]:
            shutil.copyfile(file, photos / name / file.name)


@pytest.fixture(scope="session")
def small_index(shared_faces: Path, models: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    """An index of 20 people, 2 to 4 photos each."""
    directory = tmp_path_factory.mktemp("small")
    names = sorted(path.name for path in (shared_faces / "gallery").iterdir())
    every = len(names) // SMALL_INDEX_PEOPLE
    copy_people(shared_faces, names[::every][:SMALL_INDEX_PEOPLE], directory / "photos")
    status = build_index.main(["--photos", str(directory / "photos"), "--out", str(directory / "index")])
    if status != 0:
        pytest.fail(f"build_index.py ended with {status}")
    return SmallIndex(directory / "index", directory / "photos")


@pytest.fixture(scope="session")
def small_gallery(small_index: SmallIndex) -> Gallery:
    """The small index, loaded."""
    return Gallery.load(small_index.directory)
