"""The chart of /stats, drawn in a process of its own: the library that draws it is large, and the bot's memory is not.

It takes 75 MB and 1.2 s of CPU, at a lower priority than the face workers; no answer waits for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
from asyncio.subprocess import PIPE
from typing import Any

from lookalike.core.child_process import start_child, tell_all
from lookalike.store.store import Activity
from lookalike.telegram_bot.texts import Texts

log = logging.getLogger(__name__)

PROGRAM = "lookalike.telegram_bot.operating.activity_chart"
TIMEOUT_S = 120.0  # it gives way to everything else
LABELS = ("people", "answers", "matches", "refusals", "languages")
MATCH = "match"


async def draw_chart(activity: Activity, texts: Texts) -> bytes | None:
    """A PNG of what happened by day; None if it cannot be drawn, which is logged."""
    with tempfile.TemporaryDirectory(prefix="chart-") as cache:  # of fonts: nothing may be written elsewhere
        try:
            process = await start_child(PROGRAM, stderr=PIPE, MPLCONFIGDIR=cache)
        except OSError as error:
            log.warning("the chart was not drawn: %s", error.strerror)
            return None
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await tell_all(process, json.dumps(chart_fields(activity, texts)).encode())
                png, problem = await process.communicate()
        except TimeoutError:
            log.warning("the chart was not drawn: it took more than %.0f s", TIMEOUT_S)
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode != 0:
        log.warning("the chart was not drawn: %s", problem.decode(errors="replace").strip().rpartition("\n")[2])
        return None
    return png


def chart_fields(activity: Activity, texts: Texts) -> dict[str, Any]:
    """What the process is given, in JSON types: numbers by day, in total by reason and language, and its words."""
    reasons: dict[str, int] = {}
    for outcomes in activity.outcomes:
        for outcome, count in outcomes.items():
            if outcome != MATCH:
                reasons[outcome] = reasons.get(outcome, 0) + count
    matches = [outcomes.get(MATCH, 0) for outcomes in activity.outcomes]
    answers = [sum(outcomes.values()) for outcomes in activity.outcomes]
    return {
        "days": [day.isoformat() for day in activity.days],
        "joined": list(activity.joined),
        "matches": matches,
        "refusals": [total - matched for total, matched in zip(answers, matches, strict=True)],
        "reasons": reasons,
        "languages": activity.languages,
        "labels": {name: texts(f"chart-{name}") for name in LABELS},
    }
