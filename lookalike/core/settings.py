"""Settings, from a mapping (the environment) to one frozen object; all wrong ones are named in one message."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from lookalike.core.errors import SettingsError


def _address(value: Any) -> Any:
    """'host:port' -> (host, port); '' -> None (off)."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    host, colon, port = value.rpartition(":")
    if not colon or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise ValueError("must be host:port, or empty for off")
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
    if not all(part.lstrip("-").isdigit() for part in parts):
        raise ValueError("must be numbers with commas between them")
    return frozenset(int(part) for part in parts)


Address = Annotated[tuple[str, int] | None, BeforeValidator(_address)]
WebUrl = Annotated[str, BeforeValidator(_web_url)]
Numbers = Annotated[frozenset[int], BeforeValidator(_numbers)]
TELEGRAM = "https://api.telegram.org"
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # core.telegram.org/bots/api#setwebhook


class Settings(BaseModel):
    """Everything that can be set. Field names are the environment's in lower case."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    telegram_token: SecretStr | None = Field(
        None, description="the bot's token from @BotFather; without it: the page alone"
    )
    telegram_api_url: WebUrl = Field(TELEGRAM, description="the Bot API server to talk to")
    telegram_webhook_url: WebUrl | None = Field(
        None, description="the https address at which Telegram posts updates; unset: the bot polls"
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="what those posts must carry, `A-Za-z0-9_-`; unset: a new random one at every start"
    )
    telegram_webhook_listen: Address = Field(
        ("127.0.0.1", 8443), description="where the bot takes them, behind whatever speaks TLS"
    )
    mongodb_uri: SecretStr | None = Field(None, description="the user log in MongoDB; unset: the embedded store only")
    data_dir: Path = Field(Path("data"), description="the embedded store")
    data_key_file: Path | None = Field(
        None, description="key of people's data; unset: `<DATA_DIR>.key`, made at first start"
    )
    retention_days: int = Field(30, ge=1, le=3650, description="days a person's history is kept")
    index_dir: Path = Field(Path("assets/index"), description="the index that `build_index.py` wrote")
    photos_dir: Path = Field(Path("photos"), description="the stars' photos that the index names")
    web_listen: Address = Field(("127.0.0.1", 8080), description="the page; empty: off")
    metrics_listen: Address = Field(None, description="Prometheus metrics at `/metrics`; unset: off")
    workers: int | None = Field(None, ge=1, le=256, description="face processes; unset: one a core")
    admin_ids: Numbers = Field(frozenset(), description="Telegram ids, with commas, of those who may ask `/stats`")
    log_format: Literal["text", "json"] = Field("text", description="`text` or `json`")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _can_be_a_header(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("must be 1 to 256 of A-Z, a-z, 0-9, _ and -")
        return secret

    @model_validator(mode="after")
    def _webhook_can_work(self) -> Settings:
        url = self.telegram_webhook_url or "https://"
        if self.telegram_api_url == TELEGRAM and not url.startswith("https://"):  # a server of one's own takes both
            raise ValueError("TELEGRAM_WEBHOOK_URL: must begin with https://")
        return self


class CollectorSettings(BaseModel):
    """What can be set for collect_photos.py alone: whom it asks, and as whom."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    wdqs_url: WebUrl = Field("https://query.wikidata.org/sparql", description="Wikidata's query service")
    wikidata_api: WebUrl = Field("https://www.wikidata.org/w/api.php", description="Wikidata's action API")
    commons_api: WebUrl = Field("https://commons.wikimedia.org/w/api.php", description="the action API of Commons")
    collect_contact: str = Field("", description="a mail address or link of yours, for the User-Agent")


Kind = TypeVar("Kind", Settings, CollectorSettings)


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
        problems = [
            f"{'.'.join(str(part) for part in one['loc'][:1]).upper()}: {one['msg']}".lstrip(": ")
            for one in error.errors()
        ]
        raise SettingsError("wrong settings:\n" + "\n".join(f"  {problem}" for problem in problems)) from None


def settings_table(kind: type[BaseModel] = Settings) -> str:
    """The settings as the README shows them: name, default, meaning."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in kind.model_fields.items():
        default = ":".join(map(str, field.default)) if isinstance(field.default, tuple) else field.default
        shown = f"`{default}`" if default else "–"
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def from_environment() -> Settings:
    """The settings of this process."""
    return read_settings(os.environ)
