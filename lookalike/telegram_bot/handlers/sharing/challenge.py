"""How alike two friends are: one makes a link, the other opens it and sends a photo, both get one card.

The first one's photo stays with Telegram: what is kept of it, sealed and for a week, is Telegram's id of the file;
it is fetched again when the friend has sent theirs. Either of the two can take it back, before and after.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import asdict, replace
from datetime import timedelta

from telegram import Message
from telegram.error import BadRequest, Forbidden, TelegramError

from lookalike.gallery.matching import NotCompared
from lookalike.store.store import DeepLink, User
from lookalike.telegram_bot.callback_data import ChallengeFriend, FriendDuel, TakeBack
from lookalike.telegram_bot.context import Context, Conversation, Press
from lookalike.telegram_bot.delivery.copies import Copies
from lookalike.telegram_bot.delivery.sender import is_block
from lookalike.telegram_bot.handlers.photo_flow import CONSENT_VERSION, answer_photo
from lookalike.telegram_bot.handlers.sharing.pair_flow import compare_people, draw_people, is_any_file
from lookalike.telegram_bot.photos.kept_answer import KeptAnswer
from lookalike.telegram_bot.photos.kept_comparison import Pair, PairOutcome
from lookalike.telegram_bot.photos.message_photo import Photo, photo_in
from lookalike.telegram_bot.registry import callback, on_photo
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.replies.sharing import challenge as replies
from lookalike.telegram_bot.texts import Texts, texts_of

log = logging.getLogger(__name__)

CHALLENGE, DUEL = "challenge", "duel"  # kinds of links: what waits for a friend, and a card that both got
CHALLENGE_LASTS = timedelta(days=7)
DUEL_LASTS = timedelta(hours=48)  # so long a bot can delete what it sent (core.telegram.org/bots/api#deletemessage)
STEP = "challenge"
FRIEND_HAS = timedelta(hours=1)  # to send a photo


@callback(ChallengeFriend)
async def challenge_friend(press: Press, _: ChallengeFriend) -> Reply:
    """Make a link for a friend, about the photo that the answer replies to."""
    quoted = press.message.reply_to_message if press.message else None
    photo = photo_in(quoted) if quoted else None
    if press.chat_id != press.user.id:
        return Reply(press.texts("private-only"))
    if photo is None or press.user.consent_version != CONSENT_VERSION:
        return Reply(press.texts("photo-gone"))
    code = await press.services.store.make_link(
        press.user.id, CHALLENGE, {"photo": asdict(photo)}, CHALLENGE_LASTS, update_id=press.update_id
    )
    return replies.link_for_friend(press.texts, code or "", press.services.bot_name)


async def challenged(context: Context, code: str) -> Reply:
    """Ask whoever opened the link for a photo, and say what becomes of it."""
    link, challenger = await _challenger(context, code)
    if link is None or challenger is None:
        return Reply(context.texts("challenge-over"))
    if challenger.id == context.user.id:
        return Reply(context.texts("challenge-own"))
    await context.dialogue.set({"step": STEP, "code": code}, FRIEND_HAS)
    return replies.question(context.texts, context.texts.name(challenger.name), code)


async def photo_for_challenge(context: Context) -> FriendDuel | None:
    """Whether a photo is the answer to a challenge; the first photo is it, however often that one is handled."""
    state = (await context.dialogue.state()) or {}
    number = context.message.message_id
    if context.chat_id != context.user.id or state.get("step") != STEP or state.get("photo", number) != number:
        return None
    await context.dialogue.set({**state, "photo": number}, FRIEND_HAS)
    return FriendDuel(state["code"])


@on_photo(FriendDuel)
async def duel_with_friend(talk: Conversation, photo: Photo, asked: FriendDuel) -> None:
    """Compare both photos, and send one card to both; if the challenge is over, the photo gets its star."""
    link, challenger = await _challenger(talk, asked.code)
    services = talk.services
    if link is None or challenger is None or challenger.id == talk.user.id:
        await _answer_alone(talk, photo)
        return
    first = Photo(**link.fields["photo"])
    duel: _Duel | None = None
    turn = services.photo_queue.turn(talk.user.id, is_file=is_any_file((first, photo)))
    async with turn, services.sender.patience(photo.chat_id):
        data: list[bytes] = []
        kept = await services.comparison_keeper.load(photo, talk.update, services.gallery())
        kept = kept or await _compare(talk, first, photo, data)
        if isinstance(kept.outcome, Pair):
            duel = _Duel(talk, challenger, photo, kept.copies, kept.outcome, f"{asked.code}.{photo.message_id}")
            picture = await draw_people(talk, (first, photo), duel.reply(talk.texts), data)
        data.clear()  # sending may take long
    await talk.check_not_erased()
    if duel and await _challenger(talk, asked.code) == (None, None):  # erased, or taken back, meanwhile
        await _answer_alone(talk, photo)
    elif duel:
        await duel.send_to_both(picture)
        services.metrics.answer("friends")
    elif isinstance(kept.outcome, NotCompared):
        await _refuse(talk, photo, kept, kept.outcome, asked.code)
    services.comparison_keeper.drop(photo)


@callback(TakeBack)
async def take_back(press: Press, wanted: TakeBack) -> Reply | None:
    """Take a challenge back, or delete the card of a duel from both chats; a friend says no."""
    store, sender = press.services.store, press.services.sender
    links = await store.find_links(wanted.code)
    if ((await press.dialogue.state()) or {}).get("code") == wanted.code:
        await press.dialogue.end()
    if not links:
        return Reply(press.texts("challenge-over"))
    if not any(one.user_id == press.user.id for one in links):
        await sender.edit(press.query, press.texts("challenge-declined"))
        return None
    if any(one.kind == DUEL for one in links):
        are_deleted = await _delete_cards(press, wanted.code)
        return Reply(press.texts("duel-taken-back" if are_deleted else "challenge-taken-back"))
    await store.drop_link(wanted.code)
    await sender.edit(press.query, press.texts("challenge-taken-back"))
    return None


async def delete_duels(talk: Conversation) -> None:
    """Delete the cards of a user's duels before the user is erased; what Telegram is not there for is left out."""
    for duel in await talk.services.store.links_of(talk.user.id, DUEL):
        try:
            await _delete_cards(talk, duel.code)
        except TelegramError as error:  # erasing does not wait for it
            log.warning("a card of a duel was not deleted: %s", type(error).__name__)


