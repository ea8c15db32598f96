"""The stars that a user got, page by page, and those that most people met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.celebrities import celebrity_tag
from lookalike.telegram_bot.callback_data import MinePage, Star, TellFriends
from lookalike.telegram_bot.replies.reply import Button, Reply
from lookalike.telegram_bot.texts import Texts

PAGE_STARS = 8


@dataclass(frozen=True)
class CollectedStar:
    """A star of a user: met last so many days ago, how often, and how many people got them."""

    celebrity: Celebrity
    days: int
    times: int
    people: int


def my_stars(
    texts: Texts, stars: Sequence[CollectedStar], page: int, *, gallery_size: int, unmet: int, tells_friends: bool
) -> Reply:
    """A page (from 0) of a user's stars, the one met last first; `unmet`: stars of the gallery that nobody got."""
    words = texts("tell-friends-stop" if tells_friends else "tell-friends")
    tell = Button(words, TellFriends(not tells_friends).pack())
    if not stars:
        return Reply(texts("mine-none", people=gallery_size), ((tell,),))
    pages = -(-len(stars) // PAGE_STARS)
    page = min(max(page, 0), pages - 1)
    shown = stars[page * PAGE_STARS : (page + 1) * PAGE_STARS]
    rarest = min(stars, key=lambda one: (one.people, one.celebrity.fame or 0))
    lines = [
        texts("mine", count=len(stars), people=gallery_size),
        texts("mine-rarest", star=rarest.celebrity.name_in(texts.language), people=rarest.people),
        "",
        *(_line(texts, one) for one in shown),
    ]
    if unmet:
        lines += ["", texts("mine-unmet", count=unmet)]
    buttons = [*star_rows(texts, [one.celebrity for one in shown])]
    if pages > 1:
        buttons.append(_page_row(page, pages))
    return Reply("\n".join(lines), (*buttons, (tell,)))


def most_met(texts: Texts, met: Sequence[tuple[Celebrity, int]], unfound: Sequence[Celebrity], unmet: int) -> Reply:
    """The stars that most people met this week, with how many, and well-known ones of those nobody got."""
    lines = [texts("top" if met else "top-none")]
    lines += [
        texts("top-line", rank=rank, star=star.name_in(texts.language), people=people)
        for rank, (star, people) in enumerate(met, start=1)
    ]
    if unfound:
        lines += ["", texts("top-unmet", count=unmet)]
    return Reply("\n".join(lines), star_rows(texts, unfound))


def star_rows(texts: Texts, stars: Sequence[Celebrity], mark: str = "") -> tuple[tuple[Button, ...], ...]:
    """Buttons to the pages of stars, two in a row, with `mark` before each name."""
    buttons = [Button(mark + one.name_in(texts.language), Star(celebrity_tag(one.id)).pack()) for one in stars]
    return tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))


def _line(texts: Texts, star: CollectedStar) -> str:
    times = texts("mine-times", count=star.times) if star.times > 1 else ""
    name, when = star.celebrity.name_in(texts.language), texts("ago", days=star.days)
    return texts("mine-line", star=name, when=when, times=times)


def _page_row(page: int, pages: int) -> tuple[Button, ...]:
    row = [(f"{page + 1} / {pages}", page)]
    if page > 0:
        row.insert(0, ("«", page - 1))
    if page < pages - 1:
        row.append(("»", page + 1))
    return tuple(Button(text, MinePage(number).pack()) for text, number in row)
