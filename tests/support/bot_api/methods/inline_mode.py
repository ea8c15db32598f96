"""Inline mode of the stand-in: what Telegram checks of an answer to an inline query, and what is posted of it.

core.telegram.org/bots/api#answerinlinequery, #inlinequeryresult.
"""

import re
from collections.abc import Mapping

from tests.support.bot_api.calls import Json, RefusedError
from tests.support.bot_api.files import StoredFile
from tests.support.bot_api.text import utf16_len

MAX_RESULTS, MAX_ID_BYTES, MAX_CAPTION, MAX_TEXT = 50, 64, 1024, 4096
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def check_answer(params: Json, queries: dict[str, bool], files: Mapping[str, StoredFile]) -> bool:
    """Refuse what Telegram refuses; a query can be answered once."""
    query, results = str(params.get("inline_query_id")), params.get("results") or []
    if queries.get(query, True):
        raise RefusedError(400, TOO_OLD)
    ids = [str(one.get("id", "")) for one in results]
    if len(results) > MAX_RESULTS:
        raise RefusedError(400, "Bad Request: RESULTS_TOO_MUCH")
    if len(set(ids)) < len(ids):
        raise RefusedError(400, "Bad Request: RESULT_ID_DUPLICATE")
    if not all(1 <= len(one.encode()) <= MAX_ID_BYTES for one in ids):
        raise RefusedError(400, "Bad Request: RESULT_ID_INVALID")
    for one in results:
        _check_result(one, files)
    button = params.get("button") or {}
    if button and not re.fullmatch(r"[0-9A-Za-z_-]{1,64}", button.get("start_parameter", "")):
        raise RefusedError(400, "Bad Request: START_PARAM_INVALID")
    queries[query] = True
    return True


def _check_result(one: Json, files: Mapping[str, StoredFile]) -> None:
    words = one.get("input_message_content", {}).get("message_text", "")
    if one["type"] == "article" and not (one.get("title") and words):
        raise RefusedError(400, "Bad Request: MESSAGE_EMPTY")
    file = files.get(one.get("photo_file_id", ""))
    if "photo_file_id" in one and (file is None or "photo" not in file.content):
        raise RefusedError(400, "Bad Request: wrong file identifier/HTTP URL specified")
    if one["type"] == "photo" and "photo_file_id" not in one and not (one.get("photo_url") and one["thumbnail_url"]):
        raise RefusedError(400, "Bad Request: WEBDOCUMENT_URL_INVALID")
    if utf16_len(one.get("caption", "")) > MAX_CAPTION or utf16_len(words) > MAX_TEXT:
        raise RefusedError(400, "Bad Request: MEDIA_CAPTION_TOO_LONG")
