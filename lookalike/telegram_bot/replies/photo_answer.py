"""The answer to a photo: an outcome -> words, buttons and the card to draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lookalike.faces.types import Reason, Refusal
from lookalike.gallery.gallery import Neighbour
from lookalike.gallery.matching import Match, Outcome, percent
from lookalike.store.models import Answer
from lookalike.telegram_bot.callback_data import AllCards, CompareFaces, StarAt
from lookalike.telegram_bot.replies import star_photo
from lookalike.telegram_bot.replies.answer_buttons import Shown, among, answer_buttons
from lookalike.telegram_bot.replies.everybody import FACES_SHOWN, cards, from_left, numbered
from lookalike.telegram_bot.replies.reply import Button, Buttons, Link, Reply, links_within, units, within_caption
from lookalike.telegram_bot.texts import Texts

# Words for a likeness, by the least percentage that earns them.
TIERS = ((90, "tier-twin"), (65, "tier-strong"), (30, "tier-some"), (0, "tier-faint"))


FIRST = Shown()


def answer(
    texts: Texts, outcome: Outcome, *, user_name: str, bot_name: str, photos_dir: Path, shown: Shown = FIRST
) -> Reply:
    """The answer to a photo, with the star that `shown` names.

    `user_name` is the user's first name, `bot_name` is without the @; a card is made where `photos_dir` holds the photo
    of the star that matched.
    """
    if isinstance(outcome, Refusal):
        return Reply(texts(refusal_text(outcome.reason)))
    stars = outcome.faces[0].neighbours
    shown = replace(shown, place=min(shown.place, len(stars) - 1))
    best = stars[shown.place]
    if len(outcome.faces) > 1:
        return _group_answer(texts, outcome, best, shown, bot_name, photos_dir)
    headline = _headline(texts, best, shown, len(stars))
    photo = star_photo.shown(best.photo, photos_dir)
    credit, links = star_photo.linked_credit(texts, photo, units(headline) + 1) if photo else ("", ())
    text = within_caption("\n".join(filter(None, (headline, credit))), _doubt(texts, outcome))
    percentage = f"{percent(best.similarity)}%"
    buttons = answer_buttons(texts, best.celebrity, photo, percentage, shown, len(stars), bot_name)
    buttons = (*compare_button(texts, outcome), *buttons)
    if not photo:
        return Reply(text, buttons, preview_url=best.celebrity.url_in(texts.language))
    card = star_photo.share_card(
        texts, outcome.faces[0], best, photo, user_name=user_name, bot_name=bot_name, photos_dir=photos_dir
    )
    shown_links = links_within(text, links)
    return Reply(text, buttons, card, best.celebrity.url_in(texts.language), shown_links)


def more(texts: Texts, found: Answer | None, links: Mapping[str, str], *, has_photo: bool) -> Reply:
    """Who came after the star of an earlier answer, each with a link (`links`: by celebrity id) to an article.

    With the photo still there, a button for each shows the star; the first one's article is shown above.
    """
    if found is None or len(found.ranking) < 2:
        return Reply(texts("more-none"))
    first, *others = found.ranking
    text, shown = texts("more", star=first.name, percent=f"{percent(first.similarity)}%") + "\n", []
    for rank, one in enumerate(others, start=2):
        line = texts("more-line", rank=rank, star=one.name, percent=f"{percent(one.similarity)}%")
        if one.celebrity_id in links and one.name in line:
            start = units(f"{text}\n{line[: line.index(one.name)]}")
            shown.append(Link(start, units(one.name), links[one.celebrity_id]))
        text += f"\n{line}"
    buttons = tuple(Button(str(rank), StarAt(rank - 1, "any").pack()) for rank in range(2, len(found.ranking) + 1))
    preview = next((one.url for one in shown), None)
    return Reply(text, (buttons,) if has_photo else (), preview_url=preview, links=tuple(shown))


def refusal_text(reason: Reason) -> str:
    """The id of the text that says why a photo has no answer."""
    return reason.value.replace("_", "-")


def _headline(texts: Texts, one: Neighbour, shown: Shown, count: int) -> str:
    """Among whom, the star and who that is, the percentage and what it means."""
    star, percentage = one.celebrity, percent(one.similarity)
    note, shown_percent = star.description_in(texts.language), f"{percentage}%"
    meaning = (
        texts("answer-place", place=str(shown.place + 1), count=str(count))
        if shown.place
        else texts("answer-meaning", percent=shown_percent)
    )
    words = texts(
        "answer",
        percent=shown_percent,
        star=star.name_in(texts.language),
        note=texts("note", note=note) if note else "",
        tier=likeness(texts, percentage, shown.variant),
        meaning=meaning,
    )
    return "\n".join(filter(None, (among(texts, shown.where), words)))


def likeness(texts: Texts, percentage: int, variant: int) -> str:
    """Words for a percentage, in one of the VARIANTS (variants.py) of its tier."""
    return texts(next(id for least, id in TIERS if percentage >= least), variant=variant)


def _doubt(texts: Texts, outcome: Match) -> list[str]:
    """Why the match of the main face is uncertain, and what would be better."""
    doubt = outcome.faces[0].doubt
    return ["", texts(f"doubt-{doubt}")] if doubt else []


def _group_answer(
    texts: Texts, outcome: Match, best: Neighbour, shown: Shown, bot_name: str, photos_dir: Path
) -> Reply:
    """The answer to a photo of several people: numbered from left to right, nobody called "you".

    At most FACES_SHOWN, the most prominent ones; `best` is the star that is shown for the main face, whose buttons
    stand below.
    """
    main, ordered = outcome.faces[0], from_left(outcome)
    lines = [
        numbered(texts, number, best if face is main else face.neighbours[0])
        for number, face in enumerate(ordered, start=1)
    ]
    if len(outcome.faces) > FACES_SHOWN:
        lines.append(texts("answer-more-people", count=len(outcome.faces) - FACES_SHOWN))
    head = "\n".join(filter(None, (among(texts, shown.where), texts("answer-group"))))
    percentage = f"{percent(best.similarity)}%"
    in_group = replace(shown, is_group=True)
    buttons = answer_buttons(texts, best.celebrity, None, percentage, in_group, len(main.neighbours), bot_name)
    has_cards = len(cards(texts, outcome, bot_name=bot_name, photos_dir=photos_dir)) > 1
    all_cards = ((Button(texts("button-cards"), AllCards(str(shown.where)).pack()),),) if has_cards else ()
    return Reply(
        within_caption(head, ["", *lines, *_doubt(texts, outcome)]),
        (*compare_button(texts, outcome), *all_cards, *buttons),
        preview_url=best.celebrity.url_in(texts.language),
        numbered=tuple(face.box for face in ordered),
        turn=main.turn,
    )


def compare_button(texts: Texts, outcome: Match) -> Buttons:
    """Under a picture of exactly two people: how alike they are."""
    return ((Button(texts("button-compare"), CompareFaces(0, 1).pack()),),) if len(outcome.faces) == 2 else ()
