"""How programs end: one line and an exit status for whatever ends them."""

import errno
import subprocess
import sys

import pytest

from lookalike.core.errors import IndexRefused, LookalikeError, SettingsError, UnknownCelebrities
from lookalike.core.paths import ROOT
from lookalike.core.program import run_program


def raising(error: BaseException) -> int:
    raise error


def test_the_status_of_the_work_is_the_status_of_the_program() -> None:
    assert (run_program("x.py", lambda: 0), run_program("x.py", lambda: 1)) == (0, 1)


@pytest.mark.parametrize(
    ("error", "status"), [(IndexRefused("no index"), 2), (UnknownCelebrities("nobody is Q0", ("Q0",)), 1)]
)
def test_an_error_is_one_line_and_its_exit_status(
    error: LookalikeError, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_program("x.py", lambda: raising(error)) == status
    assert capsys.readouterr() == ("", f"x.py: {error}\n")


def test_a_file_that_cannot_be_written_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    error = OSError(errno.EACCES, "Permission denied", "out/\x1b[31mindex")

    assert run_program("x.py", lambda: raising(error)) == 2
    assert capsys.readouterr().err == "x.py: out/\\x1b[31mindex: Permission denied\n"


def test_an_error_of_several_lines_keeps_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program("x.py", lambda: raising(SettingsError("wrong:\n  A\n  B"))) == 2
    assert capsys.readouterr().err == "x.py: wrong:\n  A\n  B\n"


@pytest.mark.parametrize(("say", "err"), [("", ""), ("the next run continues", "x.py: the next run continues\n")])
def test_an_interrupted_program_ends_with_130(say: str, err: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program("x.py", lambda: raising(KeyboardInterrupt()), when_interrupted=say) == 130
    assert capsys.readouterr().err == err


def test_any_other_error_is_a_fault_of_the_program_and_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        run_program("x.py", lambda: raising(ZeroDivisionError()))


def test_a_reader_that_has_gone_is_no_failure() -> None:
    program = (
        "import sys; from lookalike.core.program import run_program\n"
        "def work():\n    for _ in range(100_000): print('a line')\n    return 0\n"
        "sys.exit(run_program('x.py', work))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()

        assert (process.stderr.read(), process.wait()) == (b"", 0)
