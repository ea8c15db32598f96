"""How every program ends: an error is one line on standard error and an exit status, never a traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable

from lookalike.core.errors import LookalikeError
from lookalike.core.terminal import printable

FAILED = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells count it


def run_program(name: str, work: Callable[[], int], *, when_interrupted: str = "") -> int:
    """The exit status of `work`, or that of what ended it.

    LookalikeError and OSError become `name: text` and the error's `exit_status` (2 for OSError); so does a package that
    is not installed, with the command that installs it. Ctrl-C becomes 130, with the line `when_interrupted`; a reader
    of standard output that has gone (`head`) is no failure.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file name need not be text
    try:
        status = work()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its exit
        return 0
    except LookalikeError as error:
        print_error(name, str(error))
        return error.exit_status
    except ModuleNotFoundError as error:  # the packages of requirements-build.txt are imported where they are needed
        print_error(name, f"the package {error.name} is missing: run `make setup-build`")
        return FAILED
    except OSError as error:
        print_error(name, f"{error.filename}: {error.strerror}" if error.filename else str(error))
        return FAILED
    except KeyboardInterrupt:
        if when_interrupted:
            print_error(name, when_interrupted)
        return INTERRUPTED
    return status


def print_error(name: str, text: str) -> None:
    """`name: text` on standard error; only line breaks of `text` are kept as they are."""
    print(f"{name}: " + "\n".join(map(printable, text.split("\n"))), file=sys.stderr)
