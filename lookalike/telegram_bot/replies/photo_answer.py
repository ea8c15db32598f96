"""The answer to a photo: an outcome -> words, buttons and the card to draw."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from lookalike.faces.types import Reason, Refusal
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.matching import FaceMatch, Match, Outcome, percent
from lookalike.store.models import Answer
from lookalike.telegram_bot.callback_data import More
from lookalike.telegram_bot.replies import star_photo
from lookalike.telegram_bot.replies.reply import Button, Buttons, Reply, links_within, units, within_caption
from lookalike.telegram_bot.texts import Texts

OTHERS_SHOWN = 9
# Words for a likeness, by the least percentage that earns them.
TIERS = ((90, "tier-twin"), (65, "tier-strong"), (30, "tier-some"), (0, "tier-faint"))


def answer(
    texts: Texts, outcome: Outcome, *, user_name: str, answer_id: str | None, bot_name: str, photos_dir: Path
) -> Reply:
    """The answer to a photo.

    `user_name` is the user's first name, `answer_id` leads to more lookalikes, `bot_name` is without the @; a card is
    made where `photos_dir` holds the photo of the star that matched.
    """
    if isinstance(outcome, Refusal):
        return Reply(texts(refusal_text(outcome.reason)))
    best = outcome.best
    shown = f"{percent(best.similarity)}%"
    headline = _headline(texts, best.celebrity, percent(best.similarity))
    photo = star_photo.shown(best.photo, photos_dir)
    credit, links = star_photo.linked_credit(texts, photo, units(headline) + 1) if photo else ("", ())
    text = within_caption(
        "\n".join(filter(None, (headline, credit))), [*_doubt(texts, outcome), *_others(texts, outcome)]
    )
    buttons = _answer_buttons(texts, best.celebrity, shown, answer_id, bot_name)
    if not photo:
        return Reply(text, buttons, preview_url=best.celebrity.url_in(texts.language))
    card = star_photo.share_card(
        texts, outcome.faces[0], best, photo, user_name=user_name, bot_name=bot_name, photos_dir=photos_dir
    )
    shown_links = links_within(text, links)
    return Reply(text, buttons, card, best.celebrity.url_in(texts.language), shown_links)


def more(texts: Texts, found: Answer | None) -> Reply:
    """Who came after the star of an earlier answer."""
    if found is None or len(found.ranking) < 2:
        return Reply(texts("more-none"))
    first, *others = found.ranking
    lines = [texts("more", star=first.name, percent=f"{percent(first.similarity)}%"), ""]
    lines += [
        texts("more-line", rank=rank, star=one.name, percent=f"{percent(one.similarity)}%")
        for rank, one in enumerate(others, start=2)
    ]
    return Reply("\n".join(lines))


def refusal_text(reason: Reason) -> str:
    """The id of the text that says why a photo has no answer."""
    return reason.value.replace("_", "-")


def _headline(texts: Texts, celebrity: Celebrity, percentage: int) -> str:
    note = celebrity.description_in(texts.language)
    return texts(
        "answer",
        percent=f"{percentage}%",
        star=celebrity.name_in(texts.language),
        note=texts("note", note=note) if note else "",
        tier=texts(next(id for least, id in TIERS if percentage >= least)),
    )


def _doubt(texts: Texts, outcome: Match) -> list[str]:
    """Why the match of the main face is uncertain, and what would be better."""
    doubt = outcome.faces[0].doubt
    return ["", texts(f"doubt-{doubt}")] if doubt else []


def _others(texts: Texts, outcome: Match) -> list[str]:
    """The other faces of a group photo, from left to right; at most OTHERS_SHOWN of them, the most prominent ones."""
    others = outcome.faces[1:]
    if not others:
        return []
    shown = sorted(others[:OTHERS_SHOWN], key=lambda face: face.box[0])
    lines = ["", texts("answer-others"), *(_other(texts, face) for face in shown)]
    if len(others) > OTHERS_SHOWN:
        lines.append(texts("answer-more-people", count=len(others) - OTHERS_SHOWN))
    return lines


def _other(texts: Texts, face: FaceMatch) -> str:
    best = face.neighbours[0]
    name = best.celebrity.name_in(texts.language)
    return "• " + texts("answer-other", star=name, percent=f"{percent(best.similarity)}%")


def _answer_buttons(texts: Texts, star: Celebrity, shown: str, answer_id: str | None, bot_name: str) -> Buttons:
    name = star.name_in(texts.language)
    rows: list[tuple[Button, ...]] = []
    if answer_id:
        rows.append((Button(texts("button-more"), More(answer_id).pack()),))
    if url := star.url_in(texts.language):
        rows.append((Button(texts("button-about", star=name), url=url),))
    share = f"https://t.me/share/url?url={quote(f'https://t.me/{bot_name}')}&text="
    rows.append((Button(texts("button-share"), url=share + quote(texts("share-text", star=name, percent=shown))),))
    return tuple(rows)
