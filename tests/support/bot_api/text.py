"""What Telegram does with words: HTML to plain text with entities, commands, and limits counted as it counts."""

import html
import re
from typing import Any

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "a": "text_link", "code": "code",
    "pre": "pre", "blockquote": "blockquote", "tg-spoiler": "spoiler", "span": "spoiler", "tg-emoji": "custom_emoji",
}  # fmt: skip
_MARK = re.compile(r"<(?P<close>/?)(?P<tag>[a-zA-Z][\w-]*)(?P<rest>[^<>]*)>|<|&(?:#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot);")
_COMMAND = re.compile(r"(?:(?<=\s)|^)/\w{1,64}(?:@\w+)?")


class ParseError(ValueError):
    """Telegram's `can't parse entities`; the text says where and why."""


def utf16_len(text: str) -> int:
    """Telegram measures text in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def plain(text: str, parse_mode: str | None) -> tuple[str, list[dict[str, Any]]]:
    """Text as the reader sees it, and its entities; HTML is parsed, other modes are left as they are."""
    if (parse_mode or "").lower() != "html":
        return text.strip(), commands(text.strip())
    words: list[str] = []
    length = 0  # UTF-16 units of `words`
    at = 0
    open_tags: list[tuple[str, str, int]] = []
    entities: list[dict[str, Any]] = []
    text = text.strip()
    for mark in _MARK.finditer(text):
        here = len(text[: mark.start()].encode())
        words.append(text[at : mark.start()])
        length += utf16_len(words[-1])
        at = mark.end()
        tag = (mark["tag"] or "").lower()
        if mark[0].startswith("&"):
            words.append(html.unescape(mark[0]))
            length += utf16_len(words[-1])
        elif tag not in TAGS:
            raise ParseError(f'Unsupported start tag "{tag}" at byte offset {here}')
        elif not mark["close"]:
            open_tags.append((tag, mark["rest"], length))
        elif not open_tags or open_tags[-1][0] != tag:
            raise ParseError(f"Unexpected end tag at byte offset {here}")
        else:
            _, rest, start = open_tags.pop()
            entity: dict[str, Any] = {"type": TAGS[tag], "offset": start, "length": length - start}
            if tag == "a":
                link = re.search(r"""href\s*=\s*["']?([^"'\s]+)""", rest)
                entity["url"] = html.unescape(link[1]) if link else ""
            if entity["length"]:
                entities.append(entity)
    if open_tags:
        raise ParseError(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    words.append(text[at:])
    seen = "".join(words)
    return seen, sorted(entities + commands(seen), key=lambda entity: (entity["offset"], -entity["length"]))


def commands(text: str) -> list[dict[str, Any]]:
    """The bot_command entities, without which a bot takes no `/start` for a command."""
    return [
        {"type": "bot_command", "offset": utf16_len(text[: found.start()]), "length": len(found[0])}
        for found in _COMMAND.finditer(text)
    ]
