"""A client, a picture and a keyboard for the tests of the Bot API stand-in."""

import io
from functools import lru_cache

from PIL import Image
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.request import HTTPXRequest

from tests.support.bot_api.server import (
    TOKEN,
)

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="consent:yes")]])


@lru_cache
def picture(width: int = 1600, height: int = 1200, kind: str = "JPEG") -> bytes:
    """A colour gradient, which shrinks the way photos do."""
    gradient = Image.linear_gradient("L").resize((width, height))
    out = io.BytesIO()
    Image.merge("RGB", (gradient, gradient.rotate(180), gradient)).save(out, kind)
    return out.getvalue()


def client(url: str) -> Bot:
    """A real bot at a stand-in: no certificates to load, no proxy to pass."""
    plain_http = [HTTPXRequest(httpx_kwargs={"verify": False, "trust_env": False}) for _ in range(2)]
    base_url, base_file_url = f"{url}/bot", f"{url}/file/bot"
    return Bot(TOKEN, base_url, base_file_url, request=plain_http[0], get_updates_request=plain_http[1])


def ids(updates: tuple[Update, ...]) -> list[int]:
    return [update.update_id for update in updates]
