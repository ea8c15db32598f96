"""How alike two people are: /compare and two photos, a photo in reply to a photo, two faces in one photo.

The first photo waits in the dialogue, as Telegram's id of its file; of its face nothing is kept.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from telegram.constants import ChatType

from lookalike.gallery.matching import NotCompared
from lookalike.telegram_bot.callback_data import CompareFaces, ComparePhotos
from lookalike.telegram_bot.context import Context, Conversation, Press
from lookalike.telegram_bot.dialogue import Dialogue
from lookalike.telegram_bot.handlers.consent import answer_or_ask
from lookalike.telegram_bot.handlers.photo_flow import answer_photo
from lookalike.telegram_bot.handlers.sharing.pair_flow import compare_people, draw_people, is_any_file
from lookalike.telegram_bot.photos.kept_answer import KeptAnswer
from lookalike.telegram_bot.photos.kept_comparison import Pair, PairOutcome
from lookalike.telegram_bot.photos.message_photo import Photo, photo_in
from lookalike.telegram_bot.registry import callback, command, on_photo
from lookalike.telegram_bot.replies.comparison import comparison, permission_card
from lookalike.telegram_bot.replies.reply import Reply

STEP = "compare"
WAITS = timedelta(minutes=30)  # for the photos
ASKED_STEP = "compare-asked"  # somebody else was asked whether their photo may be compared
ASKED_LASTS = timedelta(days=1)


@dataclass(frozen=True)
class _Asked:
    """What is compared, and the names on the card; `photos` are the same one for two of its faces."""

    photos: tuple[Photo, Photo]
    names: tuple[str, str]
    faces: tuple[int, int] | None = None  # places from the left; None: the main face of each

    @property
    def looked_at(self) -> tuple[Photo, ...]:
        """The photos, each once."""
        return self.photos if self.faces is None else self.photos[:1]

    @property
    def key(self) -> Photo:
        """The photo under which the outcome is kept."""
        return self.photos[1]


@command("compare", private=True)
async def compare(context: Context) -> Reply:
    """Ask for two photos; the one that the command replies to is the first."""
    quoted = context.message.reply_to_message
    first = photo_in(quoted) if quoted else None
    await context.dialogue.set({"step": STEP, "first": asdict(first) if first else None}, WAITS)
    return Reply(context.texts("compare-second" if first else "compare-ask"))


async def photo_to_compare(context: Context) -> ComparePhotos | None:
    """Whether a photo is one of those that /compare asked for, or replies to another photo of its sender's."""
    quoted = context.message.reply_to_message
    first = photo_in(quoted) if quoted and quoted.from_user and quoted.from_user.id == context.user.id else None
    if context.message.chat.type != ChatType.PRIVATE:
        is_others = quoted and quoted.from_user and not quoted.from_user.is_bot and not first
        return ComparePhotos(quoted.message_id) if quoted and is_others and photo_in(quoted) else None
    if first:
        await context.dialogue.set({"step": STEP, "first": asdict(first)}, WAITS)
        return ComparePhotos(first.message_id)
    state = await context.dialogue.state() or {}
    if state.get("step") != STEP or state.get("second", context.message.message_id) != context.message.message_id:
        return None
    return ComparePhotos(state["first"]["message_id"] if state["first"] else 0)


