"""A stand-in for Telegram's Bot API on loopback: small, working, and it remembers everything.

In a test:

    async with BotApi() as api:                     # api.url -> TELEGRAM_API_URL, api.token -> TELEGRAM_TOKEN
        ann = api.user(first_name="Ann", language_code="de")
        photo = ann.photo(jpeg)
        answer = await api.answer_to(photo)
        api.fail("sendPhoto", 502, too_many(3), cut)

`python -m tests.support.bot_api` runs it as its own process. The other files of this package are its parts.
"""

import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import Callable
from typing import Self

from tests.support.bot_api.calls import SENDS, Call, Json, Limits, RefusedError
from tests.support.bot_api.telegram_state import TelegramState
from tests.support.bot_api.updates import Updates
from tests.support.bot_api.users import Person, Sent
from tests.support.bot_api.wire import (
    LATE,
    Connection,
    Fault,
    Reply,
    Request,
    accepted,
    cut,
    cut_after,
    error,
    html,
    normal,
    parameters,
    raw,
    refusal,
    slow,
    stall,
    too_many,
)  # fmt: skip

__all__ = [
    "LATE", "TOKEN", "BotApi", "Call", "Fault", "Person", "Sent", "accepted", "cut", "cut_after", "error", "html",
    "normal", "raw", "slow", "stall", "too_many",
]  # fmt: skip

TOKEN = "1000001:AAstandinstandinstandinstandinstan-d"  # noqa: S105 - the shape of a token, and nobody's


