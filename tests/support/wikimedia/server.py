"""A stand-in for Wikidata and Wikimedia Commons on loopback, in the documented shapes, that can also respond wrongly.

It is as strict as the real ones: it refuses clients that name no contact, more than 50 items at a time, and thumbnails
of other than standard widths. It records every request.
"""

import asyncio
import contextlib
import json
import re
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tests.support.wikimedia.data import COUNTRIES, PRESIDENT, Json, WikidataItem, WikimediaData, sha1

STEPS = (500, 960)
ENTITY = "http://www.wikidata.org/entity/"


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


HTML_PAGE = StandInResponse(b"<!DOCTYPE html><h1>Wikimedia Error</h1>", type="text/html")
STACK_TRACE = StandInResponse(b"java.util.concurrent.TimeoutException\n\tat java.base/", 500, "text/plain")
LAG = {"error": {"code": "maxlag", "info": "Waiting for a server: 5.2 seconds lagged", "lag": 5.2}}


def busy(retry_after: str | None = None, status: int = 429) -> StandInResponse:
    return StandInResponse(b"Too many requests", status, headers=(("Retry-After", retry_after),) if retry_after else ())


@dataclass(frozen=True)
class SeenRequest:
    """A request: its kind, its parameters, and when it came, by the server's `now`, in s."""

    kind: str
    path: str
    params: Json
    agent: str
    at: float


