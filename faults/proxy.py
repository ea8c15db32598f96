"""A TCP proxy between the bot and its MongoDB that can be slow, silent, or lose the answer to a write."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator

WRITES = (b"\x02update\x00", b"\x02delete\x00")  # the first field of a MongoDB command that changes something (BSON)
CHUNK_BYTES = 65536


class Proxy:
    """Passes everything on to a port of loopback; its attributes set what goes wrong from now on."""

    def __init__(self, target_port: int, chance: random.Random) -> None:
        self.latency_s = 0.0  # before every answer
        self.lost = 0.0  # share of the writes that are passed on, and whose answers are lost with the connection
        self.lost_writes = 0
        self.passing = asyncio.Event()  # cleared: connections are accepted, no data is passed on
        self.passing.set()
        self.port = 0
        self._target_port, self._chance = target_port, chance
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Listen on a free port of loopback."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._connection(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side closes it or an answer is lost."""
        losing = asyncio.Event()  # set when the next answer is to be lost
        with contextlib.closing(writer):
            try:
                there, back = await asyncio.open_connection("127.0.0.1", self._target_port)
            except OSError:
                return
            with contextlib.closing(back):
                ways = [
                    asyncio.create_task(self._ask(reader, back, losing)),
                    asyncio.create_task(self._answer(there, writer, losing)),
                ]
                try:
                    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for way in ways:
                        way.cancel()
                    await asyncio.gather(*ways, return_exceptions=True)

    async def _ask(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, losing: asyncio.Event) -> None:
        while data := await source.read(CHUNK_BYTES):
            await self.passing.wait()
            if any(write in data for write in WRITES) and self._chance.random() < self.lost:
                losing.set()
            target.write(data)
            await target.drain()

    async def _answer(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, losing: asyncio.Event) -> None:
        while data := await source.read(CHUNK_BYTES):
            if losing.is_set():  # the write took effect, its answer is lost
                self.lost_writes += 1
                return
            await asyncio.sleep(self.latency_s)
            await self.passing.wait()
            target.write(data)
            await target.drain()