async def _delete_cards(talk: Conversation, code: str) -> bool:
    """Delete the card of a duel from both chats, and ask a friend to do so where it cannot be done."""
    services, are_deleted = talk.services, True
    for one in await services.store.find_links(code):
        if one.kind != DUEL or await services.sender.delete(one.fields["chat_id"], one.fields["message_id"]):
            continue
        are_deleted = False
        friend = await services.store.get_user(one.user_id)
        if friend and friend.id != talk.user.id:
            texts = texts_of(services.texts, friend)
            asked = Reply(texts("duel-please-delete"))
            with contextlib.suppress(BadRequest, Forbidden):
                await services.sender.send(one.fields["chat_id"], asked, one.fields["message_id"])
    await services.store.drop_link(code)
    return are_deleted


class _Duel:
    """A card of two friends on its way to both."""

    def __init__(
        self, talk: Conversation, challenger: User, photo: Photo, copies: Copies, pair: Pair, code: str
    ) -> None:
        self._talk, self._challenger, self._photo, self._copies, self._pair = talk, challenger, photo, copies, pair
        self._code = code

    def reply(self, texts: Texts) -> Reply:
        """The card and its words; the names under the faces are in the language of the texts."""
        names = texts.name(self._challenger.name), texts.name(self._talk.user.name)
        return replies.result(texts, self._pair, names, self._code, self._talk.services.bot_name)

    async def send_to_both(self, picture: bytes | str | None) -> None:
        """Send the card to whoever does not have it yet; an earlier try may have been cut off between the two."""
        talk, other, sender = self._talk, self._challenger, self._talk.services.sender
        have = {one.user_id for one in await talk.services.store.find_links(self._code)}
        if talk.user.id not in have:
            number = self._photo.message_id
            sent = await sender.send(talk.chat_id, self.reply(talk.texts), number, picture, self._copies)
            await self._note(talk.user.id, sent)
            picture = sent.photo[-1].file_id if sent and sent.photo else picture
        if other.id not in have:
            texts = texts_of(talk.services.texts, other)
            try:
                await self._note(other.id, await talk.send(other.id, self.reply(texts), None, picture))
            except Forbidden as error:
                if not is_block(error):
                    raise
                await talk.services.store.mark_blocked(other.id)  # the challenger: nothing of it is the friend's

    async def _note(self, user_id: int, sent: Message | None) -> None:
        """Keep where the card is, for who takes it back."""
        fields = {"chat_id": sent.chat_id, "message_id": sent.message_id} if sent else {}
        if fields:
            await self._talk.services.store.make_link(user_id, DUEL, fields, DUEL_LASTS, code=self._code)


async def _challenger(talk: Conversation, code: str) -> tuple[DeepLink | None, User | None]:
    """The challenge behind a code and who made it; None if it is over, or they no longer agree."""
    store = talk.services.store
    link = next((one for one in await store.find_links(code) if one.kind == CHALLENGE), None)
    challenger = await store.get_user(link.user_id) if link else None
    if challenger is None or challenger.consent_version != CONSENT_VERSION:
        return None, None
    return link, challenger


async def _answer_alone(talk: Conversation, photo: Photo) -> None:
    """Say that the challenge is over, and find the photo's star."""
    await talk.send(talk.chat_id, Reply(talk.texts("challenge-over")))
    await answer_photo(talk, replace(photo, purpose=""))


async def _compare(talk: Conversation, first: Photo, photo: Photo, data: list[bytes]) -> KeptAnswer[PairOutcome]:
    """How alike the main faces of two photos are; kept until it is sent. The bytes are put into `data`."""
    outcome = await compare_people(talk, (first, photo), data)
    return await talk.services.comparison_keeper.keep(photo, talk.update_id, outcome, "")


async def _refuse(
    talk: Conversation, photo: Photo, kept: KeptAnswer[PairOutcome], outcome: NotCompared, code: str
) -> None:
    """Without a face in the friend's photo another one is asked for; without the first photo there is no duel."""
    if outcome.photo == 1:
        await talk.dialogue.set({"step": STEP, "code": code}, FRIEND_HAS)
    reply = replies.refused(talk.texts, outcome)
    await talk.services.sender.send(photo.chat_id, reply, photo.message_id, None, kept.copies)