class WikimediaStandIn:
    """The servers, all on one port; `faults[kind]` are sent first, one a request. Use it as a context manager."""

    def __init__(self, data: WikimediaData) -> None:
        self.data = data
        self.seen: list[SeenRequest] = []
        self.faults: dict[str, deque[StandInResponse]] = defaultdict(deque)
        self.down: set[str] = set()  # kinds whose every response is a stack trace
        self.most_at_once: Counter[str] = Counter()  # kind, or "" for all of them
        self.members_in_part, self.files_in_part = 50, 50
        self.latency_s = 0.002
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
        answer = await self._answer(unquote(url.path), params, headers.get("user-agent", ""))
        sent = answer.body or b""
        lines = [f"HTTP/1.1 {answer.status} OK", f"Content-Type: {answer.type}", f"Content-Length: {len(sent)}"]
        writer.write("\r\n".join([*lines, *map(": ".join, answer.headers), "", ""]).encode() + sent[: answer.keep])
        await writer.drain()
        return answer.keep is None

    async def _answer(self, path: str, params: Json, agent: str) -> StandInResponse:
        kind = _kind(path, params)
        async with self._changed:
            self.seen.append(SeenRequest(kind, path, params, agent, self.now()))
            self._changed.notify_all()
        for name in (kind, ""):
            self._now[name] += 1
            self.most_at_once[name] = max(self.most_at_once[name], self._now[name])
        await asyncio.sleep(self.latency_s)
        if kind == "photo":
            await self._gate.wait()
        fault = (
            self.faults[kind].popleft()
            if self.faults[kind]
            else STACK_TRACE
            if kind in self.down
            else StandInResponse()
        )
        for name in (kind, ""):
            self._now[name] -= 1
        if fault.body is None:
            right = self._right(kind, path, params, agent)
            return StandInResponse(right.body, right.status, right.type, right.headers + fault.headers, fault.keep)
        return fault

    def _right(self, kind: str, path: str, params: Json, agent: str) -> StandInResponse:
        if not re.search(r"\(\S*(@|://)\S*\)", agent):
            return StandInResponse(b"Please respect our robot policy", 403, "text/plain")
        if kind in ("people", "articles", "files", "category") and params.get("maxlag") != "5":
            return StandInResponse(b"no maxlag", 400, "text/plain")
        if max(params.get(name, "").count("|") for name in ("ids", "titles")) >= 50:
            return StandInResponse.of({"error": {"code": "toomanyvalues", "info": "Too many values"}})
        match kind:
            case "query":
                return StandInResponse.of({"head": {}, "results": {"bindings": self._rows(params["query"])}})
            case "people":
                return StandInResponse.of(
                    {"entities": {id: self._entity(id) for id in params["ids"].split("|")}, "success": 1}
                )
            case "articles":
                by_title = {one.names["en"]: one for one in self.data.items.values()}
                found = [by_title.get(title) or title for title in params["titles"].split("|")]
                return StandInResponse.of(
                    {
                        "entities": {
                            (one.id if isinstance(one, WikidataItem) else f"-{n}"): one.entity()
                            if isinstance(one, WikidataItem)
                            else {"site": "enwiki", "title": one, "missing": ""}
                            for n, one in enumerate(found, start=1)
                        }
                    }
                )
            case "category":
                return self._category(params)
            case "files":
                return self._files(params)
            case "photo":
                return self._photo(path)
        return StandInResponse(b"Not found", 404, "text/plain")

    def _rows(self, query: str) -> list[Json]:
        """Rows as the query service sends them: each twice, and an unknown value among them."""
        if "?country wdt:P297 ?code" in query:
            return [_row(country=id, code=code) for id, code in COUNTRIES.items()]
        if "P279*" in query:
            return [_row(office=PRESIDENT)]
        if "rdfs:label" in query:
            asked = {json.loads(label) for label in re.findall(r'("(?:[^"\\]|\\.)*")@', query)}
            return [_row(name=name, p=one.id, links=one.links) for one in self.data.items.values()
                    for name in one.names.values() if name in asked]  # fmt: skip
        job, low = re.search(r"P106 wd:(Q\d+)", query), re.search(r">= (\d+)", query)
        high, codes = re.search(r"< (\d+)", query), re.findall(r'"([A-Z]{2})"', query)
        assert job
        assert low
        found = [one for one in self.data.items.values() if job[1] in one.jobs and one.images
                 and int(low[1]) <= one.links < (int(high[1]) if high else 10**6)
                 and (not codes or COUNTRIES.get(one.country) in codes)]  # fmt: skip
        genid = {"p": {"type": "uri", "value": "http://www.wikidata.org/.well-known/genid/abc"}}
        return [_row(p=one.id, links=one.links) for one in found for _ in range(2)] + [genid]

    def _entity(self, id: str) -> Json:
        item = self.data.items.get(self.data.merged.get(id, id))
        return item.entity() if item else {"id": id, "missing": ""}

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
        begin = int(params.get("iicontinue", 0))
        end = begin + self.files_in_part
        pages = [self._page(title, int(params["iiurlwidth"]), begin <= n < end) for n, title in enumerate(titles)]
        renamed = [{"from": a, "to": b} for a, b in zip(asked, titles, strict=True) if a != b]
        more = {"continue": {"iicontinue": str(end), "continue": "||"}} if end < len(titles) else {}
        if len(titles) == 1:  # older versions of the file
            more = {"continue": {"iistart": "2010-04-16T22:54:28Z", "continue": "||"}}
        return StandInResponse.of(more | {"query": {"normalized": renamed, "pages": pages}})

    def _page(self, title: str, width: int, has_info: bool) -> Json:
        upload = self.data.uploads.get(title)
        if upload is None:
            return {"ns": 6, "title": title, "missing": True}
        if not has_info:
            return {"pageid": 1, "ns": 6, "title": title}
        name = quote(title.removeprefix("File:").replace(" ", "_"))
        url = f"{self.url}/original/{name}"
        meta = {"License": upload.license, "Artist": upload.artist, "LicenseShortName": (upload.license or "").upper(),
                "LicenseUrl": f"https://creativecommons.org/licenses/{upload.license}"}  # fmt: skip
        info = {
            "mime": upload.mime, "sha1": sha1(upload.original), "url": url, "size": len(upload.original),
            "thumburl": f"{self.url}/thumb/{width}px-{name}" if upload.thumb else url,
            "descriptionurl": f"https://commons.wikimedia.org/wiki/File:{name}",
            "extmetadata": {key: {"value": value} for key, value in (meta | upload.meta).items() if value is not None},
        }  # fmt: skip
        return {"pageid": 1, "ns": 6, "title": title, "imageinfo": [info]}

    def _photo(self, path: str) -> StandInResponse:
        place, name = path[1:].split("/", 1)
        if place == "Special:FilePath":
            return StandInResponse(b"", 302, headers=(("Location", f"/original/{quote(name)}"),))
        if place == "thumb" and int(name.split("px-")[0]) not in STEPS:
            return StandInResponse(b"Use thumbnail steps listed on https://w.wiki/GHai", 429, "text/plain")
        upload = self.data.uploads.get("File:" + name.split("px-")[-1].replace("_", " "))
        if upload is None:
            return StandInResponse(b"Not found", 404, "text/plain")
        return StandInResponse(upload.original if place == "original" else upload.thumb or b"", type=upload.mime)


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
        case "/commons", {"prop": "imageinfo"}:
            return "files"
    return "photo"


def _row(**values: Any) -> Json:
    """A row of SPARQL's JSON: items as URIs, everything else as literals."""
    cells = {name: str(value) for name, value in values.items()}
    return {name: {"type": "uri", "value": f"{ENTITY}{text}"} if re.fullmatch(r"Q\d+", text)
            else {"type": "literal", "value": text} for name, text in cells.items()}  # fmt: skip
