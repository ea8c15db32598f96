"""The last cards of a user."""

import pytest

from lookalike.store.sharing.cards import CARDS_KEPT
from lookalike.store.store import KeptCard, Store
from tests.support.stores import ADA, BOB, StoreDir

pytestmark = pytest.mark.fast


def card(number: int) -> KeptCard:
    return KeptCard(f"Q{number}", 87, f"AgAC{number}")


async def test_the_last_cards_are_kept_one_of_each_star(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    for number in [*range(CARDS_KEPT + 2), 5]:
        assert await store.keep_card(ADA, card(number))

    kept = await store.last_cards(ADA)
    assert kept == [card(5), *(card(number) for number in (11, 10, 9, 8, 7, 6, 4, 3, 2))]
    assert await store.last_cards(BOB) == []


async def test_no_card_of_an_unknown_user_is_kept(store: Store) -> None:
    assert not await store.keep_card(ADA, card(1))


async def test_cards_go_after_the_days_of_retention(store_dir: StoreDir, store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.keep_card(ADA, card(1))
    store_dir.clock.move(days=31)
    await store.purge(store_dir.clock.now)

    assert await store.last_cards(ADA) == []
