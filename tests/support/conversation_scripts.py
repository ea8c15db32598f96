"""Conversations as text: scripts of what people do and what a bot answers, and how one is played.

    [en] a name
    > Angelina Joli
    < ⭐ Angelina Jolie
    bob> photo
    bob< Before I look

A line with `>` is what somebody does (`Player.do` has the verbs; anything else is typed), one with `<` words of a
message that they get for it, `~` of the line above the chat after a press. A lone `-` says that nothing comes: the
next message of the script is the first. Before the sign stands who: nobody for the person whose script it is, `group`
for the same person in a group, `flo` for another one there, `bob` for a friend in a chat of their own.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import SLOW_S
from tests.support.bot_api.server import BotApi, Person, Sent

LINE = re.compile(r"(?P<who>|group|flo|bob)(?P<sign>[><~]) (?P<what>.+)|(?P<nothing>-)")


@dataclass(frozen=True)
class Step:
    """One line: `>` somebody does it, `<` it is in a message to them, `~` in a toast; '-' for nothing."""

    sign: str
    who: str = ""
    what: str = ""


@dataclass(frozen=True)
class Script:
    """One conversation in one language."""

    language: str
    name: str
    steps: tuple[Step, ...]


def read_scripts(file: Path) -> list[Script]:
    """The scripts of a file; ValueError for a line that is none."""
    scripts: list[Script] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            language, _, name = line[1:].partition("] ")
            scripts.append(Script(language, name, ()))
            continue
        found = LINE.fullmatch(line)
        if not found:
            raise ValueError(f"{file.name}: {line}")
        step = Step(found["sign"] or "-", found["who"] or "", found["what"] or "")
        scripts[-1] = Script(scripts[-1].language, scripts[-1].name, (*scripts[-1].steps, step))
    return scripts


class Player:
    """Plays one script; `photos` by name: `photo` of a face, `wall` without one, `two` with two faces."""

    def __init__(self, api: BotApi, language: str, photos: dict[str, bytes], id: int | None = None) -> None:
        self._api, self._photos = api, photos
        one = api.user(id, first_name="Ann", language_code=language)
        group = api.user(first_name="Ann", language_code=language, chat_type="supergroup")
        group = Person(api.state, api.push, one.user, group.chat)
        self._people = {
            "": one, "group": group, "flo": api.user(first_name="Flo", language_code=language, chat=group.chat),
            "bob": api.user(first_name="Bob", language_code=language),
        }  # fmt: skip
        self._last_photo: Sent | None = None
        self._query_id = ""

    @property
    def chats(self) -> set[int]:
        """The chats of everybody in the script."""
        return {person.id for person in self._people.values()}

    async def play(self, steps: Sequence[Step]) -> None:
        """Do what is in a script, and wait for each answer; AssertionError if one does not come."""
        since, is_quiet = 0, False
        for step in steps:
            if step.sign == "-":
                is_quiet = True
            elif step.sign == ">":
                since = since if is_quiet else len(self._api.calls)
                self.do(step.who, step.what)
            else:
                try:
                    call = await self._api.wait_for(self._shows(step), SLOW_S, since=since)
                except AssertionError as error:
                    raise AssertionError(f"{step} did not come: {error}") from None
                if is_quiet:
                    assert self._shown(since)[0] is call, f"{self._shown(since)[0]} came before {step.what}"
                    is_quiet = False

    def do(self, who: str, what: str) -> None:
        """One thing that somebody does."""
        person, (verb, _, rest) = self._people[who], what.partition(" ")
        if verb in self._photos:
            self._last_photo = person.photo(self._photos[verb], rest or None)
            return
        face = self._photos["photo"]
        verbs: dict[str, Callable[[], Any]] = {
            "album": lambda: person.album([face] * 3, rest or None),
            "answer-photo": lambda: person.photo(face, rest or None, reply_to=self._last_photo),
            "answer": lambda: person.text(rest, reply_to=self._last_photo),
            "file": lambda: person.document(face),
            "text-file": lambda: person.document(b"words", "letter.txt", "text/plain"),
            "sticker": lambda: person.sticker(b"webm", face, moves=True),
            "gif": lambda: person.animation(face),
            "video": lambda: person.video(face),
            "video-without-frame": lambda: person.video(),
            "video-note": lambda: person.video_note(face),
            "voice": person.voice,
            "location": person.location,
            "contact": person.contact,
            "send": lambda: person.send(**json.loads(rest)),
            "edit": lambda: person.edit(rest),
            "block": person.block,
            "unblock": person.unblock,
            "press": lambda: self._press(who, rest),
            "forge": lambda: person.press(self._with_button(who, "")[0], rest, forge=True),
            "link": lambda: person.text(f"/start {self._link()}"),
            "inline": lambda: self._ask(person, rest),
            "update": lambda: self._api.push(json.loads(rest.replace("$CHAT", str(person.id)))),
        }
        verbs.get(verb, lambda: person.text(what))()

    def _press(self, who: str, data: str) -> None:
        """Press a button, whoever's it is."""
        self._people[who].press(*self._with_button(who, data))

    def _with_button(self, who: str, data: str) -> tuple[Call, str]:
        """The last message in that chat that has a button whose data begins like this, and the first such button."""
        shown = [call for call in self._shown(0) if call.chat_id == self._people[who].id]
        found = [(call, [one for one in call.buttons if one.startswith(data)]) for call in shown]
        call, buttons = next((one for one in reversed(found) if one[1]), (None, []))
        assert call, f"no button {data}; {self._api.story()}"
        return call, buttons[0]

    def _ask(self, person: Person, query: str) -> None:
        self._query_id = person.ask_inline(query).query_id

    def _link(self) -> str:
        """What the last link of a message sends to the bot."""
        links: list[str] = re.findall(r"\?start=([\w-]+)", "\n".join(call.text for call in self._shown(0)))
        return links[-1]

    def _shown(self, since: int) -> list[Call]:
        """The calls that showed somebody of the script a message."""
        return [call for call in self._api.calls[since:] if call.ok and call.messages and call.chat_id in self.chats]

    def _shows(self, step: Step) -> Callable[[Call], bool]:
        chat = self._people[step.who].id

        def matches(call: Call) -> bool:
            if call.method == "answerInlineQuery":
                words = json.dumps(call.params["results"], ensure_ascii=False)
                return call.ok and call.params["inline_query_id"] == self._query_id and step.what in words
            if step.sign == "~":
                return call.ok and call.method == "answerCallbackQuery" and step.what in call.params.get("text", "")
            return call.ok and bool(call.messages) and call.chat_id == chat and step.what in call.text

        return matches
