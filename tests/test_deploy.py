"""Deployment: systemd accepts the unit, and the image has all that the bot needs.

No container engine is needed: the Dockerfile's steps are replayed in a directory, with this virtual environment.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest

from lookalike.core import watchdog
from lookalike.core.settings import Settings
from lookalike.store.key_file import make_key, read_key
from tests.conftest import ROOT, missing
from tests.support import running_bot
from tests.support.bot_api.conversation import answer
from tests.support.bot_api.server import BotApi
from tests.support.running_bot import RunningBot

UNIT = ROOT / "deploy" / "lookalike.service"
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
README = (ROOT / "deploy" / "README.md").read_text()
EXPOSURE = 14  # of 100, as systemd-analyze scores it; a lower one is safer


def unit(key: str) -> list[str]:
    """The values of a key of the unit."""
    return re.findall(rf"^{key}=(.*)$", UNIT.read_text(), re.MULTILINE)


def steps(instruction: str) -> list[str]:
    """The arguments of an instruction of the Dockerfile, from top to bottom."""
    text = DOCKERFILE.read_text().replace("\\\n", " ")
    return [line.split(None, 1)[1] for line in text.splitlines() if line.startswith(instruction + " ")]


# systemd.


@pytest.fixture
def unit_file(tmp_path: Path) -> Path:
    """The unit with the paths of this checkout: systemd checks that programs exist."""
    if shutil.which("systemd-analyze") is None:
        missing("systemd-analyze is not here: apt install systemd")
    path = tmp_path / UNIT.name
    path.write_text(UNIT.read_text().replace("/opt/lookalike", str(ROOT)))
    return path


def test_systemd_accepts_the_unit(unit_file: Path) -> None:
    done = subprocess.run(["systemd-analyze", "verify", str(unit_file)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_finds_the_unit_well_confined(unit_file: Path) -> None:
    command = ["systemd-analyze", "security", "--no-pager", "--offline=true", f"--threshold={EXPOSURE}", str(unit_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_the_unit_sets_only_what_can_be_set() -> None:
    names = {value.partition("=")[0].lower() for value in unit("Environment")} - {"pythondontwritebytecode"}

    assert names
    assert names <= set(Settings.model_fields)


def test_the_unit_waits_as_long_as_the_bot_may_take() -> None:
    assert int(unit("TimeoutStopSec")[0]) > watchdog.CLOSE_S
    assert int(unit("WatchdogSec")[0]) > watchdog.FROZEN_S
    assert unit("TimeoutStartSec") == ["infinity"]


def test_neither_a_lost_worker_nor_a_stop_signal_ends_other_workers() -> None:
    assert unit("OOMPolicy") == ["continue"]
    assert unit("KillMode") == ["mixed"]


def test_the_unit_lets_workers_confine_themselves() -> None:
    assert {"seccomp", "landlock_create_ruleset", "landlock_restrict_self"} <= set(unit("SystemCallFilter")[0].split())


# Docker.


def is_sent(path: PurePosixPath) -> bool:
    """Whether .dockerignore sends a path to the builder: the last pattern that matches it, or its folder, counts."""
    sent = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.lstrip("!")
        if line and not line.startswith("#") and any(matches(pattern, one) for one in (path, *path.parents)):
            sent = line.startswith("!")
    return sent


def matches(pattern: str, path: PurePosixPath) -> bool:
    if pattern.startswith("**/"):
        return fnmatch(path.name, pattern[3:])
    wanted = PurePosixPath(pattern).parts
    return len(wanted) == len(path.parts) and all(map(fnmatch, path.parts, wanted))


def copy(source: str, target: Path) -> int:
    """COPY of one source, which may be a pattern, as the builder does it; returns the number of files."""
    count = 0
    for top in ROOT.glob(source):
        for file in [top] if top.is_file() else [path for path in top.rglob("*") if path.is_file()]:
            if is_sent(PurePosixPath(file.relative_to(ROOT))):
                place = target / (file.name if top.is_file() else file.relative_to(top))
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, place)
                count += 1
    return count


@pytest.fixture(scope="module")
def image(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working directory of the image, built."""
    directory = tmp_path_factory.mktemp("image")
    for *sources, target in (shlex.split(step) for step in steps("COPY") if not step.startswith("--")):
        for source in sources:
            assert copy(source, directory / target) > 0, source
    (directory / ".venv").symlink_to(sys.prefix)
    os.utime(directory / "requirements.txt", (0, 0))  # so that make finds the virtual environment up to date
    subprocess.run(["make", "setup"], cwd=directory, env={"PATH": os.defpath}, check=True, capture_output=True)
    return directory


