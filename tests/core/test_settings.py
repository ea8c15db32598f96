"""Settings from a mapping; every wrong one named in one message; secrets never shown."""

import pytest
from pydantic import BaseModel, Field

from lookalike.core.errors import SettingsError
from lookalike.core.settings import (
    CollectorSettings,
    Settings,
    _read,
    read_collector_settings,
    read_settings,
    settings_table,
)

TOKEN = "1234567890:AAbbccddeeffgghhiijjkkllmmnnooppqqr"  # noqa: S105 - made up


def problem(name: str, value: str) -> str:
    """What is said of one wrong setting."""
    with pytest.raises(SettingsError) as error:
        read_settings({name: value})
    head, line = str(error.value).split("\n")
    assert head == "wrong settings:"
    return line.strip()


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
    assert "hunter2" not in problem("WORKERS", "hunter2")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("WORKERS", "many", "must be a whole number"), ("WORKERS", "0", "must be at least 1"),
        ("WORKERS", "257", "must be at most 256"), ("WORKERS", "9" * 5000, "must be a smaller number"),
        ("LOG_FORMAT", "xml", "must be 'text' or 'json'"),
        ("WEB_LISTEN", "here", "must be host:port"), ("WEB_LISTEN", "a:²", "must be host:port"),
        ("WEB_LISTEN", "a:65536", "must be host:port"),
        ("ADMIN_IDS", "--5", "must be whole numbers with commas between them"),
        ("TELEGRAM_API_URL", "x", "must begin with http:// or https://"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_with_what_is_wrong_an_example_and_what_it_is(
    name: str, value: str, said: str
) -> None:
    example, meaning = problem(name, value).removeprefix(f"{name}: {said}; for example {name}=").split(" (", 1)

    assert meaning == f"{Settings.model_fields[name.lower()].description})"
    read_settings({name: example})


@pytest.mark.parametrize("kind", [Settings, CollectorSettings])
def test_every_setting_has_a_meaning_and_an_example_that_is_right(kind: type[BaseModel]) -> None:
    for name, field in kind.model_fields.items():
        assert field.description, name
        assert field.examples or field.default, name
        for example in field.examples or ():
            kind.model_validate({name: example})


@pytest.mark.parametrize("token", ["123:abc", "bot" + TOKEN, TOKEN + "!", TOKEN.replace(":", ""), f"<{TOKEN}>"])
def test_a_token_that_cannot_be_one_is_refused_with_a_hint_and_not_shown(token: str) -> None:
    said = problem("TELEGRAM_TOKEN", token)

    assert "cannot be a token" in said
    assert "@BotFather" in said
    assert token not in said


def test_every_kind_of_problem_is_said_without_pydantics_words() -> None:
    class Kinds(BaseModel):
        number: float = Field(1.0, gt=0, description="a number")
        flag: bool = Field(False, description="a flag")
        words: list[str] = Field(["a"], description="words")

    with pytest.raises(SettingsError) as error:
        _read({"NUMBER": "-1", "FLAG": "maybe", "WORDS": "a"}, Kinds)

    lines = [line.strip().split(";")[0] for line in str(error.value).split("\n")[1:]]
    assert lines == ["NUMBER: must be more than 0.0", "FLAG: must be 1 or 0", "WORDS: cannot be used"]


def test_secrets_are_masked() -> None:
    settings = read_settings({"TELEGRAM_TOKEN": TOKEN, "MONGODB_URI": "mongodb://u:pw@h/d"})

    assert TOKEN.partition(":")[2] not in repr(settings)
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
