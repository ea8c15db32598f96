"""The map of the project: who imports whom, where heavy dependencies live, how large files and folders may be."""

import ast
import functools
import itertools
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "lookalike"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}
PROGRAMS = {path.stem for path in ROOT.glob("*.py")}
FOLDERS = [
    folder
    for top in ("lookalike", "faults", "bench", "tests", "deploy")
    for folder in (ROOT / top, *(ROOT / top).rglob("*"))
    if folder.is_dir() and folder.name not in ("__pycache__", "results")
]
PYTHON = [*ROOT.glob("*.py"), *(file for folder in FOLDERS for file in folder.glob("*.py"))]
LONGEST, LARGEST = 350, 14  # lines of a file, files of a folder
BUILDING = ("dask", "distributed", "jinja2")  # packages of requirements-build.txt
# What does not keep to the rules yet; nothing is added here.
TOO_MANY = {"bench"}

# Which rooms of the package a room may import, besides itself. `room.module`: that module of it and no other.
ROOMS = {
    "core": set(),
    "faces": {"core"},
    "workers": {"core", "faces"},
    "gallery": {"core", "faces.types"},
    "store": {"core"},
    "taste": {"core", "gallery.catalogue"},
    "telegram_bot": {"core", "faces", "workers", "gallery", "store", "taste"},
    "web": {"core", "faces", "workers", "gallery", "taste"},
    "indexing": {"core", "faces", "workers", "gallery"},
    "collecting": {"core", "faces", "workers", "gallery.catalogue"},
    "programs": {
        "core", "faces", "workers", "gallery", "store", "taste", "telegram_bot", "web", "indexing", "collecting",
    },
}  # fmt: skip
# Who may import a heavy or a far-reaching package, and nobody else.
HOMES = {
    "telegram": {"telegram_bot"},
    "dlib": {"faces.finder", "faces.detection"},
    "onnxruntime": {"faces.onnx_network"},
    "onnx": {"faces.convert_model"},
    "nmslib": {"gallery.vector_index"},
    "rapidfuzz": {"gallery.names.name_search", "taste.item_names"},
    "PIL": {"faces"},
    "av": {"faces.drawing.video"},
    "pi_heif": {"faces.heif.decoders"},
    "sqlite3": {"store", "indexing.embedding_cache"},
    "pymongo": {"store.user_log.mongo_log"},
    "bson": {"store.user_log.mongo_log"},
    "starlette": {"web", "telegram_bot.delivery.webhook", "core.http"},
    "uvicorn": {"core.http"},
    "h11": {"core.http"},
    "prometheus_client": {"core.metrics"},
    "fluent": {"core.language"},
    "babel": {"core.language"},
    "cryptography": {"store.encryption"},
    "dask": {"indexing.dask_backend"},
    "distributed": {"indexing.dask_backend"},
    "tqdm": {"indexing", "collecting.fetching.progress", "programs.match_photos", "programs.recommend_items"},
    "scipy.sparse": {"taste"},
    "matplotlib": {"telegram_bot.operating.activity_chart"},
    "jinja2": {"indexing.report"},
    "httpx": {"telegram_bot.delivery.http_session", "collecting.fetching"},
    "aiohttp": {"telegram_bot.delivery"},
}


@functools.cache
def imports(path: Path) -> set[str]:
    """The modules that a file imports, with what it takes of them: `from a.b import c` is `a.b.c`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_in(name: str, place: str) -> bool:
    """Whether a dotted name is `place` or within it."""
    return f"{name}.".startswith(f"{place}.")


def test_every_module_lies_in_a_room_of_the_table() -> None:
    assert {name.split(".")[1] for name in MODULES if name != "lookalike"} == set(ROOMS)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_imports_only_what_its_room_may(name: str) -> None:
    room = [*name.split("."), ""][1]
    allowed = {f"lookalike.{place}" for place in ({room} | ROOMS[room] if room else set())}

    wrong = {
        one
        for one in imports(MODULES[name])
        if one.split(".")[0] in PROGRAMS
        or (is_in(one, "lookalike") and not any(is_in(one, place) for place in allowed))
    }

    assert wrong == set()


@pytest.mark.parametrize(("package", "homes"), HOMES.items())
def test_a_heavy_package_has_one_home(package: str, homes: set[str]) -> None:
    users = {name for name, path in MODULES.items() if any(is_in(one, package) for one in imports(path))}

    assert [name for name in sorted(users) if not any(is_in(name, f"lookalike.{home}") for home in homes)] == []


def test_every_file_can_be_read_in_one_sitting() -> None:
    long = {str(file.relative_to(ROOT)) for file in PYTHON if len(file.read_text("utf-8").splitlines()) > LONGEST}

    assert long == set()


def test_no_folder_holds_too_many_files() -> None:
    full = {str(one.relative_to(ROOT)) for one in FOLDERS if sum(file.is_file() for file in one.iterdir()) > LARGEST}

    assert full <= TOO_MANY


def classes(file: Path) -> Iterator[str]:
    return (node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ClassDef))


def test_no_two_classes_share_a_name() -> None:
    counted = Counter(itertools.chain.from_iterable(map(classes, MODULES.values())))

    assert {name for name, count in counted.items() if count > 1} == set()


def test_every_package_lists_its_files_in_its_docstring() -> None:
    incomplete = set()
    for init in PACKAGE.glob("*/**/__init__.py"):
        said = ast.get_docstring(ast.parse(init.read_text("utf-8"))) or ""
        files = {file.name for file in init.parent.glob("*.py")} - {init.name}
        packages = {f"{folder.parent.name}/" for folder in init.parent.glob("*/__init__.py")}
        if not all(name in said for name in files | packages):
            incomplete.add(init.parent.name)

    assert incomplete == set()


def without_building(program: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of one line as if the packages of requirements-build.txt were not installed."""
    hidden = "".join(f"sys.modules[{name!r}] = None; " for name in BUILDING)
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {hidden}{program}"]
    nowhere = dict.fromkeys(("WDQS_URL", "WIKIDATA_API", "COMMONS_API"), "http://127.0.0.1:9")
    return subprocess.run(command, cwd=cwd, env=nowhere, capture_output=True, text=True, check=False)


def test_the_bot_and_the_command_line_need_nothing_of_what_building_needs(tmp_path: Path) -> None:
    done = without_building("import bot, matcher", tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


def test_building_without_its_packages_says_in_one_line_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    command = "build_index.main(['--photos', 'photos', '--out', 'index'])"
    done = without_building(f"import build_index; sys.exit({command})", tmp_path)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "make setup-build" in done.stderr


def test_importing_any_module_prints_and_opens_nothing(tmp_path: Path) -> None:
    wanted = sorted(MODULES | dict.fromkeys(PROGRAMS))
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n" + "\n".join(f"import {name}" for name in wanted)

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_the_bot_process_never_loads_the_models() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import bot; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert {"av", "dlib", "onnxruntime", "onnx", "matplotlib", "scipy.sparse"} & set(done.stdout.split()) == set()
