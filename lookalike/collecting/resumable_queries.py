"""Questions to servers, each asked once: what is in the notes is not asked again, what gets no answer is told apart.

Questions go out in batches. A batch that gets no answer is asked in halves, so that one item that chokes a server costs
that item alone; a question that gets none by itself is kept in `unanswered`, and the next run asks it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from tqdm import tqdm

from lookalike.collecting.http_client import AT_ONCE, in_parallel
from lookalike.collecting.notes import Notes
from lookalike.core.errors import FetchFailed

Ask = Callable[[Sequence[str]], Awaitable[Mapping[str, Any]]]


class ResumableQueries:
    """Answers by kind and key: JSON values, none of them None."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.unanswered: dict[tuple[str, str], str] = {}  # (kind, key) -> why

    def answer(self, kind: str, key: str) -> Any:
        """What was answered; None if nothing was."""
        return self._notes.get(kind, key)

    def keep(self, kind: str, key: str, answer: Any) -> None:
        """Keep an answer; models become JSON values."""
        as_json = answer.model_dump(mode="json", exclude_defaults=True) if isinstance(answer, BaseModel) else answer
        self._notes.add(kind, key, as_json)

    def why_none(self, kind: str, key: str) -> str:
        """Why there is no answer, for the list of rejects."""
        return f"no answer: {self.unanswered.get((kind, key), 'not asked')}"

    async def learn(
        self, kind: str, keys: Iterable[str], ask: Ask, *, batch: int = 1, at_once: int = AT_ONCE, stage: str = ""
    ) -> None:
        """Have an answer to each key, as far as there is one: `ask` is given up to `batch` unknown keys at a time."""
        unknown = [key for key in dict.fromkeys(keys) if key and self.answer(kind, key) is None]
        batches = [unknown[at : at + batch] for at in range(0, len(unknown), batch)]
        with progress_bar(stage or kind, len(unknown)) as bar:

            async def one(asked: Sequence[str]) -> None:
                try:
                    answers = await ask(asked)
                    if not answers:
                        raise FetchFailed("left out of the answer")
                except FetchFailed as failure:
                    middle = len(asked) // 2
                    if middle:
                        await one(asked[:middle])
                        await one(asked[middle:])
                    else:
                        self.unanswered[kind, asked[0]] = str(failure)
                        bar.update()
                    return
                for key, answer in answers.items():
                    self.keep(kind, key, answer)
                bar.update(len(answers))
                if left := [key for key in asked if key not in answers]:
                    await one(left)

            await in_parallel(batches, one, at_once)


def progress_bar(stage: str, total: int, unit: str = "") -> tqdm:
    """One stage, on a terminal; the time left is that of a steady pace, for the pace is what servers allow."""
    return tqdm(total=total, desc=stage, unit=unit and f" {unit}", disable=None if total else True, smoothing=0.05)
