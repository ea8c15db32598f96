"""/privacy says who can read the copy of what is kept."""

from pathlib import Path

import pytest

from tests.support.bot_api.conversation import answer
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi

MONGODB = "mongodb://127.0.0.1:1"  # nobody listens there; the text goes by the setting


@pytest.mark.parametrize(
    ("uri", "seal", "words"),
    [
        ("", "", "encrypted on my disk."),
        (MONGODB, "", "a copy in a database of their own, where they can read it."),
        (MONGODB, "1", "a copy in a database of their own, encrypted too."),
    ],
    ids=["no copy", "readable", "sealed"],
)
async def test_privacy_says_whether_there_is_a_copy_and_who_can_read_it(
    tmp_path: Path, uri: str, seal: str, words: str
) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path, MONGODB_URI=uri, MONGODB_SEAL=seal):
        call = await answer(api, api.user().text("/privacy"))

    assert words in call.text
    assert all(named in call.text for named in ("A challenge keeps", "Whoever is banned"))
