"""A stand-in for Wikidata and Wikimedia Commons on loopback, in the documented shapes, that can also respond wrongly.

It is as strict as the real ones: it refuses clients that name no contact, more than 50 items at a time, reads of
Wikidata that wait for its query service (which always lags), queries without PREFIX lines, and thumbnails of other than
standard widths; an answer of Wikidata is cut at its limit, and one bad id or file spoils a batch. It records every
request.
"""

import asyncio
import contextlib
import json
import re
import time
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tests.support.wikimedia.data import COUNTRIES, PRESIDENT, Json, WikimediaData
from tests.support.wikimedia.shapes import file_page, row

STEPS = (20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840)
ROBOT_POLICY = b"Please set a user-agent and respect our robot policy https://w.wiki/4wJS. See also T400119."
ANSWER_BYTES = 12_582_912  # of an answer of the action API ($wgAPIMaxResultSize)


@dataclass(frozen=True)
class StandInResponse:
    """A response, or as a fault the one instead. Body None: the right body; `keep`: only its first bytes are sent."""

    body: bytes | None = None
    status: int = 200
    type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    keep: int | None = None

    @classmethod
    def of(cls, value: Json) -> Self:
        return cls(json.dumps(value).encode())


BLOCK = StandInResponse(ROBOT_POLICY, 403, "text/plain")
NO_SUCH_STEP = StandInResponse(
    b"Use thumbnail steps listed on https://w.wiki/GHai", 429, "text/plain", (("Retry-After", "10"),)
)
QUERY_TIMEOUT = StandInResponse(  # in a body of status 200 that began well
    b'{"head":{"vars":["p"]},"results":{"bindings":[{"p":\njava.util.concurrent.TimeoutException\n\tat java.base/'
)
HTML_PAGE = StandInResponse(b"<!DOCTYPE html><h1>Wikimedia Error</h1>", type="text/html")
STACK_TRACE = StandInResponse(b"java.lang.NullPointerException\n\tat java.base/", 500, "text/plain")
QUERY_SERVICE_LAG = {
    "error": {"code": "maxlag", "info": "Waiting for wdqs1013: 31.5 seconds lagged.", "type": "wikibase-queryservice"}
}
LAG = {"error": {"code": "maxlag", "info": "Waiting for a server: 5.2 seconds lagged", "lag": 5.2}}


def busy(retry_after: str | None = None, status: int = 429) -> StandInResponse:
    return StandInResponse(b"Too many requests", status, headers=(("Retry-After", retry_after),) if retry_after else ())


@dataclass(frozen=True)
class SeenRequest:
    """A request: its kind, its parameters, and when it came, by the server's `now`, in s."""

    kind: str
    path: str
    params: Json
    headers: dict[str, str]
    at: float

    @property
    def agent(self) -> str:
        return self.headers.get("user-agent", "")


