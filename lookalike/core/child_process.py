"""How this project starts a Python process of its own: by module, from this checkout, with none of our environment."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Collection

from lookalike.core.own_process import keep_files_to_itself
from lookalike.core.paths import ROOT

RUN_MODULE = (sys.executable, "-P", "-m")  # -P: the working directory is not searched for modules


def child_environment() -> dict[str, str]:
    """The environment of a child: no token, no setting; one thread for each library."""
    return {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


async def start_child(
    module: str, *arguments: str, stderr: int | None = None, pass_fds: Collection[int] = (), limit: int = 2**16,
    **variables: str,
) -> Process:  # fmt: skip
    """Start a module of ours in a session of its own, with pipes; OSError if that is not possible.

    Whoever is cancelled meanwhile leaves no process behind: uvloop would kill it, but not wait for its end. `limit`:
    bytes of a line that are read at most. `variables`: of its environment, beside those that every child has.
    """
    keep_files_to_itself()
    start = asyncio.create_subprocess_exec(
        *RUN_MODULE, module, *arguments, stdin=PIPE, stdout=PIPE, stderr=stderr, pass_fds=pass_fds, limit=limit,
        start_new_session=True, env=child_environment() | variables,
    )  # fmt: skip
    starting = asyncio.create_task(start)
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with contextlib.suppress(OSError):
            process = await starting
            process.kill()
            await process.wait()
        raise


async def tell(process: Process, data: bytes | memoryview) -> None:
    """Write to the standard input of a child; ConnectionError if it is closed, for which uvloop has a RuntimeError."""
    assert process.stdin is not None  # noqa: S101 - made with PIPE
    if process.stdin.is_closing():
        raise ConnectionResetError("the process has closed its standard input")
    process.stdin.write(data)
    await process.stdin.drain()


async def tell_all(process: Process, data: bytes) -> None:
    """Write to the standard input of a child and close it; whether the child reads it or not."""
    with contextlib.suppress(ConnectionError):
        await tell(process, data)
    assert process.stdin is not None  # noqa: S101 - made with PIPE
    process.stdin.close()
