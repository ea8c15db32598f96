"""How a bot shows itself: name, descriptions and commands in each language, and its picture."""

import io
import json
from collections.abc import Callable
from typing import Any

from PIL import Image

from tests.support.bot_api.calls import Call, RefusedError

TEXTS = {"Description": "description", "ShortDescription": "short_description", "Name": "name"}
LONGEST = {"description": 512, "short_description": 120, "name": 64}  # core.telegram.org/bots/api#setmyname


class Profile:
    """What setMy… methods set and getMy… methods give; a language without a text of its own gets the default one."""

    def __init__(self, bot_id: int, name: str) -> None:
        """Start with a name alone, as @BotFather makes a bot."""
        self._bot_id = bot_id
        self.texts: dict[tuple[str, str], str] = {("name", ""): name}  # (what, language) -> text
        self.commands: dict[str, Any] = {}  # scope and language -> commands
        self.picture: bytes | None = None

    def methods(self) -> dict[str, Callable[[Call], Any]]:
        """The functions by the method's name."""
        table: dict[str, Callable[[Call], Any]] = {
            "setMyCommands": self._set_commands, "getMyCommands": self._get_commands,
            "deleteMyCommands": self._delete_commands, "setMyProfilePhoto": self._set_picture,
            "removeMyProfilePhoto": self._remove_picture, "getUserProfilePhotos": self._pictures,
        }  # fmt: skip
        table |= {f"setMy{what}": self._set_text for what in TEXTS}
        return table | {f"getMy{what}": self._get_text for what in TEXTS}

    def _set_text(self, call: Call) -> bool:
        what = TEXTS[call.method[5:]]
        text = str(call.params.get(what, ""))
        if len(text) > LONGEST[what]:
            raise RefusedError(400, f"Bad Request: bot {what.replace('_', ' ')} is too long")
        self.texts[what, call.params.get("language_code", "")] = text
        return True

    def _get_text(self, call: Call) -> Any:
        what = TEXTS[call.method[5:]]
        default = self.texts.get((what, ""), "")
        return {what: self.texts.get((what, call.params.get("language_code", "")), "") or default}

    def _set_commands(self, call: Call) -> bool:
        self.commands[_key(call)] = call.params.get("commands", [])
        return True

    def _get_commands(self, call: Call) -> Any:
        return self.commands.get(_key(call), [])

    def _delete_commands(self, call: Call) -> bool:
        self.commands.pop(_key(call), None)
        return True

    def _set_picture(self, call: Call) -> bool:
        photo = json.loads(call.params.get("photo", "{}"))
        upload = call.uploads.get(str(photo.get("photo", "")).removeprefix("attach://"))
        if photo.get("type") != "static" or upload is None:
            raise RefusedError(400, "Bad Request: there is no photo in the request")
        with Image.open(io.BytesIO(upload.data)) as picture:
            if picture.format != "JPEG":
                raise RefusedError(400, "Bad Request: PHOTO_EXT_INVALID")
        self.picture = upload.data
        return True

    def _remove_picture(self, call: Call) -> bool:
        self.picture = None
        return True

    def _pictures(self, call: Call) -> Any:
        if call.params.get("user_id") != self._bot_id or self.picture is None:
            return {"total_count": 0, "photos": []}
        size = {"file_id": "own", "file_unique_id": "own", "width": 640, "height": 640}
        return {"total_count": 1, "photos": [[size]]}


def _key(call: Call) -> str:
    scope = call.params.get("scope") or {"type": "default"}
    return f"{scope} {call.params.get('language_code', '')}"
