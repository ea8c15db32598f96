"""The map of the house: importing does nothing, heavy dependencies have one home, nobody calls up."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = {path.stem: path for path in ROOT.glob("*.py")}

# Who may import a heavy or a far-reaching package, and nobody else.
HOMES = {
    "telegram": {"bot", "handlers", "messages", "pacing", "sending"},
    "dlib": {"faces"},
    "onnxruntime": {"faces"},
    "onnx": {"network"},
    "nmslib": {"search"},
    "PIL": {"pictures", "faces", "cards"},
    "sqlite3": {"database", "schema", "tables"},
    "pymongo": {"userlog"},
    "bson": {"userlog"},
    "starlette": {"web", "webhook", "metrics", "serving"},
    "uvicorn": {"serving"},
    "prometheus_client": {"metrics"},
    "fluent": {"replies"},
    "cryptography": {"vault"},
    "dask": {"cluster"},
    "distributed": {"cluster"},
    "tqdm": {"build_index", "asking"},
    "jinja2": {"report"},
    "httpx": {"transport", "fetching"},
}
# From the bottom up: a module imports only what stands before it.
ORDER = """
errors findings clock config logs metrics watchdog frames pictures quality recordfile network faces cards
sandbox worker workers
catalogue calibration figures search suspects manifest gallery trial indexing matcher thumbnails exhibits report
embedding people takedown cluster
records vault database schema tables storage userlog
replies repeats messages transport intake line pacing sending handlers
serving web webhook build_index bot
fetching notes asking wikidata commons downloads wishes harvest collect_photos
""".split()  # noqa: SIM905 - a list of fifty lines says less


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_every_module_has_its_place_in_the_order() -> None:
    assert sorted(ORDER) == sorted(MODULES)


@pytest.mark.parametrize("name", ORDER)
def test_a_module_imports_only_what_is_below_it(name: str) -> None:
    above = set(ORDER[ORDER.index(name) :])

    assert imports(MODULES[name]) & above == set()


@pytest.mark.parametrize(("package", "homes"), HOMES.items())
def test_a_heavy_package_has_one_home(package: str, homes: set[str]) -> None:
    assert {name for name, path in MODULES.items() if package in imports(path)} <= homes


@pytest.mark.parametrize("name", ORDER)
def test_importing_a_module_prints_and_opens_nothing(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {name}"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_the_bot_process_never_loads_the_models() -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import bot; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert {"dlib", "onnxruntime", "onnx"} & set(done.stdout.split()) == set()
