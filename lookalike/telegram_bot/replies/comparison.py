"""How alike two people are: words, and the card of both."""

from __future__ import annotations

from lookalike.faces.drawing.card.card import Card
from lookalike.gallery.matching import NotCompared, percent
from lookalike.store.models import User
from lookalike.telegram_bot.callback_data import Permission
from lookalike.telegram_bot.photos.kept_comparison import Pair, PairOutcome
from lookalike.telegram_bot.replies.photo_answer import refusal_text
from lookalike.telegram_bot.replies.reply import Button, Reply
from lookalike.telegram_bot.texts import Texts

# Words for a likeness of two people, by the least percentage that earns them. Photos of one person are above 99 %
# nearly always (bench/comparing.py).
TIERS = ((97, "pair-twin"), (80, "pair-strong"), (40, "pair-some"), (0, "pair-faint"))


def comparison(texts: Texts, outcome: PairOutcome, names: tuple[str, str], bot_name: str) -> Reply:
    """The answer; `names` stand under the faces on the card."""
    if isinstance(outcome, NotCompared):
        which = ("compare-refused-first", "compare-refused-second")[outcome.photo]
        return Reply(texts(which, reason=texts(refusal_text(outcome.refusal.reason))))
    shown = percent(outcome.similarity)
    tier = texts(next(id for least, id in TIERS if shown >= least))
    return Reply(texts("compared", percent=f"{shown}%", tier=tier), card=_card(texts, outcome, names, shown, bot_name))


def permission_card(texts: Texts, asker: User, *, is_pair: bool) -> Reply:
    """Asks somebody in a group whether their photo may be looked at for `asker`, with two buttons."""
    yes, no = (Permission(agreed, asker.id, is_pair).pack() for agreed in (True, False))
    words = texts("permission-pair" if is_pair else "permission-star", name=texts.name(asker.name))
    return Reply(words, ((Button(texts("permission-yes"), yes),), (Button(texts("permission-no"), no),)))


def _card(texts: Texts, pair: Pair, names: tuple[str, str], shown: int, bot_name: str) -> Card:
    one, other = pair.faces
    return Card(
        box=one.box,
        turn=one.turn,
        eyes=one.eyes,
        name=names[0],
        name_else=texts("compare-first-name"),
        star_name=names[1],
        star_name_else=texts("compare-second-name"),
        star_note="",
        star_photo="",
        percent=shown,
        credit="",
        address=f"t.me/{bot_name}",
        question=texts("card-question"),
        star_box=other.box,
        star_eyes=other.eyes,
        star_turn=other.turn,
    )
