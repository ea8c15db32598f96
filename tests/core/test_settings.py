"""Settings from a mapping; every wrong one named in one message; secrets never shown."""

import pytest

from lookalike.core.errors import SettingsError
from lookalike.core.settings import CollectorSettings, Settings, read_collector_settings, read_settings, settings_table


def test_defaults_need_nothing() -> None:
    settings = read_settings({})

    assert settings.telegram_token is None
    assert settings.web_listen == ("127.0.0.1", 8080)


def test_all_wrong_settings_are_named_in_one_message() -> None:
    with pytest.raises(SettingsError) as error:
        read_settings({"WORKERS": "many", "WEB_LISTEN": "here", "TELEGRAM_API_URL": "ftp://x", "RETENTION_DAYS": "0"})

    for name in ("WORKERS", "WEB_LISTEN", "TELEGRAM_API_URL", "RETENTION_DAYS"):
        assert name in str(error.value)


def test_a_wrong_value_is_not_repeated_for_it_may_be_a_secret() -> None:
    with pytest.raises(SettingsError) as error:
        read_settings({"WORKERS": "hunter2"})

    assert "hunter2" not in str(error.value)


def test_secrets_are_masked() -> None:
    settings = read_settings({"TELEGRAM_TOKEN": "123:abc", "MONGODB_URI": "mongodb://u:pw@h/d"})

    assert "abc" not in repr(settings)
    assert "pw" not in str(settings)


@pytest.mark.parametrize(
    ("text", "address"),
    [("10.0.0.1:80", ("10.0.0.1", 80)), ("[::1]:8080", ("::1", 8080)), (":9000", ("127.0.0.1", 9000)), ("", None)],
)
def test_addresses_are_host_and_port_or_off(text: str, address: tuple[str, int] | None) -> None:
    assert read_settings({"WEB_LISTEN": text}).web_listen == address


def test_an_empty_setting_is_the_default() -> None:
    assert read_settings({"WORKERS": "", "DATA_DIR": "", "TELEGRAM_TOKEN": ""}) == Settings()


def test_the_collector_has_settings_of_its_own() -> None:
    settings = read_collector_settings({"COMMONS_API": "http://127.0.0.1:1/api/", "COLLECT_CONTACT": "a@b.c"})

    assert (settings.commons_api, settings.collect_contact) == ("http://127.0.0.1:1/api", "a@b.c")
    assert settings.wdqs_url == "https://query.wikidata.org/sparql"
    assert "| `COLLECT_CONTACT` | – |" in settings_table(CollectorSettings)
    with pytest.raises(SettingsError, match="WDQS_URL"):
        read_collector_settings({"WDQS_URL": "ftp://x"})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(Settings(), "workers", 3)  # noqa: B010 - the plain form is refused by the type checker already


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_WEBHOOK_URL", "http://bot.example.org/hook"), ("TELEGRAM_WEBHOOK_SECRET", "with space"),
        ("TELEGRAM_WEBHOOK_SECRET", "x" * 257), ("TELEGRAM_WEBHOOK_LISTEN", "8443"), ("METRICS_LISTEN", "here"),
        ("ADMIN_IDS", "1,me"),
    ],
)  # fmt: skip
def test_a_setting_that_telegram_would_refuse_is_refused_at_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value})


def test_a_server_of_ones_own_takes_a_plain_webhook() -> None:
    mine = {"TELEGRAM_API_URL": "http://127.0.0.1:8081", "TELEGRAM_WEBHOOK_URL": "http://127.0.0.1:8443/hook"}

    assert read_settings(mine).telegram_webhook_url == "http://127.0.0.1:8443/hook"


def test_admins_are_numbers_with_commas() -> None:
    assert read_settings({"ADMIN_IDS": " 1, 22 "}).admin_ids == {1, 22}