class WikimediaStandIn:
    """The servers, all on one port; `faults[kind]` are sent first, one a request. Use it as a context manager."""

    def __init__(self, data: WikimediaData) -> None:
        self.data = data
        self.seen: list[SeenRequest] = []
        self.faults: dict[str, deque[StandInResponse]] = defaultdict(deque)
        self.always: dict[str, StandInResponse] = {}  # kind -> its every response
        self.too_slow: Callable[[str], bool] = lambda _query: False  # for the query service
        self.answer_bytes = ANSWER_BYTES
        self.has_no_hints = False  # as a successor of the query service: hints match nothing
        self.most_at_once: Counter[str] = Counter()  # kind, or "" for all of them
        self.members_in_part, self.files_in_part = 50, 50
        self.latency_s = 0.002
        self.wait: Callable[[float], Awaitable[None]] = asyncio.sleep
        self.busy_path = ""  # a path that is answered with 429
        self.now = time.monotonic
        self._now: Counter[str] = Counter()
        self._changed = asyncio.Condition()
        self._clients: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}
        self._gate = asyncio.Event()
        self._gate.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gate.set()
        self._server.close()
        for writer in self._clients.values():
            writer.close()
        await asyncio.gather(*self._clients)

    @property
    def environment(self) -> dict[str, str]:
        return {name: f"{self.url}/{path}" for name, path in
                (("WDQS_URL", "sparql"), ("WIKIDATA_API", "wikidata"), ("COMMONS_API", "commons"))}  # fmt: skip

    def asked(self, kind: str) -> list[SeenRequest]:
        return [one for one in self.seen if one.kind == kind]

    async def until(self, kind: str, count: int) -> None:
        """Wait until so many requests of a kind have come."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.asked(kind)) >= count)

    def hold(self) -> None:
        """Respond to no requests for photos until `release`."""
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._clients[task] = writer
        task.add_done_callback(self._clients.pop)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):  # the client is gone
            while await self._reply(reader, writer):
                pass
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def _reply(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Respond to one request; whether the connection can be used again."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        url = urlsplit(head[0].split(" ")[1])
        params = dict(parse_qsl(url.query + "&" + body.decode()))
        answer = await self._answer(unquote(url.path), params, headers)
        sent = answer.body or b""
        lines = [f"HTTP/1.1 {answer.status} OK", f"Content-Type: {answer.type}", f"Content-Length: {len(sent)}"]
        writer.write("\r\n".join([*lines, *map(": ".join, answer.headers), "", ""]).encode() + sent[: answer.keep])
        await writer.drain()
        return answer.keep is None

    async def _answer(self, path: str, params: Json, headers: dict[str, str]) -> StandInResponse:
        kind = _kind(path, params)
        async with self._changed:
            self.seen.append(SeenRequest(kind, path, params, headers, self.now()))
            self._changed.notify_all()
        for name in (kind, ""):
            self._now[name] += 1
            self.most_at_once[name] = max(self.most_at_once[name], self._now[name])
        await self.wait(self.latency_s)
        if kind == "photo":
            await self._gate.wait()
        fault = self.faults[kind].popleft() if self.faults[kind] else self.always.get(kind, StandInResponse())
        for name in (kind, ""):
            self._now[name] -= 1
        if path == self.busy_path:
            return busy()
        if fault.body is None:
            right = self._right(kind, path, params, headers)
            return StandInResponse(right.body, right.status, right.type, right.headers + fault.headers, fault.keep)
        return fault

    def _right(self, kind: str, path: str, params: Json, headers: dict[str, str]) -> StandInResponse:
        if not re.search(r"\(\S*(@|://)\S*\)", headers.get("user-agent", "")):
            return BLOCK
        if kind in ("people", "articles") and "maxlag" in params:
            return StandInResponse.of(QUERY_SERVICE_LAG)
        if kind in ("files", "category", "search") and params.get("maxlag") != "5":
            return StandInResponse(b"no maxlag", 400, "text/plain")
        if max(params.get(name, "").count("|") for name in ("ids", "titles")) >= 50:
            return StandInResponse.of({"error": {"code": "toomanyvalues", "info": "Too many values"}})
        match kind:
            case "query":
                return self._rows_of(params["query"], headers.get("accept", ""))
            case "people":
                return self._people(params["ids"].split("|"))
            case "articles":
                return self._articles(params["titles"].split("|"))
            case "search":
                id = params["srsearch"].partition("P180=")[2].split(" ")[0]
                titles = [title for title, upload in self.data.uploads.items() if id in upload.depicts]
                return StandInResponse.of({"query": {"search": [{"ns": 6, "title": title} for title in titles]}})
            case "category":
                return self._category(params)
            case "files":
                return self._files(params)
            case "photo":
                return self._photo(path)
        return StandInResponse(b"Not found", 404, "text/plain")

    def _rows_of(self, query: str, accept: str) -> StandInResponse:
        if "PREFIX wdt:" not in query or accept != "application/sparql-results+json":
            return StandInResponse(b"Unknown prefix, or no such result format", 400, "text/plain")
        if self.too_slow(query):
            return QUERY_TIMEOUT
        return StandInResponse.of({"head": {}, "results": {"bindings": self._rows(query)}})

    def _rows(self, query: str) -> list[Json]:
        """Rows as the query service sends them: each twice, and an unknown value among them."""
        if "?country wdt:P297 ?code" in query:
            return [row(country=id, code=code) for id, code in COUNTRIES.items()]
        if "P279*" in query:
            return [row(office=PRESIDENT)]
        if "rdfs:label" in query:
            asked = {json.loads(label) for label in re.findall(r'("(?:[^"\\]|\\.)*")@', query)}
            return [row(name=name, p=one.id, links=one.links, what=f"{one.names['en']}, a star")
                    for one in self.data.items.values()
                    for name in (*one.names.values(), *one.aliases) if name in asked]  # fmt: skip
        job, low = re.search(r"P106 wd:(Q\d+)", query), re.search(r">= (\d+)", query)
        high, codes = re.search(r"< (\d+)", query), re.findall(r'"([A-Z]{2})"', query)
        assert job
        assert low
        if self.has_no_hints and "hint:" in query.partition("SELECT")[2]:
            return []
        found = [one for one in self.data.items.values() if job[1] in one.jobs
                 and int(low[1]) <= one.links < (int(high[1]) if high else 10**6)
                 and (not codes or COUNTRIES.get(one.country) in codes)]  # fmt: skip
        genid = {"p": {"type": "uri", "value": "http://www.wikidata.org/.well-known/genid/abc"}}
        return [row(p=one.id, links=one.links) for one in found for _ in range(2)] + ([genid] if found else [])

    def _people(self, ids: list[str]) -> StandInResponse:
        """Entities by the ids asked for; those beyond the limit of an answer are left out."""
        if bad := [id for id in ids if not re.fullmatch(r"Q[1-9]\d{0,9}", id)]:
            info = f'Could not find an entity with the ID "{bad[0]}".'
            return StandInResponse.of({"error": {"code": "no-such-entity", "info": info}})
        entities: Json = {}
        size = 0
        for id in ids:
            entity = self._entity(id)
            size += len(json.dumps(entity))
            if entities and size > self.answer_bytes:
                break
            entities[id] = entity
        return StandInResponse.of({"entities": entities, "success": 1})

    def _entity(self, id: str) -> Json:
        """An item; one that was merged has the id it was asked for by as key, and the other one inside."""
        item = self.data.items.get(self.data.merged.get(id, id))
        if item is None:
            return {"id": id, "missing": ""}
        return item.entity() | ({"redirects": {"from": id, "to": item.id}} if item.id != id else {})

    def _articles(self, titles: list[str]) -> StandInResponse:
        by_title = {one.names["en"]: one for one in self.data.items.values()}
        entities: Json = {}
        for number, title in enumerate(titles, start=1):
            if item := by_title.get(title):
                entities[item.id] = item.entity()
            else:
                entities[f"-{number}"] = {"site": "enwiki", "title": title, "missing": ""}
        return StandInResponse.of({"entities": entities})

    def _category(self, params: Json) -> StandInResponse:
        titles = self.data.categories.get(params["cmtitle"].removeprefix("Category:"), [])
        begin = int(params.get("cmcontinue", 0))
        end = begin + min(self.members_in_part, int(params["cmlimit"]))
        members = [{"ns": 6, "title": title} for title in titles[begin:end]]
        more = {"continue": {"cmcontinue": str(end), "continue": "-||"}} if end < len(titles) else {}
        return StandInResponse.of(more | {"query": {"categorymembers": members}})

    def _files(self, params: Json) -> StandInResponse:
        """A long response comes in parts: all pages each time, with the information of some of them."""
        asked = params["titles"].split("|")
        titles = [title.replace("_", " ") for title in asked]
        if spoilt := [
            title for title in titles if title in self.data.uploads and self.data.uploads[title].is_unscalable
        ]:
            info = f"Could not normalize image parameters for {spoilt[0]}."
            return StandInResponse.of({"error": {"code": "urlparamnormal", "info": info}})
        begin = int(params.get("iicontinue", 0))
        end = begin + self.files_in_part
        width = int(params["iiurlwidth"])
        pages = [
            file_page(title, self.data.uploads.get(title), width, self.url, has_info=begin <= n < end)
            for n, title in enumerate(titles)
        ]
        renamed = [{"from": a, "to": b} for a, b in zip(asked, titles, strict=True) if a != b]
        more = {"continue": {"iicontinue": str(end), "continue": "||"}} if end < len(titles) else {}
        if len(titles) == 1:  # older versions of the file
            more = {"continue": {"iistart": "2010-04-16T22:54:28Z", "continue": "||"}}
        return StandInResponse.of(more | {"query": {"normalized": renamed, "pages": pages}})

    def _photo(self, path: str) -> StandInResponse:
        place, name = path[1:].split("/", 1)
        if place == "Special:FilePath":
            return StandInResponse(b"", 302, headers=(("Location", f"/original/{quote(name)}"),))
        if place == "thumb" and int(name.split("px-")[0]) not in STEPS:
            return NO_SUCH_STEP
        title = "File:" + name.split("px-")[-1].replace("_", " ")
        upload = self.data.uploads.get(title) or self.data.uploads.get(title.removesuffix(".jpg"))
        if upload is None:
            return StandInResponse(b"Not found", 404, "text/plain")
        if place == "thumb":
            return StandInResponse(upload.thumb or b"", type="image/jpeg")
        return StandInResponse(upload.original, type=upload.mime)


def _kind(path: str, params: Json) -> str:
    match path, params:
        case "/sparql", _:
            return "query"
        case "/wikidata", {"ids": _}:
            return "people"
        case "/wikidata", {"titles": _}:
            return "articles"
        case "/commons", {"list": "categorymembers"}:
            return "category"
        case "/commons", {"list": "search"}:
            return "search"
        case "/commons", {"prop": "imageinfo"}:
            return "files"
    return "photo"
