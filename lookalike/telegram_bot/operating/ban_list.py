"""Who is banned, in memory: it is asked for every update."""

from __future__ import annotations

from lookalike.store.store import Store


class BanList:
    """The bans of the store; read when they are first asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: dict[int, bool] | None = None  # by user, whether they were told

    async def holds(self, user_id: int) -> bool:
        """Whether a user is banned."""
        return user_id in await self._bans()

    async def is_told(self, user_id: int) -> bool:
        """Whether a banned user was told so."""
        return (await self._bans()).get(user_id, True)

    async def add(self, user_id: int) -> bool:
        """Ban a user; False if they were banned before."""
        is_new = await self._store.ban(user_id)
        (await self._bans()).setdefault(user_id, False)
        return is_new

    async def remove(self, user_id: int) -> bool:
        """Lift a ban; False if there was none."""
        was_banned = await self._store.unban(user_id)
        (await self._bans()).pop(user_id, None)
        return was_banned

    async def note_told(self, user_id: int) -> None:
        """Note that a banned user was told so."""
        await self._store.mark_ban_told(user_id)
        (await self._bans())[user_id] = True

    async def _bans(self) -> dict[int, bool]:
        if self._told is None:
            self._told = await self._store.bans()
        return self._told
