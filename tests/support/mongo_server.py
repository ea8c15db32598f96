"""A real server for MongoDB's wire protocol: `mongod` if it is on the PATH, else FerretDB as tests/ferretdb builds it.

A pytest plugin: `mongo_uri` is a fresh database on a server all tests share, `mongo_server` is a server of one's own,
to stop, kill and start. Without any server the tests are skipped with the reason; where CI is set they fail instead.
"""

import asyncio
import gc
import os
import shutil
import signal
import socket
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from lookalike.store.user_log.mongo_log import MongoLog

FERRETDB = Path(__file__).parents[2] / ".cache" / "ferretdb"
START_TIMEOUT_S = 60
POLL_S = 0.02

Command = Callable[[int, Path], list[str]]  # port and data directory -> what to run


class MongoServer:
    """One server on loopback; its port and data stay the same from start to start."""

    def __init__(self, command: Command, directory: Path) -> None:
        self.port = free_port()
        self._log = directory / "server.log"
        self._data = directory / "data"
        self._data.mkdir(parents=True)
        self._command = command(self.port, self._data)
        self._process: subprocess.Popen[bytes] | None = None

    def uri(self, database: str = "lookalike") -> str:
        """Return the address of a database on it."""
        return f"mongodb://127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and return when it accepts connections."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._accepts():  # neither server reports that it is ready
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                pytest.fail(f"the server did not start:\n{self._log.read_text(errors='replace')[-2000:]}")
            time.sleep(POLL_S)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would, and wait."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None

    def _accepts(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def free_port() -> int:
    """Return a port of loopback that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def close_for_good(log: MongoLog) -> None:
    """Close a user log, and wait until nothing of its driver is left.

    pymongo 4.20 forgets to close a socket when close() cancels a monitor that is just connecting. The collector does
    it, with a warning that pytest would hold against whichever test runs then; so collect here, and say nothing.
    """
    await log.close()
    if monitors := [
        task for task in asyncio.all_tasks() if task.get_name().startswith("pymongo") and task.cancelling()
    ]:
        await asyncio.wait(monitors)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="session")
def mongo_command() -> Command:
    """How to start a server here."""
    if mongod := shutil.which("mongod"):
        return lambda port, data: [mongod, "--dbpath", str(data), "--port", str(port), "--bind_ip", "127.0.0.1"]
    if FERRETDB.exists():
        return lambda port, data: [str(FERRETDB), "-listen", f"127.0.0.1:{port}", "-data", str(data)]
    reason = "no mongod on the PATH and no .cache/ferretdb: run tests/ferretdb/build.sh"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_mongo_server(mongo_command: Command, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    """The server that most tests share."""
    server = MongoServer(mongo_command, tmp_path_factory.mktemp("mongo"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mongo_uri(shared_mongo_server: MongoServer) -> str:
    """A new database."""
    return shared_mongo_server.uri(f"test_{uuid4().hex}")


@pytest.fixture
def mongo_server(mongo_command: Command, tmp_path: Path) -> Iterator[MongoServer]:
    """A server of one's own, not started yet."""
    server = MongoServer(mongo_command, tmp_path / "mongo")
    yield server
    server.kill()
