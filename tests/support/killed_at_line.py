"""For a process of a test's own: kill it at one line of what it runs, so that any moment of a write can be tried."""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from types import FrameType, ModuleType
from typing import Any


def run_until_line(work: Callable[[], object], modules: Iterable[ModuleType], last: int) -> int:
    """Run `work`; how many lines of these modules that took. SIGKILL at the line of number `last`; 0: none."""
    files, lines = {module.__file__ for module in modules}, 0

    def count(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        if frame.f_code.co_filename not in files:
            return None
        if event == "line":
            lines += 1
            if lines == last:
                os.kill(os.getpid(), signal.SIGKILL)
        return count

    sys.settrace(count)
    work()
    sys.settrace(None)
    return lines
