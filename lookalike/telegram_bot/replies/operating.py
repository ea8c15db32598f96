"""What whoever runs the bot reads: how a broadcast stands."""

from __future__ import annotations

from lookalike.store.store import Broadcast
from lookalike.telegram_bot.callback_data import BroadcastStep
from lookalike.telegram_bot.replies.reply import Button, Reply
from lookalike.telegram_bot.texts import Texts

# By the state of a broadcast, the buttons under its card.
STEPS = {"draft": ("send", "cancel"), "running": ("pause", "cancel"), "paused": ("resume", "cancel")}


def broadcast_draft(texts: Texts, number: int, people: int) -> Reply:
    """The question behind the preview."""
    return Reply(texts("broadcast-draft", people=people), (_buttons(texts, number, "draft"),))


def broadcast_card(texts: Texts, broadcast: Broadcast) -> Reply:
    """How a broadcast stands, with what can be done."""
    if broadcast.state == "draft":
        return broadcast_draft(texts, broadcast.number, broadcast.waiting)
    row = _buttons(texts, broadcast.number, broadcast.state)
    return Reply(_standing(texts, broadcast, broadcast.state), (row,) if row else ())


def broadcast_result(texts: Texts, broadcast: Broadcast) -> Reply:
    """What came of a broadcast that nobody waits for any more."""
    return Reply(_standing(texts, broadcast, "done"))


def _standing(texts: Texts, broadcast: Broadcast, state: str) -> str:
    handled = broadcast.sent + broadcast.blocked + broadcast.failed
    counts = {"sent": broadcast.sent, "blocked": broadcast.blocked, "failed": broadcast.failed}
    said = texts(f"broadcast-{state}", **counts, all=handled + broadcast.waiting)
    return f"{said} {texts('broadcast-declined', count=broadcast.declined)}" if broadcast.declined else said


def _buttons(texts: Texts, number: int, state: str) -> tuple[Button, ...]:
    return tuple(
        Button(texts(f"broadcast-button-{step}"), BroadcastStep(step, number).pack()) for step in STEPS.get(state, ())
    )
