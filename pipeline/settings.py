"""Settings: config/claimwire.toml, the environment and flags in; one validated, frozen object out.

Only the command line and composition roots read it; everything below takes plain arguments.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator

from pipeline.errors import UsageError, redacted

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGE = Path(__file__).parent

# Options that are not called as their settings are.
_OPTIONS = {("kafka", "bootstrap_servers"): "bootstrap", ("worker", "id"): "worker-id", ("web", "names"): "name"}

_ENVIRONMENT_PREFIX = "CLAIMWIRE_"
# Read by the embedded broker itself: they say what is on this machine, not how claimwire works.
_NO_SETTINGS = frozenset({"CLAIMWIRE_JAVA", "CLAIMWIRE_KAFKA_JARS", "CLAIMWIRE_MAVEN_REPOSITORY"})


def shipped(folder: Literal["config", "seeds"]) -> Path:
    """A folder of the project: beside the package in a checkout, inside it when installed from a wheel."""
    inside = PACKAGE / f"_{folder}"
    return inside if inside.is_dir() else PACKAGE.parent / folder


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _no_boolean_is_a_number(cls, value: object, info: ValidationInfo) -> object:
        field = cls.model_fields[info.field_name or ""]
        if isinstance(value, bool) and field.annotation is not bool:
            raise ValueError("this setting does not take true or false")
        return value


class KafkaSettings(_Section):
    """Which cluster, and how to get in."""

    bootstrap_servers: str
    prefix: str = Field(pattern=r"^[A-Za-z0-9._-]*$")
    compression: Literal["gzip", "zstd", "none"]
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
    sasl_mechanism: Literal["", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
    sasl_username: str
    sasl_password: SecretStr
    sasl_password_file: str
    ssl_cafile: str
    ssl_certfile: str
    ssl_keyfile: str
    ssl_keyfile_password: SecretStr
    ssl_keyfile_password_file: str

    def password(self) -> str:
        """The user's password in the clear, from its setting or from its file.

        Raises:
            UsageError: the file cannot be read.
        """
        return _secret(self.sasl_password, self.sasl_password_file, "kafka.sasl_password_file")

    def key_password(self) -> str:
        """That of the client certificate's key.

        Raises:
            UsageError: the file cannot be read.
        """
        return _secret(self.ssl_keyfile_password, self.ssl_keyfile_password_file, "kafka.ssl_keyfile_password_file")


def _secret(given: SecretStr, file: str, setting: str) -> str:
    if not file:
        return given.get_secret_value()
    try:
        return Path(file).read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as exc:
        # Without the file's name: it may be the password, given by mistake.
        why = exc.strerror if isinstance(exc, OSError) else "it is not UTF-8"
        raise UsageError(f"{setting} names a file that cannot be read: {why}") from None


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
    linger_ms: int = Field(ge=0)
    session_timeout_ms: int = Field(ge=1000)
    transaction_timeout_ms: int = Field(ge=1000)
    give_up_ms: int = Field(ge=1000)
    stop_timeout_ms: int = Field(ge=1000)
    stall_ms: int = Field(ge=1000)
    batch_cpu_ms: int = Field(ge=1000)
    max_rejected_share: float = Field(ge=0, le=1)
    min_rejected: int = Field(ge=1)
    rejected_window_ms: int = Field(ge=1000)
    log_level: Literal["debug", "info", "warning", "error"]


class MetricsSettings(_Section):
    """Where a worker serves its metrics and its health."""

    host: str
    port: int = Field(ge=0, le=65535)


class WebSettings(_Section):
    """The live page."""

    host: str
    port: int = Field(ge=0, le=65535)
    names: str
    claims: int = Field(ge=1, le=100_000)
    memory_mb: int = Field(ge=1)
    allow_replay: bool


class Settings(_Section):
    """All settings."""

    kafka: KafkaSettings
    broker: BrokerSettings
    articles: ArticlesSettings
    claims: ClaimsSettings
    worker: WorkerSettings
    metrics: MetricsSettings
    web: WebSettings


class _Given(NamedTuple):
    """A value for one setting, and who gave it."""

    section: str
    name: str
    value: Any
    giver: str


def load_settings(
    config: Path | None = None,
    flags: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings in force: the shipped defaults, ``config``, the environment, the flags; the last one given counts.

    ``flags`` are sections with the values that the command line gave; a value of ``None`` was not given.

    Raises:
        UsageError: a setting is unknown or has a wrong value, or the file cannot be read.
    """
    given = [
        *_from_file(shipped("config") / "claimwire.toml"),
        *(_from_file(config) if config else ()),
        *_from_environment(os.environ if environ is None else environ),
        *_from_flags(flags or {}),
    ]
    sections: dict[str, dict[str, Any]] = {}
    givers: dict[tuple[str, ...], str] = {}
    for section, name, value, giver in given:
        sections.setdefault(section, {})[name] = value
        givers[section, name] = giver
    try:
        return Settings.model_validate(sections)
    except ValidationError as exc:
        raise _wrong(exc, givers) from None  # its own text holds values, which may be secrets