@pytest.fixture
def port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def test_the_image_starts_is_healthy_and_stops(image: Path, port: str, tmp_path: Path) -> None:
    environment = dict(pair.split("=", 1) for pair in shlex.split(steps("ENV")[0]))
    assert {name.lower() for name in environment} <= set(Settings.model_fields)
    environment |= {"WEB_LISTEN": f"127.0.0.1:{port}", "DATA_DIR": str(tmp_path), "WORKERS": "1", "PATH": os.defpath}
    check = json.loads(steps("HEALTHCHECK")[0].partition("CMD")[2].replace("8080", port))
    with subprocess.Popen(
        json.loads(steps("ENTRYPOINT")[0]), cwd=image, env=environment, stderr=subprocess.PIPE, text=True
    ) as bot:
        try:
            assert bot.stderr is not None
            assert any("ready:" in line for line in bot.stderr), "the bot ended"
            healthy = subprocess.run(check, cwd=image, check=False).returncode
            bot.send_signal(signal.Signals[steps("STOPSIGNAL")[0]])

            assert (healthy, bot.wait()) == (0, 0)
        finally:
            bot.kill()
    unhealthy = subprocess.run(check, cwd=image, check=False, capture_output=True)
    assert unhealthy.returncode == 1


async def test_the_image_has_what_the_bot_answers_with(
    image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_bot, "ROOT", image)
    async with BotApi() as api, RunningBot(api, tmp_path, image / "assets" / "index", tmp_path):
        assert (await answer(api, api.user().text("hello"))).text


def test_no_data_key_or_photo_is_sent_to_the_builder() -> None:
    for name in ("data/lookalike.sqlite3", "data.key", "photos/Ada/1.jpg", ".venv/bin/python", ".git/config", "x/y.py"):
        assert not is_sent(PurePosixPath(name)), name
    assert is_sent(PurePosixPath("bot.py"))
    assert is_sent(PurePosixPath("assets/starter/manifest.json"))


def test_the_image_runs_as_an_ordinary_user_with_the_key_apart_from_the_data() -> None:
    assert steps("USER") == ["lookalike"]
    environment = dict(pair.split("=", 1) for pair in shlex.split(steps("ENV")[0]))

    assert json.loads(steps("VOLUME")[0]) == [environment["DATA_DIR"], str(Path(environment["DATA_KEY_FILE"]).parent)]


def test_the_commands_of_the_readme_are_those_of_the_files() -> None:
    assert DOCKERFILE.read_text().splitlines()[0].lstrip("# ") in README
    assert f"-p 127.0.0.1:{steps('EXPOSE')[0]}:" in README
    for path in re.findall(r"/etc/lookalike/[\w.]+", README):
        assert path in UNIT.read_text()


def test_the_key_that_the_readme_makes_is_one(tmp_path: Path) -> None:
    (program,) = re.findall(r"python -c '(.*?)'", README)
    key = tmp_path / "data.key"
    command = [sys.executable, "-c", program.replace("/etc/lookalike/data.key", str(key))]
    subprocess.run(command, cwd=ROOT, check=True)

    assert key.stat().st_mode & 0o777 == 0o600


def test_a_key_that_systemd_hands_over_is_taken_without_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    key = tmp_path / "data.key"
    make_key(key)
    key.chmod(0o440)
    read_key(key)
    assert "can be read by other accounts" in caplog.text
    caplog.clear()

    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    read_key(key)
    assert caplog.text == ""