class BotApi:
    """The server, its memory, and the people who talk to the bot."""

    def __init__(
        self, *, port: int = 0, token: str = TOKEN, enforce_limits: bool = False, remember: bool = True,
        clock: Callable[[], float] = time.monotonic, webhook_front: str = "",
    ) -> None:  # fmt: skip
        """Serve on a loopback port once entered (0: any free one).

        `remember=False` keeps no calls, uploads or old messages, for hours of load; listeners see every call all the
        same. `clock` is what the flood limits are counted on. `webhook_front` is the bot's webhook listener, such as
        `http://127.0.0.1:8443`: the stand-in is then also the TLS proxy in front of it.
        """
        self.token = token
        self.updates = Updates(remember, webhook_front)
        self.push, self.redeliver = self.updates.push, self.updates.redeliver
        self.state = TelegramState(token, Limits(clock) if enforce_limits else None, remember)
        self.calls: list[Call] = []
        self.downloads: list[str] = []  # file_id of every file fetched whole
        self.listeners: list[Callable[[Call], None]] = []  # called when a call arrives and when it has ended
        self._port = port
        self._remember = remember
        self._queued: dict[str, deque[Fault]] = {}
        self._standing: dict[str, Fault] = {}
        self._connections: set[Connection] = set()
        self._server: asyncio.Server
        self._people = itertools.count(700_000_001)
        self._started = time.monotonic()

    async def __aenter__(self) -> Self:
        """Listen."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self._handle, self._connections), "127.0.0.1", self._port
        )
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Hang up on everybody and leave the port."""
        self._server.close()
        await self.updates.close()
        connections = list(self._connections)
        for connection in connections:
            connection.abort()
        await asyncio.gather(*(connection.gone.wait() for connection in connections))
        await asyncio.gather(*(c.task for c in connections if c.task is not None), return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """What TELEGRAM_API_URL is set to."""
        return f"http://127.0.0.1:{self._port}"

    # People and updates

    def user(
        self, id: int | None = None, first_name: str = "Ann", language_code: str | None = "en", *,
        chat_type: str = "private", chat: Json | None = None, title: str = "Friends", username: str | None = None,
    ) -> Person:  # fmt: skip
        """Somebody new, in a chat of their own, or in `chat` (that of another person).

        `chat_type` is private, group, supergroup or channel.
        """
        number = next(self._people) if id is None else id
        user: Json = {"id": number, "is_bot": False, "first_name": first_name}
        if language_code is not None:
            user["language_code"] = language_code
        if username is not None:
            user["username"] = username
        if chat is None and chat_type == "private":
            chat = {"id": number, "type": "private", "first_name": first_name}
        elif chat is None:
            far = 0 if chat_type == "group" else 1_000_000_000_000
            chat = {"id": -far - number, "type": chat_type, "title": title}
        return Person(self.state, self.push, user, chat)

    # Faults

    def fail(self, method: str, *faults: Fault | int) -> None:
        """Let the next calls of `method` end like this, one each; an int is an HTTP status.

        `method` may be "file", a download, or "*", any call.
        """
        self._queued.setdefault(method.lower(), deque()).extend(map(_fault, faults))
        self._end_poll_for(method)

    def fault(self, method: str, fault: Fault | int) -> None:
        """Let every call of `method` end like this until `clear`."""
        self._standing[method.lower()] = _fault(fault)
        self._end_poll_for(method)

    def clear(self, method: str | None = None) -> None:
        """End the faults of one method, or all."""
        for faults in (self._queued, self._standing):
            for name in list(faults) if method is None else [method.lower()]:
                faults.pop(name, None)

    def _end_poll_for(self, method: str) -> None:
        """A long poll under way must not outlive the start of a fault: it ends empty, and the next one meets it."""
        if method.lower() in ("getupdates", "*"):
            self.updates.wake("fault")

    def _next_fault(self, method: str) -> Fault:
        for name in (method.lower(), "*"):
            if queued := self._queued.get(name):
                return queued.popleft()
            if name in self._standing:
                return self._standing[name]
        return normal

    # What was recorded

    def sent_to(self, person: Person | int) -> list[Call]:
        """The sends that reached this chat, oldest first."""
        chat_id = person if isinstance(person, int) else person.id
        return [call for call in self.calls if call.ok and call.method in SENDS and call.chat_id == chat_id]

    @property
    def confirmed(self) -> list[int]:
        """Update ids acknowledged by a higher offset, or taken by the webhook."""
        return self.updates.confirmed

    @property
    def unanswered_presses(self) -> list[str]:
        """Callback queries nobody answered: their buttons would spin."""
        return [query for query, answered in self.state.queries.items() if not answered]

    async def wait_for(
        self,
        wanted: str | Callable[[Call], object],
        timeout: float = 60.0,  # noqa: ASYNC109 - its message tells what was recorded
        *,
        since: int = 0,
    ) -> Call:
        """The first recorded call (from `calls[since]` on) that matches; waits for it if there is none yet.

        `wanted` is a method's name, for a call that was answered, or a predicate, which sees each call twice: when it
        arrives (`status` 0, no result) and when it has ended. A call under a `stall` arrives only.
        """
        matches = _named(wanted) if isinstance(wanted, str) else wanted
        for call in self.calls[since:]:
            if matches(call):
                return call
        found: asyncio.Future[Call] = asyncio.get_running_loop().create_future()

        def listen(call: Call) -> None:
            if not found.done() and matches(call):
                found.set_result(call)

        self.listeners.append(listen)
        try:
            async with asyncio.timeout(timeout):
                return await found
        except TimeoutError:
            raise AssertionError(f"nothing matched {wanted} within {timeout} s; {self.story()}") from None
        finally:
            self.listeners.remove(listen)

    async def answer_to(self, sent: Sent, timeout: float = 60.0) -> Call:  # noqa: ASYNC109 - as wait_for
        """The first message that replies to `sent`, or follows it in its chat without replying to anything."""
        return await self.wait_for(
            lambda call: (
                call.ok and call.method in SENDS and call.chat_id == sent.chat_id and call.at >= sent.at
                and call.reply_to in (sent.message_id, None)
            ),
            timeout,
        )  # fmt: skip

    def story(self) -> str:
        """What was recorded, for a failure message; long polls are only counted."""
        lines = [f"{call.at - self._started:9.3f} {call}" for call in self.calls if call.method != "getUpdates"]
        polls = sum(call.method == "getUpdates" for call in self.calls)
        return "\n  ".join([f"{polls} getUpdates, updates not confirmed: {self.updates.pending}, other calls:", *lines])

    def _tell(self, call: Call) -> None:
        for listener in list(self.listeners):
            listener(call)

    # Serving

    def _handle(self, request: Request, connection: Connection) -> None:
        parts = request.path.split("/", 3)
        is_file = parts[1] == "file"
        if is_file:
            parts = parts[1:]
        if len(parts) < 3 or not parts[1].startswith("bot"):
            return connection.send(refusal(404, "Not Found"))
        if parts[1][3:] != self.token:
            return connection.send(refusal(401, "Unauthorized"))
        if is_file:
            call = Call("file", {"file_path": parts[2]}, {}, request.at)
        else:
            try:
                call = Call(parts[2], *parameters(request), request.at)
            except ValueError as why:
                return connection.send(refusal(400, f"Bad Request: {why}"))
        if self._remember:
            self.calls.append(call)
        fault = self._next_fault(call.method)
        if fault is normal and call.method.lower() != "getupdates":
            reply = self._perform(call)
            connection.send(reply)
            self._tell(call)
        else:
            connection.task = asyncio.create_task(self._handle_slowly(call, fault, connection))
            self._tell(call)  # after that, so that whoever awaits a poll finds it waiting
        return None

    async def _handle_slowly(self, call: Call, fault: Fault, connection: Connection) -> None:
        """Long polls, and calls with a fault."""
        reply = await self._answer(call) if fault.accept else None
        if fault.accept:
            self._tell(call)  # it has taken effect, whether or not the client stays for the reply
        if fault.stall_s:
            await asyncio.sleep(fault.stall_s)
        if reply is None and fault.reply is None and fault.keep_bytes is None:
            reply = await self._answer(call)
        reply = fault.reply or reply or Reply(b"")
        call.status = 0 if fault.keep_bytes is not None else reply.status
        self._tell(call)
        await connection.send_badly(reply, fault)

    async def _answer(self, call: Call) -> Reply:
        if call.method.lower() != "getupdates":
            return self._perform(call)
        try:
            return self._good(call, await self.updates.get_updates(call))
        except RefusedError as no:
            return self._bad(call, no)

    def _perform(self, call: Call) -> Reply:
        """Do what was asked, at once."""
        try:
            match call.method:
                case "file":
                    return self._download(call)
                case "setWebhook" | "deleteWebhook" | "getWebhookInfo":
                    call.result = self.updates.set_or_get_webhook(call)
                case _:
                    self.state.run(call)
        except RefusedError as no:
            return self._bad(call, no)
        return self._good(call, json.dumps(call.result).encode())

    @staticmethod
    def _good(call: Call, result: bytes) -> Reply:
        call.status = 200
        return Reply(b'{"ok":true,"result":%b}' % result)

    @staticmethod
    def _bad(call: Call, no: RefusedError) -> Reply:
        call.status = no.status
        return refusal(no.status, no.description, no.parameters)

    def _download(self, call: Call) -> Reply:
        file = self.state.links.get(call.params["file_path"])
        data = file.read() if file is not None else None
        if file is None or data is None:
            raise RefusedError(404, "Not Found")
        call.status, call.result = 200, file.file_id
        if self._remember:
            self.downloads.append(file.file_id)
        return Reply(data, content_type="application/octet-stream")


def _fault(fault: Fault | int) -> Fault:
    return error(fault) if isinstance(fault, int) else fault


def _named(method: str) -> Callable[[Call], bool]:
    return lambda call: call.method == method and call.status != 0
