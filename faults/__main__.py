"""Run the faults and attacks and print the table.

    .venv/bin/python -m faults                     # the long form, over an hour; keeps bench/results/faults.json
    .venv/bin/python -m faults --share 0.3         # the same with three tenths of the rounds, photos and seconds
    .venv/bin/python -m faults --short             # what every change must pass, minutes
    .venv/bin/python -m faults --short K1 B1       # some of it
    .venv/bin/python -m faults --again K1 B1       # some of it in the long form, into the result that was kept

Exit status 0 if everything held.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import importlib
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from record import RESULTS, commit, keep, table

from faults.materials import prepare
from faults.rig import Rig, Row, Scenario

MODULES = (
    "scenarios.load", "scenarios.kills", "scenarios.workers", "scenarios.telegram", "scenarios.messages",
    "scenarios.pictures", "scenarios.mongo", "scenarios.disk", "scenarios.index", "scenarios.clock",
    "scenarios.privacy", "scenarios.watchdog", "scenarios.tastes", "attacks.page", "attacks.pictures",
    "attacks.workers", "attacks.odd_order", "attacks.exposed", "attacks.store", "attacks.delivery",
)  # fmt: skip
PICTURES, PICTURES_SHORT = 100, 40
LIMIT_S, LIMIT_SHORT_S = 2400.0, 300.0  # for one scenario
# These measure time: nothing else runs meanwhile.
ALONE = frozenset({"L1", "L2", "L3", "L4", "K2", "K3", "K4", "X2", "A1", "A2", "A3", "A7"})
TOGETHER = 4  # of the others at a time, which mostly wait
# The rest of the list is what every change must pass.
LONG_ONLY = frozenset({"L1", "L3", "L4", "K3", "B3", "I1", "I2", "C1", "R1"})
HEAD = ("test", "fault", "number to hold", "rounds", "photos", "lost", "repeated", "recovery s", "held", "measured")


def scenarios() -> dict[str, Scenario]:
    """All scenarios by name, in the order of the list."""
    found: dict[str, Scenario] = {}
    for name in MODULES:
        found |= importlib.import_module(f"faults.{name}").SCENARIOS
    return found


async def run(wanted: dict[str, Scenario], *, is_short: bool, share: float) -> tuple[list[Row], dict[str, float]]:
    """Run them; the rows in the order of the list, and the seconds that each scenario took."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        scratch = Path(name)
        rig = Rig(
            await prepare(scratch, PICTURES_SHORT if is_short else PICTURES), scratch, is_short=is_short, share=share
        )
        places = asyncio.Semaphore(TOGETHER)
        found: dict[str, list[Row]] = {}
        took_s: dict[str, float] = {}

        async def run_one(test: str) -> None:
            async with places:
                began = time.monotonic()
                found[test] = await _rows_of(test, wanted[test], rig)
                took_s[test] = round(time.monotonic() - began, 1)
            print(f"{test} {took_s[test]} s", file=sys.stderr, flush=True)
            for row in found[test]:
                if row.held is not True:
                    print(f"   {_held(row)}: {row.case}: {row.note}", file=sys.stderr, flush=True)

        for test in (one for one in wanted if one in ALONE):
            await run_one(test)
        await asyncio.gather(*(run_one(test) for test in wanted if test not in ALONE))
    return [row for test in wanted for row in found[test]], {test: took_s[test] for test in wanted}


async def _rows_of(test: str, scenario: Scenario, rig: Rig) -> list[Row]:
    """The rows of one scenario; an error in it is a row that did not hold."""
    try:
        async with asyncio.timeout(LIMIT_SHORT_S if rig.is_short else LIMIT_S):
            return await scenario(rig)
    except Exception as error:
        where = error.__traceback__
        while where and where.tb_next:
            where = where.tb_next
        line = f" at {Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else ""
        words = " ".join(f"{type(error).__name__}: {error}{line}".split())
        return [Row(test, "the scenario itself", "runs to its end", held=False, note=words[:400])]


def shown(rows: list[Row]) -> str:
    """The table."""
    cells = [
        (row.test, row.case, row.target, row.rounds, row.photos, row.lost, row.repeated,
         "–" if row.recovery_s is None else row.recovery_s, _held(row), row.note)
        for row in rows
    ]  # fmt: skip
    return table(cells, HEAD)


def _held(row: Row) -> str:
    return {True: "yes", False: "**no**", None: "–"}[row.held]


def _with_origin(row: Row, share: float) -> dict[str, Any]:
    return dataclasses.asdict(row) | {"commit": commit(), "share": share}


def _merged(found: dict[str, Any], order: list[str]) -> dict[str, Any]:
    """The kept result, with the rows of these tests replaced."""
    kept = json.loads((RESULTS / "faults.json").read_text(encoding="utf-8"))
    rows = [row for row in kept["rows"] if row["test"] not in found["took_s"]] + found["rows"]
    rows.sort(key=lambda row: order.index(row["test"]))
    return {"rows": rows, "took_s": kept["took_s"] | found["took_s"]}


def main() -> int:
    """Run, print, keep; 0 if everything held."""
    parser = argparse.ArgumentParser(
        prog="python -m faults", description="Run the faults and attacks against the real bot."
    )
    parser.add_argument("tests", nargs="*", metavar="TEST", help="such as K1 B1; all if none is named")
    parser.add_argument("--short", action="store_true", help="some minutes instead of an hour")
    parser.add_argument("--share", type=float, default=1.0, metavar="X", help="of the long form's rounds (1.0)")
    parser.add_argument("--again", action="store_true", help="replace the kept rows of these tests")
    options = parser.parse_args()
    known = scenarios()
    if unknown := set(options.tests) - set(known):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    everything = [name for name in known if not (options.short and name in LONG_ONLY)]
    wanted = {name: known[name] for name in options.tests or everything}
    began = time.monotonic()
    rows, took_s = asyncio.run(run(wanted, is_short=options.short, share=options.share))
    total_s = round(time.monotonic() - began)
    print(shown(rows))
    print(f"\n{total_s} s: " + ", ".join(f"{name} {seconds:.0f}" for name, seconds in took_s.items()))
    if not options.short and (options.again or not options.tests):
        found = {"rows": [_with_origin(row, options.share) for row in rows], "took_s": took_s}
        keep("faults", _merged(found, list(known)) if options.again else found)
    return int(any(row.held is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
