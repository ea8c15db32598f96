"""What a request about stars asks; a QuestionError, 422 with the field, says what is wrong with it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NoReturn

from starlette.datastructures import QueryParams
from starlette.requests import Request

MAX_NAME = 200  # characters, as of a celebrity's id
MAX_COUNT = 50
MAX_RATINGS = 100  # of one request: each name is searched for
LOWEST, HIGHEST = 1, 10  # rating
MAX_BODY_BYTES = 64_000  # 100 names of 200 characters, escaped, take less
BODY_S = 10.0  # for the whole of it
SHOWN_CHARACTERS = 60  # of what was sent, in an error


class QuestionError(Exception):
    """Why a question is not answered: 400, 408, 413, 422, 404; `body` is the JSON of the answer."""

    def __init__(self, status: HTTPStatus, error: str, **more: Any) -> None:
        super().__init__(error)
        self.status, self.body = status, {"error": error, **more}


@dataclass(frozen=True)
class RatingsQuestion:
    """Ratings 1 to 10 by what the stars were called, and how many stars are wanted."""

    ratings: Mapping[str, float] = field(default_factory=dict)
    count: int = 10


def wrong_field(name: str, why: str, **more: Any) -> QuestionError:
    """The error that names a field: `n`, `ratings.Some Name`."""
    return QuestionError(HTTPStatus.UNPROCESSABLE_ENTITY, f"{name}: {why}", field=name, **more)


def rating_field(name: str) -> str:
    """The field of the rating of whoever was called so."""
    return f"ratings.{name[:SHOWN_CHARACTERS]}"


def asked_name(query: QueryParams) -> str:
    """The query's `name`."""
    name = query.get("name", "").strip()
    if not name:
        raise wrong_field("name", "say who is meant, as in ?name=Cher")
    if len(name) > MAX_NAME:
        raise wrong_field("name", f"longer than {MAX_NAME} characters")
    return name


def asked_count(query: QueryParams, default: int) -> int:
    """The query's `n`."""
    text = query.get("n", str(default))
    if not re.fullmatch("[0-9]{1,4}", text, re.ASCII) or not 1 <= int(text) <= MAX_COUNT:
        raise wrong_field("n", f"must be a whole number from 1 to {MAX_COUNT}")
    return int(text)


async def asked_ratings(request: Request) -> RatingsQuestion:
    """The JSON of a request: {"ratings": {"Name or id": 1 to 10, ...}, "n": 10}."""
    sent = await _json(request)
    if not isinstance(sent, dict):
        raise wrong_field("body", 'must be an object, as in {"ratings": {"Cher": 9}, "n": 10}')
    for name in sent:
        if name not in ("ratings", "n"):
            raise wrong_field(_shown(name), "is not known; there are ratings and n")
    return RatingsQuestion(_ratings(sent.get("ratings")), _count(sent.get("n", 10)))


async def _json(request: Request) -> Any:
    if int(request.headers.get("content-length", 0)) > MAX_BODY_BYTES:
        raise QuestionError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is longer than {MAX_BODY_BYTES} bytes.")
    try:
        async with asyncio.timeout(BODY_S):
            body = await request.body()
        return json.loads(body, parse_constant=_no_number)
    except TimeoutError:
        raise QuestionError(HTTPStatus.REQUEST_TIMEOUT, "The body took too long to arrive.") from None
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested too deeply
        raise QuestionError(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _count(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= MAX_COUNT:
        raise wrong_field("n", f"must be a whole number from 1 to {MAX_COUNT}")
    return value


def _ratings(value: Any) -> dict[str, float]:
    if not isinstance(value, dict) or not value:
        raise wrong_field("ratings", 'must be an object of names and ratings, as in {"Cher": 9}')
    if len(value) > MAX_RATINGS:
        raise wrong_field("ratings", f"are more than {MAX_RATINGS}")
    for name, rating in value.items():
        if not name.strip() or len(name) > MAX_NAME or not _is_text(name):
            raise wrong_field(rating_field(_shown(name)), f"must be a name of 1 to {MAX_NAME} characters")
        if type(rating) not in (int, float) or not LOWEST <= rating <= HIGHEST:
            raise wrong_field(rating_field(name), f"must be a number from {LOWEST} to {HIGHEST}")
    return {name: float(rating) for name, rating in value.items()}


def _shown(text: str) -> str:
    """Text that was sent, as it can be sent back: JSON may have half a character in it."""
    return text[:SHOWN_CHARACTERS].encode("utf-8", "replace").decode()


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
