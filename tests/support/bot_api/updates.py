"""The queue of updates between people and a bot: polled, confirmed by a higher offset, or posted to a webhook."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.support.bot_api.calls import Call, Json, RefusedError

FIRST_UPDATE_ID = 100_000_001
MAX_POLL_S = 50
UPDATES_KEPT = 20_000  # when not everything is to be remembered
# Updates a bot gets only if it asks for them by name.
ASK_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
WEBHOOK_RETRY_S = 0.2
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"


class Updates:
    """What the bot has still to get."""

    def __init__(self, remember: bool, webhook_front: str) -> None:
        """Start empty."""
        self.all: dict[int, Json] = {}  # by id
        self.confirmed: list[int] = []
        self.next_id = FIRST_UPDATE_ID
        self.fetching = asyncio.Event()  # somebody fetches updates: the bot is there
        self.webhook: Json = {}
        self.webhook_front = webhook_front
        self._remember = remember
        self._pending: list[tuple[int, bytes]] = []
        self._allowed: list[str] = []
        self._poll: asyncio.Future[str] | None = None
        self._delivery: asyncio.Task[None] | None = None

    def push(self, update: Json) -> int:
        """Make any dict an update, also one a bot cannot parse; its own `update_id` is kept, even a repeated one."""
        number: int = update.get("update_id", self.next_id)
        self.next_id = number + 1
        kind = next((key for key in update if key != "update_id"), "")
        update = {"update_id": number} | update
        self.all[number] = update
        if not self._remember and len(self.all) > UPDATES_KEPT:
            del self.all[next(iter(self.all))]
        if kind in self._allowed if self._allowed else kind not in ASK_FOR:
            self._enqueue(number)
        return number

    def redeliver(self, *update_ids: int) -> None:
        """Deliver updates once more, in this order, confirmed or not."""
        for number in update_ids:
            self._enqueue(number)

    def _enqueue(self, number: int) -> None:
        self._pending.append((number, json.dumps(self.all[number]).encode()))
        self.wake("updates")
        self._start_delivery()

    @property
    def pending(self) -> list[int]:
        """The ids the bot has not confirmed."""
        return [number for number, _ in self._pending]

    def wake(self, why: str) -> None:
        """End the long poll under way, if there is one."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(why)

    async def get_updates(self, call: Call) -> bytes:
        """Long polling; the JSON array. Updates below `offset` are confirmed, all others come again."""
        call.method = "getUpdates"
        self.fetching.set()
        if self.webhook:
            raise RefusedError(409, WEBHOOK_ACTIVE)
        wanted: Json = {"offset": 0, "limit": 100, "timeout": 0} | call.params
        if "allowed_updates" in wanted:
            self._allowed = wanted["allowed_updates"]
        offset = wanted["offset"]
        if offset < 0:
            offset = self._pending[offset:][0][0] if self._pending else 0
        if offset <= self.next_id:  # one from the future starts from the beginning, as after a week of silence
            self._confirm(offset)
        self.wake("conflict")
        if not self._pending and wanted["timeout"] > 0:
            self._poll = poll = asyncio.get_running_loop().create_future()
            end = asyncio.get_running_loop().call_later(min(wanted["timeout"], MAX_POLL_S), self._end, poll)
            try:
                why = await poll
            finally:
                end.cancel()
            if why == "conflict":
                raise RefusedError(409, CONFLICT)
        batch = self._pending[: max(1, min(wanted["limit"], 100))]
        call.result = [number for number, _ in batch]
        return b"[%b]" % b",".join(body for _, body in batch)

    @staticmethod
    def _end(poll: "asyncio.Future[str]") -> None:
        if not poll.done():
            poll.set_result("timeout")

    def _confirm(self, offset: int) -> None:
        if any(number < offset for number, _ in self._pending):
            self.confirmed += [number for number, _ in self._pending if number < offset]
            self._pending = [item for item in self._pending if item[0] >= offset]

    def set_or_get_webhook(self, call: Call) -> Any:
        """The three webhook methods."""
        if call.method == "getWebhookInfo":
            state = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self._pending)}
            return state | {key: self.webhook[key] for key in ("url", "allowed_updates") if key in self.webhook}
        if call.params.get("drop_pending_updates"):
            self._pending.clear()
        url = call.params.get("url", "") if call.method == "setWebhook" else ""
        if url and not url.startswith(("https://", "http://127.0.0.1")):
            raise RefusedError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self._allowed = call.params.get("allowed_updates", self._allowed)
        self.webhook = dict(call.params) if url else {}
        if url:
            self.fetching.set()
        self.wake("conflict")
        self._start_delivery()
        return True

    def _start_delivery(self) -> None:
        if self.webhook and self._pending and (self._delivery is None or self._delivery.done()):
            self._delivery = asyncio.create_task(self._deliver())

    async def close(self) -> None:
        """Deliver no more."""
        if self._delivery is not None:
            self._delivery.cancel()
            await asyncio.gather(self._delivery, return_exceptions=True)

    async def _deliver(self) -> None:
        """Post updates to the webhook, in order, each until it is taken; never beyond this machine."""
        async with httpx.AsyncClient(trust_env=False) as client:
            while self.webhook and self._pending:
                front = self.webhook_front or self.webhook["url"]
                if urlsplit(front).hostname != "127.0.0.1":
                    return
                url = self.webhook_front + urlsplit(self.webhook["url"]).path if self.webhook_front else front
                headers = {"Content-Type": "application/json"}
                if secret := self.webhook.get("secret_token"):
                    headers["X-Telegram-Bot-Api-Secret-Token"] = secret
                number, body = item = self._pending[0]
                try:
                    taken = (await client.post(url, content=body, headers=headers)).is_success
                except httpx.HTTPError:
                    taken = False
                if not taken:
                    await asyncio.sleep(WEBHOOK_RETRY_S)
                elif item in self._pending:
                    self._pending.remove(item)
                    self.confirmed.append(number)
