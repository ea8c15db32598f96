"""The bot in the test's own process: real store, real dispatcher and delivery, the Bot API stand-in; faces are made up.

    async with InProcessBot(api, home) as bot:
        ann = api.user()
        card = await api.answer_to(ann.photo(jpeg))

Every photo shows the same made-up face, so no model is loaded and every answer can be foretold. `crash` ends it as a
killed process ends; another one on the same directory is the restart.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Self, cast

from telegram.ext import ExtBot

from lookalike.core.metrics import Metrics
from lookalike.core.runtime import cancel
from lookalike.core.settings import Settings, read_settings
from lookalike.faces.drawing.avatar.order import AvatarOrder
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.types import Face, Reason, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.replacing.hidden import FILE_NAME, HiddenFile
from lookalike.gallery.replacing.served_gallery import ServedGallery
from lookalike.store.store import Store
from lookalike.taste.serving.served_tastes import DIRECTORY, ServedTastes
from lookalike.telegram_bot import app
from lookalike.telegram_bot.delivery.liveness import Liveness
from lookalike.telegram_bot.delivery.polling import Poller
from lookalike.telegram_bot.delivery.rate_limiter import TELEGRAM_LIMITS
from lookalike.telegram_bot.delivery.raw_api import RawApi
from lookalike.telegram_bot.delivery.update_kinds import KINDS
from lookalike.telegram_bot.delivery.update_queue import UpdateQueue
from lookalike.telegram_bot.dispatcher import Dispatcher
from lookalike.telegram_bot.registry import Registry
from lookalike.telegram_bot.texts import LOCALES, all_texts
from lookalike.workers.pool import WorkerPool
from lookalike.workers.protocol import FoundFaces, PictureSize
from tests.support.bot_api.conversation import STARTER
from tests.support.bot_api.server import BotApi
from tests.support.quick_bot import QUICKER

SOON_S = 0.3  # after which a bot takes an answer for missing, where a test waits for that


class MadeUpFaces:
    """In place of the worker pool: every photo shows the same face, unless `refusal` says why it shows none."""

    def __init__(self, gallery: Gallery) -> None:
        self.size, self.deaths = 2, 0
        self.found = 0  # photos that were looked at
        self.people = 1  # in every photo
        self.of_files: list[str] = []  # what was asked of photos that were sent as files
        self.refusal: Refusal | None = None
        self.card: bytes | None = None  # what every card looks like; None: it cannot be drawn
        self.drawing: bytes | None = None  # the same for a person as a drawing
        self.gate = asyncio.Event()  # finding waits for it
        self.gate.set()
        self.asked = asyncio.Event()  # set when a photo is being looked at
        self.drawing_gate = asyncio.Event()  # drawing waits for it
        self.drawing_gate.set()
        self.drawing_begun = asyncio.Semaphore(0)  # released once for each
        self._face = Face((10, 10, 90, 90), gallery.photos[0], eyes=(35.0, 40.0, 65.0, 40.0))

    async def find(self, photo: bytes, *, is_file: bool = False) -> tuple[Face, ...] | Refusal:
        found = await self.find_for_card(photo, is_file=is_file)
        return found if isinstance(found, Refusal) else found.faces

    async def find_for_card(self, photo: bytes, *, is_file: bool = False) -> FoundFaces | Refusal:
        self.found += 1
        self.of_files += ["find"] * is_file
        self.asked.set()
        await self.gate.wait()
        return self.refusal or FoundFaces(PictureSize(100, 100), (self._face,) * self.people)

    async def draw(self, photo: bytes, card: Card, *, is_file: bool = False) -> bytes | None:
        self.of_files += ["draw"] * is_file
        await self._draw()
        return self.card

    async def avatar(self, photo: bytes, order: AvatarOrder) -> bytes | Refusal:
        await self._draw()
        return self.drawing or Refusal(Reason.UNREADABLE)

    async def number_faces(self, photo: bytes, *details: object, is_file: bool = False) -> bytes | None:
        self.of_files += ["number"] * is_file
        await self._draw()
        return None

    async def draw_pair(self, photo: bytes, card: Card, other: bytes, *, is_file: bool = False) -> bytes | None:
        self.of_files += ["draw_pair"] * is_file
        await self._draw()
        return None

    async def _draw(self) -> None:
        self.drawing_begun.release()
        await self.drawing_gate.wait()


class InProcessBot:
    """A bot that polls the stand-in while the block lasts."""

    def __init__(self, api: BotApi, home: Path, *, index: Path = STARTER, modules: tuple[ModuleType, ...] = (),
                 locales: Path = LOCALES, answer_s: float = 60.0, **settings: str) -> None:  # fmt: skip
        self._api, self._modules, self._locales = api, modules, locales
        self.settings: Settings = read_settings(
            {"DATA_DIR": str(home / "data"), "PHOTOS_DIR": str(home), "TELEGRAM_API_URL": api.url} | settings
        )
        self.served = ServedGallery(index, hidden=HiddenFile(self.settings.data_dir / FILE_NAME))
        self.gallery = self.served()
        self.tastes = ServedTastes(self.settings.data_dir / DIRECTORY)
        self.faces = MadeUpFaces(self.gallery)
        self.answer_s = answer_s
        self.refusal = ""  # why the index on disk is refused

    async def __aenter__(self) -> Self:
        await self.tastes.reload()
        self.store = await Store.open(self.settings.data_dir, None, 30)
        self.bot: ExtBot[None] = app.make_bot(self._api.url, self._api.token, TELEGRAM_LIMITS.times(QUICKER))
        await app.connect(self.bot)
        self._raw_api = RawApi(self._api.url, self._api.token, KINDS.allowed_updates, poll_s=1)
        liveness, metrics = Liveness(), Metrics()
        made = app.make_services(
            self.settings, self.bot, self._raw_api, self.store, cast(WorkerPool, self.faces), self.served,
            self.tastes, metrics, liveness, self.reload,
        )  # fmt: skip
        registry = Registry.of(*app.HANDLER_MODULES, *self._modules)
        made.sender._answer_s = self.answer_s
        self.services = replace(made, registry=registry, texts=all_texts(self._locales))
        self.dispatcher = Dispatcher(self.bot, self.services)
        self.queue = UpdateQueue(
            self.store, self.dispatcher.handle, self.dispatcher.give_up, liveness=liveness, metrics=metrics
        )
        await self.queue.replay()
        self._broadcasting = asyncio.create_task(self.services.broadcaster.run())
        self._polling = asyncio.create_task(Poller(self.queue, self._raw_api.get_updates).run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await cancel(self._broadcasting)
        await self.queue.stop()
        await self._polling
        await self._raw_api.close()
        await self.bot.shutdown()
        await self.store.close()

    async def reload(self) -> str:
        return self.refusal

    async def finish(self) -> None:
        """Wait until every update that was taken has been handled."""
        while self.queue._tasks:
            await asyncio.wait(self.queue._tasks)

    async def crash(self) -> None:
        """End as a killed process does: nothing is finished, and nothing is taken back."""
        for task in self.queue._tasks:
            task.cancel()
        self.store.uncount_attempt = _nothing  # type: ignore[method-assign]  # a killed process does not either
        await self.__aexit__()


async def _nothing(update_id: int) -> None:
    """Nothing."""
