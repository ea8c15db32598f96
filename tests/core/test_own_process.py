"""A process that holds secrets leaves no core dump, and no other user's process can read it."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parents[2]
PROGRAM = """
import ctypes, os, resource, signal, subprocess, sys
from lookalike.core.own_process import forbid_dumps
forbid_dumps()
child = "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
core = resource.getrlimit(resource.RLIMIT_CORE)
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), core, os.stat("/proc/self/mem").st_uid)
print(subprocess.run([sys.executable, "-c", child], capture_output=True, text=True).stdout, end="", flush=True)
os.kill(os.getpid(), signal.SIGABRT)
"""


def test_a_process_that_forbids_dumps_leaves_none_and_belongs_to_root_in_proc(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )  # fmt: skip

    assert done.stdout.splitlines() == ["0 (0, 0) 0", "1"]  # not dumpable; a child that runs a program is
    assert done.returncode < 0
    assert list(tmp_path.iterdir()) == []


ENDING_SOON = {
    "bot.py": "from bot import main; main()",  # there is nothing to do
    "the page": "from lookalike.web.page_process import main; sys.argv[1:] = ['0']; main()",  # which is no socket
    "storage.py": "from storage import main; main(['--stats'])",  # of no store
}


@pytest.mark.parametrize("program", ENDING_SOON)
def test_a_program_that_holds_what_people_sent_or_are_called_forbids_dumps(tmp_path: Path, program: str) -> None:
    code = f"""
import contextlib, ctypes, resource, sys
with contextlib.suppress(OSError):
    {ENDING_SOON[program]}
print("dumpable:", ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "WEB_LISTEN": ""},
        input="{}\n", capture_output=True, text=True,
    )  # fmt: skip

    assert "dumpable: 0 (0, 0)" in (done.stdout + done.stderr).splitlines()
