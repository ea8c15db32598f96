"""Queries in batches, each answered once a round: what the query log has is not asked again.

A batch without an answer is asked in halves, so that one item that a server fails on costs that item alone; a query
that fails by itself is listed in `unanswered`, and the next run asks it again. A server that is given up answers none
of the queries that are left; it is listed in `gone`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from lookalike.collecting.fetching.http_client import AT_ONCE, in_parallel
from lookalike.collecting.fetching.progress import Progress
from lookalike.collecting.fetching.query_log import QueryLog
from lookalike.core.errors import FetchFailed, ServerUnavailable

Ask = Callable[[Sequence[str]], Awaitable[Mapping[str, Any]]]


class ResumableQueries:
    """Answers by kind and key: JSON values, none of them None.

    `unanswered`: (kind, key) -> why; `gone`: why servers are given up, by the text of the error; `gone_kinds`: the
    kinds of queries that they leave without answers.
    """

    def __init__(self, query_log: QueryLog, progress: Progress) -> None:
        self._log = query_log
        self.progress = progress
        self.unanswered: dict[tuple[str, str], str] = {}
        self.gone: dict[str, ServerUnavailable] = {}
        self.gone_kinds: set[str] = set()

    def answer(self, kind: str, key: str) -> Any:
        """The answer; None if there is none."""
        return self._log.get(kind, key)

    def keep(self, kind: str, key: str, answer: Any) -> None:
        """Keep an answer; models become JSON values."""
        as_json = answer.model_dump(mode="json", exclude_defaults=True) if isinstance(answer, BaseModel) else answer
        self._log.add(kind, key, as_json)

    def fail(self, kind: str, key: str, failure: Exception) -> None:
        """List a query that has no answer; the server, too, if it is given up."""
        self.unanswered[kind, key] = str(failure)
        if isinstance(failure, ServerUnavailable):
            self.gone.setdefault(str(failure), failure)
            self.gone_kinds.add(kind)

    def why_unanswered(self, kind: str, key: str) -> str:
        """The reason for the list of rejects."""
        return f"no answer: {self.unanswered.get((kind, key), 'not asked')}"

    async def resolve(
        self, kind: str, keys: Iterable[str], ask: Ask, *, batch: int = 1, at_once: int = AT_ONCE, stage: str = ""
    ) -> None:
        """Get an answer to each key, as far as there is one: `ask` is given up to `batch` unknown keys at a time."""
        unknown = [key for key in dict.fromkeys(keys) if key and self.answer(kind, key) is None]
        batches = [unknown[at : at + batch] for at in range(0, len(unknown), batch)]
        self.progress.begin(stage or kind, len(batches))

        async def one(asked: Sequence[str]) -> None:
            try:
                answers = await ask(asked)
                if not answers:
                    raise FetchFailed("left out of the answer")
            except ServerUnavailable as failure:
                for key in asked:
                    self.fail(kind, key, failure)
                return
            except FetchFailed as failure:
                middle = len(asked) // 2
                if middle:
                    await one(asked[:middle])
                    await one(asked[middle:])
                else:
                    self.fail(kind, asked[0], failure)
                return
            finally:
                self.progress.advance()
            for key, answer in answers.items():
                self.keep(kind, key, answer)
            if left := [key for key in asked if key not in answers]:
                await one(left)

        await in_parallel(batches, one, at_once)

    async def resolve_single(self, kind: str, ask: Callable[[], Awaitable[Any]]) -> Any:
        """The answer to a query without a key; None if there is none."""

        async def ask_one(keys: Sequence[str]) -> dict[str, Any]:
            return {keys[0]: await ask()}

        await self.resolve(kind, ["all"], ask_one)
        return self.answer(kind, "all")
