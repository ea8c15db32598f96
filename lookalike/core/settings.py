"""Settings, from a mapping (the environment) to one frozen object; all wrong ones are named in one message."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ValidationInfo

from lookalike.core.errors import SettingsError


def _address(value: Any) -> Any:
    """'host:port' -> (host, port); '' -> None (off)."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    host, colon, port = value.rpartition(":")
    if not colon or not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535:
        raise ValueError("must be host:port")
    return host.strip("[]") or "127.0.0.1", int(port)


def _web_url(value: Any) -> Any:
    if isinstance(value, str) and value:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")
    return value


def _numbers(value: Any) -> Any:
    """'1, 2' -> {1, 2}."""
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in value.split(",")]
    if not all(re.fullmatch("-?[0-9]{1,20}", part) for part in parts):
        raise ValueError("must be whole numbers with commas between them")
    return frozenset(int(part) for part in parts)


def _parts(value: Any) -> Any:
    """'a, B' -> ['a', 'b']."""
    return [part.strip().lower() for part in value.split(",")] if isinstance(value, str) else value


Address = Annotated[tuple[str, int] | None, BeforeValidator(_address)]
WebUrl = Annotated[str, BeforeValidator(_web_url)]
Numbers = Annotated[frozenset[int], BeforeValidator(_numbers)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_parts)]
HostNames = Annotated[frozenset[str], BeforeValidator(_parts)]
FAME_WEIGHT = 0.05  # L2; gives half of the answers to the most famous third, and names as many right (bench/fame.py)
TELEGRAM = "https://api.telegram.org"
TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{30,100}")  # today's have 8 to 10 digits and 35 characters
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # core.telegram.org/bots/api#setwebhook


class Settings(BaseModel):
    """Everything that can be set. Field names are the environment's in lower case."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    telegram_token: SecretStr | None = Field(
        None,
        description="the bot's token from @BotFather; without it: the page alone",
        examples=["123456789:AAExampleExampleExampleExampleExamp"],
    )
    telegram_api_url: WebUrl = Field(TELEGRAM, description="the Bot API server to talk to")
    telegram_webhook_url: WebUrl | None = Field(
        None,
        description="the https address at which Telegram posts updates; unset: the bot polls",
        examples=["https://bot.example.org/hook"],
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None,
        description="what those posts must carry, `A-Za-z0-9_-`; unset: a new random one at every start",
        examples=["a-long-random-word"],
    )
    telegram_webhook_listen: Address = Field(
        ("127.0.0.1", 8443), description="where the bot takes them, behind whatever speaks TLS"
    )
    mongodb_uri: SecretStr | None = Field(
        None,
        description="the user log in MongoDB; unset: the embedded store only",
        examples=["mongodb://127.0.0.1:27017/lookalike"],
    )
    mongodb_seal: bool = Field(
        False, description="`1` seals the user log with the store's key; unset: it is readable", examples=["1"]
    )
    data_dir: Path = Field(Path("data"), description="the embedded store")
    data_key_file: Path | None = Field(
        None,
        description="key of people's data; unset: `<DATA_DIR>.key`, made at first start",
        examples=["/etc/lookalike/data.key"],
    )
    retention_days: int = Field(30, ge=1, le=3650, description="days a person's history is kept")
    index_dir: Path = Field(Path("assets/index"), description="the index that `build_index.py` wrote")
    fame_weight: float = Field(
        FAME_WEIGHT,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="how much famous stars are preferred, as a distance between faces; 0: not at all",
    )
    photos_dir: Path = Field(Path("photos"), description="the stars' photos that the index names")
    card_design: str = Field(
        "auto",
        description="colours of share cards: a name in `assets/card_designs.toml`; `auto`: the one of the day",
        examples=["night"],
    )
    training_hour: int = Field(
        4, ge=0, le=23, description="hour of the day, local time, from which tastes are learned anew from the ratings"
    )
    training_after: int = Field(
        1000, ge=1, description="new ratings after which that is done at once, if they are a tenth of those known"
    )
    web_listen: Address = Field(("127.0.0.1", 8080), description="the page; empty: off")
    web_allowed_hosts: HostNames = Field(
        frozenset(),
        description="names under which the page is asked for, with commas; `*`: any; `localhost`, IP addresses and the "
        "host of `WEB_LISTEN` always are",
        examples=["lookalike.example.org"],
    )
    trusted_proxies: Networks = Field(
        (),
        description="addresses or networks, with commas, whose `X-Forwarded-For` names the visitor of the page",
        examples=["127.0.0.1,10.0.0.0/8"],
    )
    metrics_listen: Address = Field(
        None, description="Prometheus metrics at `/metrics`; unset: off", examples=["127.0.0.1:9100"]
    )
    workers: int | None = Field(None, ge=1, le=256, description="face processes; unset: one a core", examples=["2"])
    admin_ids: Numbers = Field(
        frozenset(),
        description="Telegram ids, with commas, of those who run the bot and may ask `/stats`",
        examples=["123456789,987654321"],
    )
    operator: str = Field(
        "",
        max_length=200,
        description="who runs the bot, a name and a contact, as `/privacy` says it",
        examples=["Ada Lovelace, ada@example.org"],
    )
    log_format: Literal["text", "json"] = Field("text", description="`text` or `json`")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("telegram_token")
    @classmethod
    def _can_be_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("cannot be a token; copy it whole from @BotFather (/mybots, the bot, API Token)")
        return token

    @field_validator("telegram_webhook_url")
    @classmethod
    def _telegram_posts_there(cls, url: str | None, others: ValidationInfo) -> str | None:
        own_server = others.data.get("telegram_api_url") != TELEGRAM  # which posts to http:// as well
        if url and not url.startswith("https://") and not own_server:
            raise ValueError("must begin with https://")
        return url

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _can_be_a_header(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("must be 1 to 256 of A-Z, a-z, 0-9, _ and -")
        return secret


class CollectorSettings(BaseModel):
    """What can be set for collect_photos.py alone: the servers it asks, and the contact it names."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    wdqs_url: WebUrl = Field("https://query.wikidata.org/sparql", description="Wikidata's query service")
    wikidata_api: WebUrl = Field("https://www.wikidata.org/w/api.php", description="Wikidata's action API")
    commons_api: WebUrl = Field("https://commons.wikimedia.org/w/api.php", description="the action API of Commons")
    collect_contact: str = Field(
        "", description="a mail address or link of yours, for the User-Agent", examples=["you@example.org"]
    )
    collect_token: SecretStr | None = Field(
        None,
        description="an OAuth 2.0 access token of Wikimedia (owner-only): 2,000 requests a minute instead of 200",
        examples=["eyJ0eXAiOiJKV1QiLCJhbGciOi..."],
    )


