"""How bot.py is called."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, ROOT / "bot.py", *arguments], cwd=ROOT, env={"PATH": os.defpath, **settings},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_help_says_what_the_program_is_and_starts_nothing() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "usage: bot.py" in done.stdout
    assert "TELEGRAM_TOKEN" in done.stdout


@pytest.mark.parametrize("argument", ["--port=80", "photo.jpg"])
def test_an_argument_that_it_does_not_know_is_refused(argument: str) -> None:
    done = run(argument)
    assert done.returncode == 2
    assert argument in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bot_with_nothing_to_do_says_so() -> None:
    done = run(WEB_LISTEN="")
    assert done.returncode == 2
    assert "TELEGRAM_TOKEN" in done.stderr
    assert "WEB_LISTEN" in done.stderr


def test_an_index_that_is_missing_is_named(tmp_path: Path) -> None:
    done = run(WEB_LISTEN="127.0.0.1:0", INDEX_DIR=str(tmp_path / "none"), WORKERS="1")
    assert done.returncode == 2
    assert str(tmp_path / "none") in done.stderr
