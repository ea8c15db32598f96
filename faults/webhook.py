"""Updates that are posted to the bot instead of fetched by it: what it has not taken comes again."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from faults.rig import Rig, Row
from tests.support.mongo_server import free_port

PHOTOS = 100
ANSWER_S = 60.0


async def killed_while_posting(rig: Rig) -> list[Row]:
    """A hundred photos by webhook, and kill -9 at random moments among them."""
    rounds, chance, port = rig.size(20, 3), rig.random("V1"), free_port()
    settings: dict[str, Any] = {
        "TELEGRAM_WEBHOOK_URL": "https://bot.example/hook", "TELEGRAM_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
    }  # fmt: skip
    recovery_s = 0.0
    api = {"webhook_front": f"http://127.0.0.1:{port}"}
    async with rig.stage("V1", people=30, api=api, **settings) as stage:
        for _ in range(rounds):
            for _ in range(PHOTOS // rounds):
                stage.photo()
            await asyncio.sleep(chance.uniform(0.0, 1.0))
            await stage.kill()
            began = time.monotonic()
            await stage.start()
            await stage.settle(ANSWER_S)
            recovery_s = max(recovery_s, time.monotonic() - began)
        polls = sum(call.method == "getUpdates" for call in stage.api.calls)
        return [
            await stage.row(
                "V1", f"{PHOTOS} photos by webhook, kill -9 in between", "0 lost", holds=not polls, rounds=rounds,
                recovery_s=recovery_s, note=f"{polls} polls",
            )
        ]  # fmt: skip


SCENARIOS = {"V1": killed_while_posting}
