"""What every program at the top level has in common: --help, and no unknown arguments."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lookalike.core.paths import ROOT

PROGRAMS = sorted(path.name for path in ROOT.glob("*.py"))


def run(program: str, *arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(ROOT / program), *arguments],
        cwd=cwd, env={"PATH": os.defpath}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_is_printed_and_nothing_is_done(program: str, tmp_path: Path) -> None:
    done = run(program, "--help", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: {program}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_unknown_argument_is_refused_with_the_usage(program: str, tmp_path: Path) -> None:
    done = run(program, "--nonsense", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"usage: {program}")
    assert list(tmp_path.iterdir()) == []
