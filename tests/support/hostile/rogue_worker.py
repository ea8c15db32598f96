"""worker_main.py with a picture that has taken over its decoder: it does what the photo says.

All else is the real worker: the same pipes, models, limits and sandbox.
"""

import contextlib
import ctypes
import fcntl
import mmap
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from lookalike.core.paths import MODELS_DIR
from lookalike.faces.finder import ONNX_NAME, FaceFinder
from lookalike.faces.types import Reason, Refusal
from lookalike.workers import worker_main as worker
from lookalike.workers.decoded_photos import DecodedPhotos
from lookalike.workers.protocol import SIZES, Answer, Request

real_answer, real_send = worker.answer, worker.send
hoard: list[bytearray] = []

TRY = b"try "  # then what, a line break, and a folder that holds a file "there"
RAW = b"raw "  # then the bytes to be answered
OUTCOMES = {"refused": Reason.NO_FACE, "done": Reason.TOO_LARGE, "failed": Reason.NOT_A_PICTURE}
HUGE_FRAME = SIZES.pack(2, 4_000_000_000) + b"{}"


def answer(faces: FaceFinder, request: Request, decoded: DecodedPhotos) -> Answer | bytes:
    """Die, loop, eat memory or try what is forbidden; any other photo is answered as it should be."""
    photo = request.photo
    if photo.startswith(TRY):
        what, _, folder = photo.removeprefix(TRY).decode().partition("\n")
        return Refusal(OUTCOMES[tried(what, Path(folder))])
    if photo.startswith(RAW):
        return photo.removeprefix(RAW)
    match photo:
        case b"exit":
            os._exit(1)
        case b"segfault":
            ctypes.string_at(0)
        case b"abort":
            os.abort()
        case b"loop":
            worker.allow_cpu(1)
            while True:
                pass
        case b"eat":
            while True:
                hoard.append(bytearray(b"x") * 50_000_000)
        case b"grow":
            hoard.append(bytearray(b"x") * 200_000_000)
        case b"crumbs":  # freed, but for the last one, below which glibc keeps them
            began = time.process_time()
            crumbs = [bytearray(4000) for _ in range(50_000)]
            hoard.append(crumbs.pop())
            while time.process_time() - began < 2 * worker.COSTLY_S:
                pass
        case b"say":
            print("a library\x1b[31m says so", file=sys.stderr)
        case b"flood":
            with contextlib.suppress(BrokenPipeError):
                for _ in range(1000):
                    os.write(2, b"x" * 999 + b"\n")
    return real_answer(faces, request, decoded)


def send(answers: BinaryIO, answer: Answer | bytes) -> None:
    """Send bytes as they are, answers as they should be sent."""
    if isinstance(answer, bytes):
        answers.write(answer)
    else:
        real_send(answers, answer)


def tried(what: str, folder: Path) -> str:
    """`refused`, `done` or `failed`."""
    try:
        ATTEMPTS[what](folder)
    except PermissionError:
        return "refused"
    except (OSError, RuntimeError) as error:  # a thread that cannot be started is a RuntimeError
        if isinstance(error, RuntimeError) or error.errno == 38:  # ENOSYS: the call is hidden
            return "refused"
        print(f"{what}: {error}", file=sys.stderr)
        return "failed"
    return "done"


def fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def call(name: str, *arguments: object) -> int:
    """A function of libc that Python has no name for."""
    result = int(ctypes.CDLL(None, use_errno=True)[name](*arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def thread() -> None:
    one = threading.Thread(target=lambda: None)
    one.start()
    one.join()


def lock(file: Path) -> None:
    """The lock that keeps SQLite from writing."""
    with file.open("rb") as opened:
        fcntl.lockf(opened, fcntl.LOCK_SH)


def map_memory(protection: int) -> None:
    mmap.mmap(-1, 4096, prot=protection).close()


LIBC = next(Path(line.split()[-1]) for line in Path("/proc/self/maps").read_text().splitlines() if "libc.so" in line)
IOPRIO_SET = {"x86_64": 251, "aarch64": 30}  # asm/unistd_64.h, asm-generic/unistd.h
PARENT, NICENESS = os.getppid(), os.getpriority(os.PRIO_PROCESS, os.getppid())  # as it is anyway
POLICY, CPUS = os.sched_getscheduler(PARENT), os.sched_getaffinity(PARENT)
ALLOWED: dict[str, Callable[[Path], object]] = {
    "have memory": lambda folder: map_memory(mmap.PROT_READ | mmap.PROT_WRITE),
    "read a library": lambda folder: LIBC.read_bytes(),
    "list a library": lambda folder: list(LIBC.parent.iterdir()),
    "raise its own limit": lambda folder: resource.setrlimit(resource.RLIMIT_CPU, (1000, resource.RLIM_INFINITY)),
}
REFUSED_BY_NUMBER: dict[str, Callable[[Path], object]] = {
    "start a thread": lambda folder: thread(),
    "open a TCP socket": lambda folder: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "open a UDP socket": lambda folder: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    "open a Unix socket": lambda folder: socket.socket(socket.AF_UNIX),
    "open a netlink socket": lambda folder: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "open sockets through io_uring": lambda folder: call("syscall", 425, 1, bytes(200)),
    "fork": lambda folder: fork(),
    "run a program": lambda folder: subprocess.run(["/bin/true"], check=True),
    "signal the bot": lambda folder: os.kill(PARENT, 0),
    "signal the bot through a descriptor": lambda folder: signal.pidfd_send_signal(os.pidfd_open(PARENT), 0),
    "limit the bot": lambda folder: resource.prlimit(PARENT, resource.RLIMIT_NOFILE),
    "slow the bot down": lambda folder: os.setpriority(os.PRIO_PROCESS, PARENT, NICENESS),
    "schedule the bot": lambda folder: os.sched_setscheduler(PARENT, POLICY, os.sched_param(0)),
    "move the bot to one core": lambda folder: os.sched_setaffinity(PARENT, CPUS),
    "slow the bot's disk": lambda folder: call("syscall", IOPRIO_SET[os.uname().machine], 1, PARENT, 2 << 13),
    "read another's memory by call": lambda folder: call("process_vm_readv", os.getpid(), None, 0, None, 0, 0),
    "have a namespace of its own": lambda folder: call("unshare", 0x10000000),
    "change a file's mode": lambda folder: (folder / "there").chmod(0o777),
    "change a file's time": lambda folder: os.utime(folder / "there"),
    "change a file's owner": lambda folder: os.chown(folder / "there", os.getuid(), os.getgid()),
    "give a file attributes": lambda folder: os.setxattr(folder / "there", "user.of", b"me"),
    "cut its standard error": lambda folder: os.ftruncate(2, 0),
    "share memory with others": lambda folder: call("shmctl", call("shmget", 0, 4096, 0o1600), 0, None),
    "send messages to others": lambda folder: call("msgctl", call("msgget", 0, 0o1600), 0, None),
    "make a pipe": lambda folder: os.pipe(),
    "make a file in memory": lambda folder: os.memfd_create("x"),
    "change its folder": lambda folder: os.chdir("/"),
}
REFUSED_BY_FILE: dict[str, Callable[[Path], object]] = {
    "read a file": lambda folder: (folder / "there").read_bytes(),
    "list a folder": lambda folder: list(folder.iterdir()),
    "lock a file": lambda folder: lock(folder / "there"),
    "write a new file": lambda folder: (folder / "new").write_bytes(b"x"),
    "write into a file": lambda folder: (folder / "there").open("r+b"),
    "empty a file": lambda folder: os.open(folder / "there", os.O_RDONLY | os.O_TRUNC),
    "make a folder": lambda folder: (folder / "made").mkdir(),
    "link to a file": lambda folder: (folder / "link").symlink_to("there"),
    "rename a file": lambda folder: (folder / "there").rename(folder / "gone"),
    "delete a file": lambda folder: (folder / "there").unlink(),
    "read the models": lambda folder: (MODELS_DIR / ONNX_NAME).read_bytes(),
    "read the list of users": lambda folder: Path("/etc/passwd").read_bytes(),
    "read the bot's environment": lambda folder: Path(f"/proc/{PARENT}/environ").read_bytes(),
    "read the bot's memory map": lambda folder: Path(f"/proc/{PARENT}/maps").read_bytes(),
    "read the bot's command line": lambda folder: Path(f"/proc/{PARENT}/cmdline").read_bytes(),
}
REFUSED = REFUSED_BY_NUMBER | REFUSED_BY_FILE
ATTEMPTS = ALLOWED | REFUSED
# What may be refused to anybody, by how a machine or its file systems are set up.
MAYBE_REFUSED_ANYWAY = {"open sockets through io_uring", "have a namespace of its own", "give a file attributes"}
NOT_OUTSIDE = {"cut its standard error"}  # which is a pipe there as well

if __name__ == "__main__":
    worker.answer = answer  # type: ignore[assignment] # the bytes are what a taken over worker sends
    worker.send = send  # type: ignore[assignment]
    worker.main()