Kind = TypeVar("Kind", bound=BaseModel)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from a mapping such as os.environ; SettingsError names every wrong one in one message."""
    return _read(environment, Settings)


def read_collector_settings(environment: Mapping[str, str]) -> CollectorSettings:
    """The same for collect_photos.py."""
    return _read(environment, CollectorSettings)


def _read(environment: Mapping[str, str], kind: type[Kind]) -> Kind:
    known = {name.upper(): name for name in kind.model_fields}
    given = {
        field: environment[name]
        for name, field in known.items()
        # an empty setting is one that is not set, but for the page, where it means off
        if environment.get(name) or (name == "WEB_LISTEN" and name in environment)
    }
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        problems = "".join(f"\n  {_problem(kind, one)}" for one in error.errors())
        raise SettingsError(f"wrong settings:{problems}") from None


# pydantic's kinds of errors -> what is wrong; the numbers and words are those of the error's context.
_PROBLEMS = {
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "float_parsing": "must be a number",
    "bool_parsing": "must be 1 or 0",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "string_too_long": "must have at most {max_length} letters",
    "value_error": "{error}",
}


def _problem(kind: type[BaseModel], error: ErrorDetails) -> str:
    """`NAME: what is wrong; for example NAME=value (what it is)`; never the value given, which may be a secret."""
    field = str(error["loc"][0])
    name, info = field.upper(), kind.model_fields[field]
    problem = _PROBLEMS.get(error["type"], "cannot be used").format(**error.get("ctx", {}))
    example = info.examples[0] if info.examples else _as_text(info.default)
    return f"{name}: {problem}; for example {name}={example} ({info.description})"


def _as_text(default: Any) -> str:
    """A default as one would write it in the environment."""
    return ":".join(map(str, default)) if isinstance(default, tuple) else str(default or "")


def settings_table(kind: type[BaseModel] = Settings) -> str:
    """The settings as the README shows them: name, default, meaning."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in kind.model_fields.items():
        default = _as_text(field.default)
        rows.append(f"| `{name.upper()}` | {f'`{default}`' if default else '–'} | {field.description} |")
    return "\n".join(rows)


def from_environment() -> Settings:
    """The settings of this process."""
    return read_settings(os.environ)
