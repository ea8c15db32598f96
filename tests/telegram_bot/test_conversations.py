"""Conversations as scripts, played with the real bot: what somebody does, and what the answer holds.

The scripts are in conversations/, a file for each subject; conversation_scripts.py in tests/support says how they read.
"""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.support.bot_api.server import BotApi
from tests.support.conversation_scripts import Player, Script, read_scripts
from tests.support.running_bot import RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")

FILES = sorted((Path(__file__).parent / "conversations").glob("*.txt"))
SCRIPTS = {f"{file.stem}: {one.language}: {one.name}": one for file in FILES for one in read_scripts(file)}


@pytest.fixture(scope="module")
def photos(astronaut: bytes) -> dict[str, bytes]:
    """A face; no face; two faces."""
    face = Image.open(io.BytesIO(astronaut)).convert("RGB")
    two = Image.new("RGB", (2 * face.width, face.height))
    two.paste(face, (0, 0))
    two.paste(face, (face.width, 0))
    return {"photo": astronaut, "wall": jpeg(Image.new("RGB", (400, 300), "teal")), "two": jpeg(two)}


def jpeg(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=92)
    return data.getvalue()


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
async def test_a_conversation_goes_as_written(
    api: BotApi, bot: RunningBot, photos: dict[str, bytes], script: Script
) -> None:
    await Player(api, script.language, photos).play(script.steps)


async def test_there_are_sixty_conversations_half_of_them_in_each_language() -> None:
    languages = [script.language for script in SCRIPTS.values()]

    assert len(SCRIPTS) >= 60
    assert min(languages.count("en"), languages.count("ru")) >= 30
