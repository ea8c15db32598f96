"""All that rogue_worker.py can try, tried by a worker and by a process that is none; prints the outcomes as JSON.

python -m tests.support.hostile.sandbox_attempts FOLDER [--outside]
"""

import asyncio
import json
import multiprocessing
import subprocess
import sys
from pathlib import Path

from lookalike.faces.types import Refusal
from lookalike.workers import worker_process
from lookalike.workers.pool import WorkerPool
from tests.support.hostile import rogue_worker
from tests.support.pools import ROGUE

NOBODY = 65534
# An ordinary user who may still enter the private folders that this checkout and its interpreter may lie in.
AS_NOBODY = [
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
    "--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search",
]  # fmt: skip
EXITS: dict[int | None, str] = {0: "done", 3: "refused", 4: "failed"}


def folder_for(what: str, folder: Path) -> Path:
    """A folder of this attempt's own with a file in it."""
    own = folder / what
    own.mkdir(parents=True)
    (own / "there").write_bytes(b"x")
    return own


async def in_a_worker(folder: Path) -> dict[str, str]:
    """The outcome of each attempt; `missing` is what this machine cannot keep a worker from."""
    worker_process.PROGRAM = ROGUE
    words = {reason: word for word, reason in rogue_worker.OUTCOMES.items()}
    found = {}
    async with WorkerPool(1) as pool:
        for what in rogue_worker.ATTEMPTS:
            answer = await pool.find(rogue_worker.TRY + f"{what}\n{folder_for(what, folder)}".encode())
            assert isinstance(answer, Refusal)
            found[what] = words[answer.reason]
        found["missing"] = ", ".join(pool._slots[0].worker.missing)
    return found


def outside(folder: Path) -> dict[str, str]:
    """The same in processes that are no workers: one each, for what they do to themselves."""
    context = multiprocessing.get_context("fork")
    found = {}
    for what in rogue_worker.ATTEMPTS.keys() - rogue_worker.NOT_OUTSIDE:
        process = context.Process(target=_try_and_exit, args=(what, folder_for(what, folder)))
        process.start()
        process.join()
        found[what] = EXITS.get(process.exitcode, "failed")
    return found


def _try_and_exit(what: str, folder: Path) -> None:
    sys.exit(next(status for status, word in EXITS.items() if word == rogue_worker.tried(what, folder)))


if __name__ == "__main__":
    place = Path(sys.argv[1])
    if "--outside" in sys.argv:
        print(json.dumps(outside(place)))
    else:
        program = [sys.executable, "-m", "tests.support.hostile.sandbox_attempts", str(place / "outside"), "--outside"]
        control = subprocess.run(program, check=True, stdout=subprocess.PIPE)
        worker = asyncio.run(in_a_worker(place / "worker"))
        print(json.dumps({"worker": worker, "outside": json.loads(control.stdout)}))
