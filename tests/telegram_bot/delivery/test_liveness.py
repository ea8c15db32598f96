"""When Telegram last answered, and for how long it wants to hear nothing."""

import pytest

from lookalike.telegram_bot.delivery.liveness import Liveness

pytestmark = pytest.mark.fast


def test_a_flood_wait_goes_on_when_something_else_is_answered() -> None:
    """By webhook an update may come while the request about the webhook has to wait."""
    now_s = 100.0
    liveness = Liveness(lambda: now_s)
    liveness.flood_wait(400)
    liveness.answered()
    liveness.refused()
    liveness.flood_wait(10)

    assert liveness.last_sign == 500
    assert liveness.silence_s == 0
    now_s = 510
    assert liveness.silence_s == 10
    liveness.answered()
    assert liveness.last_sign == 510
