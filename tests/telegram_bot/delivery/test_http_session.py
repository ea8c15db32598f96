"""The HTTP client of everything that is asked of Telegram."""

import pytest

from lookalike.telegram_bot.delivery.http_session import open_session

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def test_the_environment_is_searched_for_a_proxy_only_where_it_names_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with open_session(1) as session:
        assert not session.trust_env

    monkeypatch.setenv("HTTPS_PROXY", "http://localhost:3128")
    async with open_session(1) as session:
        assert session.trust_env
