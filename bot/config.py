"""Settings from the environment (KITH_…) and an optional kith.toml; every bad value is reported at once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.domain.charter import CharterRule
from bot.errors import ConfigError

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Settings(BaseSettings):
    """What a deployment decides; each field is also an environment variable with the prefix KITH_."""

    model_config = SettingsConfigDict(env_prefix="KITH_", toml_file="kith.toml", extra="forbid")

    database_url: str = Field(default="sqlite:///.kith/kith.db", description="sqlite:///path or postgresql://…")
    secret_keys: SecretStr | None = Field(
        default=None, description="keys that seal what is secret, the newest first, with commas between"
    )
    secret_keys_file: Path | None = Field(default=None, description="a file that holds them")
    host: Literal["127.0.0.1", "localhost", "::1"] = Field(
        default="127.0.0.1", description="the rehearsal workspace is for this machine alone"
    )
    port: int = Field(default=8710, ge=0, le=65535, description="0 takes any free port")
    locale: str = Field(default="en", description="a folder under prompts/")
    zone: str = Field(default="UTC", description="the IANA zone new channels start with")
    charter_rule: CharterRule = Field(default=CharterRule.STEWARD, description="who may say yes for a channel")
    human_help: str = Field(
        default="",
        max_length=300,
        pattern=r"^[^\r\n]*$",
        description="one line on whom people here can turn to in need",
    )
    tick_seconds: float = Field(default=2.0, gt=0, le=300, description="how often Kith looks at what is due")

    door_host: str = Field(default="127.0.0.1", description="where the public HTTP door listens")
    door_port: int = Field(default=3000, ge=0, le=65535, description="0 takes any free port")

    slack_bot_token: SecretStr | None = Field(default=None, description="xoxb-…; with it Kith joins that workspace")
    slack_bot_token_file: Path | None = Field(default=None, description="a file that holds it")
    slack_signing_secret: SecretStr | None = Field(default=None, description="opens the HTTP door for Slack")
    slack_signing_secret_file: Path | None = Field(default=None, description="a file that holds it")
    slack_app_token: SecretStr | None = Field(default=None, description="xapp-…; opens Socket Mode")
    slack_app_token_file: Path | None = Field(default=None, description="a file that holds it")
    slack_api_url: str = Field(default="https://slack.com/api/", pattern=r"^https?://.+/$", description="its Web API")

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is no IANA time zone such as Europe/Dublin")
        return value

    @field_validator("secret_keys_file", "slack_bot_token_file", "slack_signing_secret_file", "slack_app_token_file")
    @classmethod
    def _holds_a_secret(cls, value: Path | None) -> Path | None:
        if value is not None:
            try:
                held = value.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as exc:
                raise ValueError("is no file that can be read") from exc
            if not held:
                raise ValueError("is an empty file")
        return value

    @model_validator(mode="after")
    def _secrets_from_files(self) -> Self:
        """What stands in a file counts as if it had been given; no way in without a token, and none out without one."""
        for name in ("secret_keys", "slack_bot_token", "slack_signing_secret", "slack_app_token"):
            file: Path | None = getattr(self, f"{name}_file")
            if file is not None:
                if getattr(self, name) is not None:
                    raise ValueError(f"{_name((name,))} and {_name((name, 'file'))} are both set; keep one")
                object.__setattr__(self, name, SecretStr(file.read_text(encoding="utf-8").strip()))
        ways_in = self.slack_signing_secret or self.slack_app_token
        if self.slack_bot_token and not ways_in:
            raise ValueError(
                "KITH_SLACK_BOT_TOKEN needs KITH_SLACK_APP_TOKEN (Socket Mode) or KITH_SLACK_SIGNING_SECRET"
            )
        if ways_in and not self.slack_bot_token:
            raise ValueError("KITH_SLACK_BOT_TOKEN is missing; Kith cannot speak in Slack without it")
        return self

    @property
    def joins_a_workspace(self) -> bool:
        """Whether Kith serves any real workspace beside the rehearsal."""
        return self.slack_bot_token is not None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over kith.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**overrides: object) -> Settings:
    """The settings in force; ConfigError lists every value that cannot be used, one a line."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks what mypy cannot see here
    except ValidationError as exc:
        problems = [_problem(error["loc"], error["msg"]) for error in exc.errors()]
        raise ConfigError(problems="\n".join(problems)) from exc
    except ValueError as exc:
        raise ConfigError(problems=f"kith.toml: {exc}") from exc


def sqlite_file(database_url: str) -> Path | None:
    """The file behind a SQLite URL, None for any other database."""
    scheme, _, path = database_url.partition(":///")
    return Path(path) if scheme == "sqlite" and path and path != ":memory:" else None


def _problem(location: tuple[int | str, ...], message: str) -> str:
    """One line on one bad value; what is wrong between several names them itself."""
    return f"{_name(location)}: {message}" if location else message.removeprefix("Value error, ")


def _name(location: tuple[int | str, ...]) -> str:
    return "KITH_" + "_".join(str(part) for part in location).upper()
