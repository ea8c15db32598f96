"""The API for stars without a photo.

    GET  /api/similar?name=&n=    the stars most like one, and who is liked by those who like them
    POST /api/recommend           {"ratings": {"Name or id": 1 to 10, ...}, "n": 10} -> stars that person will like
    GET  /api/stars?name=&n=      the stars that a name means, also one that is still being typed

`?lang=` is the language of names, `?details=1` adds what the page shows. Nothing of a question is kept or logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lookalike.core.http.limits import RETRY_AFTER_S, Network
from lookalike.gallery.gallery import Gallery
from lookalike.taste.taste_model import TasteModel
from lookalike.web.guards import CutOffAnswer
from lookalike.web.stars.answering import Answer, StarAnswers
from lookalike.web.stars.questions import QuestionError, asked_count, asked_name, asked_ratings
from lookalike.web.visitors import Visitors, visitor_of
from lookalike.web.words import language_for

KIN, OFFERED = 6, 6  # stars of an answer, where the question does not say
MAX_QUESTIONS = 32  # that are read or answered at a time
# A name being typed asks a few times. At 10,000 stars 120 questions take 2.4 s of CPU (bench/asking.py).
QUESTIONS_PER_MINUTE = 120
RATINGS_PER_QUESTION = 5  # more of them count as more questions: each name may take a search

TakeModel = Callable[[], TasteModel | None]
Read = Callable[[Request, StarAnswers], Awaitable["_Work"]]  # what is asked; QuestionError


@dataclass(frozen=True)
class _Work:
    """What answers a question, and how many questions it costs beside that one."""

    answer: Callable[[], Answer]
    cost: int = 0


class StarEndpoints:
    """The endpoints; the work of all of them is done in one thread at a time, off the event loop."""

    def __init__(
        self, gallery: Callable[[], Gallery], take_model: TakeModel, photos_dir: Path, proxies: tuple[Network, ...],
        visitors: Visitors | None = None,
    ) -> None:  # fmt: skip
        self._gallery, self._take_model, self._photos_dir, self._proxies = gallery, take_model, photos_dir, proxies
        self._visitors = visitors or Visitors(QUESTIONS_PER_MINUTE)
        self._questions, self._turn = 0, asyncio.Lock()

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/api/similar", partial(self._answer, _similar)),
            Route("/api/stars", partial(self._answer, _stars)),
            Route("/api/recommend", partial(self._answer, _recommended), methods=["POST"]),
        ]

    async def _answer(self, read: Read, request: Request) -> Response:
        if self._questions >= MAX_QUESTIONS:
            return _later(HTTPStatus.SERVICE_UNAVAILABLE, RETRY_AFTER_S)
        visitor = visitor_of(request, self._proxies)
        if wait_s := self._visitors.begin(visitor):
            return _later(HTTPStatus.TOO_MANY_REQUESTS, wait_s)
        self._questions += 1
        try:
            work = await read(request, self._answers(request))
            if wait_s := self._visitors.spend(visitor, work.cost):
                return _later(HTTPStatus.TOO_MANY_REQUESTS, wait_s)
            async with self._turn:
                answer = await asyncio.to_thread(work.answer)
        except QuestionError as error:
            is_read = error.status not in (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_TIMEOUT)
            return _never_stored(error.body, error.status) if is_read else CutOffAnswer(error.body, error.status)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        finally:
            self._questions -= 1
            self._visitors.end(visitor)
        return _never_stored(answer, HTTPStatus.OK)

    def _answers(self, request: Request) -> StarAnswers:
        query = request.query_params
        photos_dir = self._photos_dir if query.get("details") == "1" else None
        return StarAnswers(self._gallery(), self._take_model(), language_for(request), photos_dir)


async def _similar(request: Request, answers: StarAnswers) -> _Work:
    query = request.query_params
    return _Work(partial(answers.similar, asked_name(query), asked_count(query, KIN)))


async def _recommended(request: Request, answers: StarAnswers) -> _Work:
    question = await asked_ratings(request)
    return _Work(partial(answers.recommended, question), len(question.ratings) // RATINGS_PER_QUESTION)


async def _stars(request: Request, answers: StarAnswers) -> _Work:
    query = request.query_params
    return _Work(partial(answers.called, asked_name(query), asked_count(query, OFFERED)))


def _never_stored(answer: Answer, status: HTTPStatus) -> Response:
    return JSONResponse(answer, status, {"cache-control": "no-store"})


def _later(status: HTTPStatus, wait_s: int) -> Response:
    error = {
        HTTPStatus.TOO_MANY_REQUESTS: "Those were many questions in a short time. Please wait a moment.",
        HTTPStatus.SERVICE_UNAVAILABLE: "Too many questions are waiting. Please try again in a moment.",
    }[status]
    return CutOffAnswer({"error": error}, status, {"retry-after": str(wait_s)})
