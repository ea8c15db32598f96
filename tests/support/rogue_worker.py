"""worker.py with a picture that has taken over its decoder: it does what the photo says.

All else is the real worker: the same pipes, models, bounds and confinement.
"""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from lookalike.faces.finder import FaceFinder
from lookalike.workers import worker_main as worker
from lookalike.workers.protocol import Head, pack

answer_as_it_should = worker.answer
hoard: list[bytearray] = []


def answer(faces: FaceFinder, head: Head, photo: bytes) -> bytes:
    """Die, loop, eat memory or try what is forbidden; any other photo is answered as it should be."""
    match head, photo:
        case {"do": "try", "what": what, "folder": folder}, _:
            return pack({"outcome": tried(what, Path(folder))})
        case _, b"segfault":
            ctypes.string_at(0)
        case _, b"abort":
            os.abort()
        case _, b"loop":
            while True:
                pass
        case _, b"eat":
            while True:
                hoard.append(bytearray(b"x") * 50_000_000)
        case _, b"grow":
            hoard.append(bytearray(b"x") * 200_000_000)
    return answer_as_it_should(faces, head, photo)


def tried(what: str, folder: Path) -> str:
    """`refused`, or what came of it."""
    try:
        ATTEMPTS[what](folder)
    except PermissionError:
        return "refused"
    except OSError as error:
        return str(error)
    return "done"


def fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def call(name: str, *arguments: object) -> None:
    """A function of libc that Python has no name for."""
    if ctypes.CDLL(None, use_errno=True)[name](*arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def thread() -> None:
    one = threading.Thread(target=lambda: None)
    one.start()
    one.join()


PARENT, NICENESS = os.getppid(), os.getpriority(os.PRIO_PROCESS, os.getppid())  # as it is anyway
ALLOWED: dict[str, Callable[[Path], object]] = {
    "start a thread": lambda folder: thread(),
    "read a file": lambda folder: (folder / "there").read_bytes(),
    "raise its own limit": lambda folder: resource.setrlimit(resource.RLIMIT_CPU, (1000, resource.RLIM_INFINITY)),
}
REFUSED_BY_NUMBER: dict[str, Callable[[Path], object]] = {
    "open a TCP socket": lambda folder: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "open a UDP socket": lambda folder: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    "open a Unix socket": lambda folder: socket.socket(socket.AF_UNIX),
    "open a netlink socket": lambda folder: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "open sockets through io_uring": lambda folder: call("syscall", 425, 1, bytes(200)),
    "fork": lambda folder: fork(),
    "run a program": lambda folder: subprocess.run(["/bin/true"], check=True),
    "become a program": lambda folder: os.execv("/nowhere", ["nowhere"]),  # noqa: S606
    "signal the bot": lambda folder: os.kill(PARENT, 0),
    "signal the bot through a descriptor": lambda folder: signal.pidfd_send_signal(os.pidfd_open(PARENT), 0),
    "bound the bot": lambda folder: resource.prlimit(PARENT, resource.RLIMIT_NOFILE),
    "slow the bot down": lambda folder: os.setpriority(
        os.PRIO_PROCESS, PARENT, os.getpriority(os.PRIO_PROCESS, PARENT)
    ),
    "read another's memory by call": lambda folder: call("process_vm_readv", os.getpid(), None, 0, None, 0, 0),
    "have a namespace of its own": lambda folder: call("unshare", 0x10000000),
    "change a file's mode": lambda folder: (folder / "there").chmod(0o777),
    "change a file's time": lambda folder: os.utime(folder / "there"),
    "change a file's owner": lambda folder: os.chown(folder / "there", os.getuid(), os.getgid()),
}
REFUSED_BY_FILE: dict[str, Callable[[Path], object]] = {
    "write a new file": lambda folder: (folder / "new").write_bytes(b"x"),
    "write into a file": lambda folder: (folder / "there").open("r+b"),
    "empty a file": lambda folder: os.open(folder / "there", os.O_RDONLY | os.O_TRUNC),
    "make a folder": lambda folder: (folder / "made").mkdir(),
    "link to a file": lambda folder: (folder / "link").symlink_to("there"),
    "rename a file": lambda folder: (folder / "there").rename(folder / "gone"),
    "delete a file": lambda folder: (folder / "there").unlink(),
    "read the bot's environment": lambda folder: Path(f"/proc/{PARENT}/environ").read_bytes(),
    "read the bot's memory map": lambda folder: Path(f"/proc/{PARENT}/maps").read_bytes(),
}
MAYBE_REFUSED_ANYWAY = {"open sockets through io_uring", "have a namespace of its own"}  # by how a machine is set up
ATTEMPTS = ALLOWED | REFUSED_BY_NUMBER | REFUSED_BY_FILE

if __name__ == "__main__":
    worker.answer = answer
    worker.CPU_PER_PHOTO_S = 1
    worker.main()
