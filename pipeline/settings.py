"""Settings: config/claimwire.toml, the environment and flags in; one validated, frozen object out.

Only the command line and composition roots read it; everything below takes plain arguments.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from pipeline.errors import UsageError

PACKAGE = Path(__file__).parent


def shipped(folder: Literal["config", "seeds"]) -> Path:
    """A folder of the project: beside the package in a checkout, inside it when installed from a wheel."""
    inside = PACKAGE / f"_{folder}"
    return inside if inside.is_dir() else PACKAGE.parent / folder


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KafkaSettings(_Section):
    """Which cluster, and how to get in."""

    bootstrap_servers: str
    prefix: str = Field(pattern=r"^[A-Za-z0-9._-]*$")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
    sasl_mechanism: Literal["", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
    sasl_username: str
    sasl_password: SecretStr
    sasl_password_file: str
    ssl_cafile: str
    ssl_certfile: str
    ssl_keyfile: str

    def password(self) -> str:
        """The password in the clear, from its setting or from its file.

        Raises:
            UsageError: the file cannot be read.
        """
        if not self.sasl_password_file:
            return self.sasl_password.get_secret_value()
        try:
            return Path(self.sasl_password_file).read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as exc:
            raise UsageError(f"kafka.sasl_password_file cannot be read: {exc}") from exc


class BrokerSettings(_Section):
    """The embedded Kafka."""

    port: int = Field(ge=1, le=65535)
    data_dir: str

    @property
    def folder(self) -> Path:
        """Where the embedded Kafka keeps its data."""
        return Path(self.data_dir).expanduser() if self.data_dir else platformdirs.user_data_path("claimwire") / "kafka"


class ArticlesSettings(_Section):
    """What is taken as an article."""

    max_chars: int = Field(gt=0)


class ClaimsSettings(_Section):
    """What becomes a claim."""

    threshold: float = Field(ge=0, le=1)


class WorkerSettings(_Section):
    """How a worker reads and commits; times in milliseconds."""

    id: str = Field(pattern=r"^[A-Za-z0-9._-]*$")
    group: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    batch: int = Field(ge=1, le=10_000)
    linger_ms: int = Field(ge=1)
    session_timeout_ms: int = Field(ge=1000)
    transaction_timeout_ms: int = Field(ge=1000)
    give_up_ms: int = Field(ge=1000)
    stop_timeout_ms: int = Field(ge=1000)
    log_level: Literal["debug", "info", "warning", "error"]

    @property
    def name(self) -> str:
        """The worker's id: stable over restarts, unique among the running ones."""
        return self.id or socket.gethostname()


class Settings(BaseSettings):
    """All settings."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="CLAIMWIRE_", env_nested_delimiter="_", env_nested_max_split=1
    )

    kafka: KafkaSettings
    broker: BrokerSettings
    articles: ArticlesSettings
    claims: ClaimsSettings
    worker: WorkerSettings

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        **_: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before environment before the files that ``load_settings`` names."""
        defaults = TomlConfigSettingsSource(settings_cls, shipped("config") / "claimwire.toml")
        return init_settings, env_settings, defaults


def load_settings(config: Path | None = None, **flags: dict[str, Any]) -> Settings:
    """The settings in force. ``flags`` are sections with the values that the command line gave.

    Raises:
        UsageError: a setting is unknown or has a wrong value, or the file cannot be read.
    """
    raise NotImplementedError


__all__ = ["Settings", "load_settings", "os"]
