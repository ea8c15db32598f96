"""A conversation of several steps: where a user stands in it, kept sealed in the store until it ends or expires."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lookalike.store.store import Store


class Dialogue:
    """The one dialogue a user may be in; its state is a JSON object that its handlers define.

    `update_id`: the update that is being handled.
    """

    def __init__(self, store: Store, user_id: int, update_id: int | None = None) -> None:
        self._store, self._user_id, self._update_id = store, user_id, update_id

    async def state(self) -> dict[str, Any] | None:
        """Where the user stands; None if they are in no dialogue, or it has expired."""
        return await self._store.get_conversation(self._user_id)

    async def set(self, state: dict[str, Any], lasts: timedelta) -> None:
        """Begin a dialogue, or go on to its next step; it expires after `lasts`.

        UpdateClosed if the user was erased while the update was handled.
        """
        await self._store.set_conversation(self._user_id, state, lasts, update_id=self._update_id)

    async def end(self, step: str | None = None) -> None:
        """Leave the dialogue; with `step`, only one that stands at that step."""
        if step is None or ((state := await self.state()) and state.get("step") == step):
            await self._store.clear_conversation(self._user_id)