def _from_file(path: Path) -> Iterator[_Given]:
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # editors on Windows begin it with a mark
    except OSError as exc:
        raise UsageError(f"the settings file {path} cannot be read: {exc.strerror or exc}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise UsageError(f"the settings file {path} is not valid TOML: {exc}") from exc
    for section, values in sections.items():
        if not isinstance(values, dict):
            raise UsageError(f"{section!r} in {path} is outside any section such as [worker]")
        if section not in Settings.model_fields:
            raise UsageError(
                f"{path} has a section [{section}] which does not exist; the sections are {_names(Settings)}"
            )
        for name, value in values.items():
            yield _Given(section, name, value, str(path))


def _from_environment(environ: Mapping[str, str]) -> Iterator[_Given]:
    """An empty variable is one that is not set: compose files pass on what the user left out as empty."""
    if servers := environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        yield _Given("kafka", "bootstrap_servers", servers, "environment KAFKA_BOOTSTRAP_SERVERS")
    for variable, value in sorted(environ.items()):
        if not variable.startswith(_ENVIRONMENT_PREFIX) or variable in _NO_SETTINGS or not value:
            continue
        section, _, name = variable.removeprefix(_ENVIRONMENT_PREFIX).lower().partition("_")
        if section not in Settings.model_fields:
            raise UsageError(
                f"environment {variable} names no setting: CLAIMWIRE_<SECTION>_<NAME>, sections {_names(Settings)}"
            )
        yield _Given(section, name, value, f"environment {variable}")


def _from_flags(flags: Mapping[str, Mapping[str, Any]]) -> Iterator[_Given]:
    for section, values in flags.items():
        for name, value in values.items():
            if value is not None:
                yield _Given(section, name, value, f"option --{_OPTIONS.get((section, name), name.replace('_', '-'))}")


def _wrong(exc: ValidationError, givers: Mapping[tuple[str, ...], str]) -> UsageError:
    """The first wrong setting in one line; its value is left out where it may be a secret."""
    first = exc.errors(include_url=False)[0]
    where = tuple(str(part) for part in first["loc"])
    setting, giver = ".".join(where), givers.get(where[:2], "the defaults")
    if first["type"] == "extra_forbidden":
        section = Settings.model_fields[where[0]].annotation
        return UsageError(f"there is no setting {setting} ({giver}); [{where[0]}] has {_names(section)}")
    shown = "" if "sasl" in setting or "ssl" in setting else f" = {redacted(repr(first['input']))}"
    return UsageError(f"setting {setting}{shown} ({giver}): {first['msg'].removeprefix('Value error, ')}")


def _names(section: Any) -> str:  # noqa: ANN401  (a model class as pydantic's field knows it)
    return ", ".join(section.model_fields)