@on_photo(ComparePhotos)
async def compare_photos(talk: Conversation, photo: Photo, asked: ComparePhotos) -> None:
    """Keep the first photo, or compare it with the second; after that dialogue the plain question.

    In a group the other photo is somebody else's, who is asked first.
    """
    dialogue = talk.dialogue
    if photo.chat_id < 0 and asked.first:
        own = {"step": ASKED_STEP, "other": asked.first, "own": asdict(replace(photo, purpose=""))}
        await dialogue.set(own, ASKED_LASTS)
        card = permission_card(talk.texts, talk.user, is_pair=True)
        await talk.send(photo.chat_id, card, asked.first)
        return
    state = await dialogue.state() or {}
    first = Photo(**state["first"]) if state.get("first") else photo
    is_first, second = first.message_id == photo.message_id, state.get("second")
    if state.get("step") != STEP or (second and not is_first and second != photo.message_id):
        await answer_photo(talk, replace(photo, purpose=""))
        return
    if is_first:
        if not second:
            await dialogue.set({"step": STEP, "first": asdict(photo)}, WAITS)
        if not second and not photo.album:  # of an album the second one is there
            await talk.send(photo.chat_id, Reply(talk.texts("compare-second")), photo.message_id)
        return
    names = talk.texts("compare-first-name"), talk.texts("compare-second-name")
    outcome = await _compare(talk, _Asked((first, photo), names))
    if isinstance(outcome, NotCompared):  # the good one stays, and another one is asked for
        await dialogue.set({"step": STEP, "first": asdict(first if outcome.photo else photo)}, WAITS)
    else:  # a repetition of this update must find the dialogue
        await dialogue.set(state | {"second": photo.message_id}, WAITS)


@callback(CompareFaces)
async def faces_pressed(press: Press, asked: CompareFaces) -> Reply | None:
    """Compare the two people of the photo that the answer replies to."""
    quoted = press.message.reply_to_message if press.message else None
    photo = photo_in(quoted) if quoted else None
    if photo is None:
        return Reply(press.texts("compare-gone"))
    await answer_or_ask(press, photo, asked.pack())
    return None


@on_photo(CompareFaces)
async def compare_two_faces(talk: Conversation, photo: Photo, asked: CompareFaces) -> None:
    """Compare two people of one photo."""
    names = talk.texts("compare-left-name"), talk.texts("compare-right-name")
    await _compare(talk, _Asked((photo, photo), names, (asked.one, asked.other)))


async def compare_with_asker(talk: Conversation, photo: Photo, asker_id: int) -> None:
    """Compare a photo, whose sender allowed it, with the photo of who asked; a kind word if that one is gone."""
    state = await Dialogue(talk.services.store, asker_id).state() or {}
    asker = await talk.services.store.get_user(asker_id)
    if state.get("step") != ASKED_STEP or state["other"] != photo.message_id or asker is None:
        await talk.send(photo.chat_id, Reply(talk.texts("permission-old")), photo.message_id)
        return
    names = talk.texts.name(talk.user.name), talk.texts.name(asker.name)
    await _compare(talk, _Asked((photo, Photo(**state["own"])), names))


async def _compare(talk: Conversation, asked: _Asked) -> PairOutcome:
    """Find, compare and answer; what was found is kept until it is sent."""
    services = talk.services
    data: list[bytes] = []
    with services.metrics.stage("answer"):
        turn = services.photo_queue.turn(talk.user.id, is_file=is_any_file(asked.looked_at))
        async with turn, services.sender.patience(talk.chat_id):
            kept = await services.comparison_keeper.load(asked.key, talk.update, services.gallery())
            kept = kept or await _find_and_keep(talk, asked, data)
            outcome = kept.outcome
            reply = comparison(talk.texts, outcome, asked.names, services.bot_name)
            picture = await draw_people(talk, asked.looked_at, reply, data)
        await talk.check_not_erased()
        with services.metrics.stage("send"):
            await services.sender.send(asked.key.chat_id, reply, asked.key.message_id, picture, kept.copies)
    services.comparison_keeper.drop(asked.key)
    services.metrics.answer("compared" if isinstance(outcome, Pair) else str(outcome.refusal.reason))
    return outcome


async def _find_and_keep(talk: Conversation, asked: _Asked, data: list[bytes]) -> KeptAnswer[PairOutcome]:
    outcome = await compare_people(talk, asked.looked_at, data, asked.faces)
    return await talk.services.comparison_keeper.keep(asked.key, talk.update_id, outcome, "")
