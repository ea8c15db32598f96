"""Settings, from a mapping (the environment) to one frozen object; all wrong ones are named in one message."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator

from errors import SettingsError


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


def _ids(value: Any) -> Any:
    """'1, 2' -> {1, 2}."""
    return [part for part in value.replace(",", " ").split() if part] if isinstance(value, str) else value


def _web_url(value: Any) -> Any:
    if isinstance(value, str) and value:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")
    return value


Address = Annotated[tuple[str, int] | None, BeforeValidator(_address)]
Ids = Annotated[frozenset[int], BeforeValidator(_ids)]
WebUrl = Annotated[str, BeforeValidator(_web_url)]


class Settings(BaseModel):
    """Everything that can be set. Field names are the environment's in lower case."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    telegram_token: SecretStr | None = Field(
        None, description="the bot's token from @BotFather; without it: the page alone"
    )
    telegram_api_url: WebUrl = Field("https://api.telegram.org", description="the Bot API server to talk to")
    telegram_webhook_url: WebUrl | None = Field(None, description="public address for updates; unset: long polling")
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="what Telegram must send along, 1–256 of A-Za-z0-9_-"
    )
    telegram_webhook_listen: Address = Field(("127.0.0.1", 8443), description="where updates arrive behind your proxy")
    mongodb_uri: SecretStr | None = Field(None, description="the user log in MongoDB; unset: the embedded store only")
    data_dir: Path = Field(Path("data"), description="the embedded store")
    data_key_file: Path | None = Field(
        None, description="key of people's data; unset: `<DATA_DIR>.key`, made at first start"
    )
    retention_days: int = Field(30, ge=1, le=3650, description="days a person's history is kept")
    index_dir: Path = Field(Path("assets/index"), description="the index that `build_index.py` wrote")
    photos_dir: Path = Field(Path("photos"), description="the stars' photos that the index names")
    web_listen: Address = Field(("127.0.0.1", 8080), description="the page; empty: off")
    metrics_listen: Address = Field(None, description="Prometheus metrics; empty: off")
    workers: int | None = Field(None, ge=1, le=256, description="face processes; unset: one a core")
    admin_ids: Ids = Field(frozenset(), description="Telegram ids of the operators, separated by commas")
    log_format: Literal["text", "json"] = Field("text", description="`text` or `json`")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Settings:
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            raise ValueError("TELEGRAM_WEBHOOK_SECRET is needed when TELEGRAM_WEBHOOK_URL is set")
        return self

    @property
    def key_file(self) -> Path:
        """Where the key of people's data is."""
        return self.data_key_file or self.data_dir.with_name(f"{self.data_dir.name}.key")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from a mapping such as os.environ; SettingsError names every wrong one in one message."""
    optional = {"WEB_LISTEN", "METRICS_LISTEN", "TELEGRAM_WEBHOOK_LISTEN"}  # for these, empty means off
    known = {name.upper(): name for name in Settings.model_fields}
    given = {
        field: environment[name]
        for name, field in known.items()
        if environment.get(name) or (name in optional and name in environment)
    }
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in one['loc'][:1]).upper()}: {one['msg']}".lstrip(": ")
            for one in error.errors()
        ]
        raise SettingsError("wrong settings:\n" + "\n".join(f"  {problem}" for problem in problems)) from None


def settings_table() -> str:
    """The settings as the README shows them: name, default, meaning."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = ":".join(map(str, field.default)) if isinstance(field.default, tuple) else field.default
        shown = f"`{default}`" if default not in (None, frozenset()) else "–"
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def from_environment() -> Settings:
    """The settings of this process."""
    return read_settings(os.environ)
