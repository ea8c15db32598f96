"""One worker as the bot sees it: a subprocess with an empty environment (no token), and the pipes to it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import Process
from pathlib import Path

from lookalike.core.child_process import start_child, tell
from lookalike.core.errors import ModelError
from lookalike.workers.protocol import (
    SIZES,
    Answer,
    ProtocolError,
    Request,
    StartFailure,
    read_answer,
    read_start,
    request_start,
    unpack_sizes,
)
from lookalike.workers.stderr_log import StderrLog

PROGRAM = "lookalike.workers.worker_main"
START_S = 60.0  # for loading the models, on a machine that is busy with other things
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
CHUNK_BYTES = 262_144  # of a photo are given to the pipe at a time: asyncio copies what the pipe does not take

# What a lost worker shows itself by.
LOST = (asyncio.IncompleteReadError, ConnectionError, TimeoutError, ProtocolError)


class WorkerProcess:
    """A worker that has loaded its models. `missing`: protections that this machine cannot give it."""

    def __init__(self, process: Process, stderr: StderrLog) -> None:
        self._process = process
        self._stderr = stderr
        self._killed = False
        self.answered = 0
        self.missing: tuple[str, ...] = ()

    @classmethod
    async def start(cls, models: Path) -> WorkerProcess:
        """Start one; ModelError if it cannot load the models in that folder."""
        stderr = StderrLog()
        try:
            process = await start_child(PROGRAM, str(models), stderr=stderr.write_end)
        except BaseException:
            stderr.abandon()
            raise
        stderr.started(process.pid)
        worker = cls(process, stderr)
        try:
            async with asyncio.timeout(START_S):
                first = read_start(*await worker._receive())
        except LOST:
            first = StartFailure("a face worker ended while it loaded its models")
        except asyncio.CancelledError:
            await worker.kill()
            raise
        if isinstance(first, StartFailure):
            await worker.kill()
            raise ModelError(first.error)
        worker.missing = first.missing
        return worker

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process runs and is to go on."""
        return self._process.returncode is None and not self._killed

    @property
    def met_cpu_limit(self) -> bool:
        """Whether the kernel ended it at its limit of CPU time; known after `kill`."""
        return self._process.returncode == -signal.SIGXCPU

    def resident_bytes(self) -> int:
        """Memory that the process holds (proc(5), statm); 0 if it has ended."""
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * PAGE_BYTES
        except OSError:
            return 0

    async def ask(self, request: Request) -> Answer:
        """Send a request and wait for its answer; one of LOST if the worker has died or answers nonsense."""
        await tell(self._process, request_start(request))
        for part in request.body:
            for start in range(0, len(part), CHUNK_BYTES):
                await tell(self._process, memoryview(part)[start : start + CHUNK_BYTES])
        answer = read_answer(request.task, *await self._receive())
        self.answered += 1
        return answer

    async def _receive(self) -> tuple[bytes, bytes]:
        """Head and body of one frame."""
        assert self._process.stdout is not None  # noqa: S101 - made with PIPE
        read = self._process.stdout.readexactly
        head_bytes, body_bytes = unpack_sizes(await read(SIZES.size))
        return await read(head_bytes), await read(body_bytes)

    def kill_now(self) -> None:
        """Send SIGKILL without waiting for the end."""
        self._killed = True
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)  # Process.kill() would reap it, and asyncio miss its status

    async def kill(self) -> None:
        """End the process at once and wait until it has ended."""
        self.kill_now()
        await self._process.wait()
        self._stderr.close()
