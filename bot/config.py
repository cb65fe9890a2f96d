"""Settings from the environment (KITH_…) and an optional kith.toml; every bad value is reported at once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.domain.charter import CharterRule
from bot.errors import BadInputError, ConfigError

_SECRETS = (
    "database_password",
    "secret_keys",
    "companion_key",
    "slack_bot_token",
    "slack_signing_secret",
    "slack_app_token",
    "slack_client_secret",
    "teams_app_password",
)
"""Settings that can come from a file, named by the same setting with _FILE behind it."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")

_OPTIONS = frozenset({"database_url", "port", "zone"})
"""Settings that are options of the command line too."""

_ID = r"^[A-Za-z0-9-]{1,64}$"
_URL = r"^https?://[^\s?#]+$"


class Settings(BaseSettings):
    """What a deployment decides; each field is also an environment variable with the prefix KITH_."""

    model_config = SettingsConfigDict(env_prefix="KITH_", toml_file="kith.toml", extra="forbid")

    database_url: str = Field(
        default="sqlite:///.kith/kith.db", repr=False, description="sqlite:///path or postgresql://…"
    )
    database_password: SecretStr | None = Field(default=None, description="goes into the address of the database")
    database_password_file: Path | None = Field(default=None, description="a file that holds it")
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
    companion_url: str | None = Field(
        default=None,
        pattern=r"^(https://[^\s?#]+|http://(127\.0\.0\.1|localhost|\[::1\])[^\s?#]*)$",
        description="a language model that may help: what stands before /chat/completions or /v1/messages",
    )
    companion_protocol: Literal["openai", "anthropic"] = Field(default="openai", description="the protocol it speaks")
    companion_model: str = Field(default="", max_length=200, description="the model's name there")
    companion_key: SecretStr | None = Field(default=None, description="its key, if it needs one")
    companion_key_file: Path | None = Field(default=None, description="a file that holds it")
    companion_seconds: float = Field(
        default=6.0, gt=0, le=15, description="an answer later than this is not waited for"
    )
    companion_tokens_a_day: int = Field(default=20_000, ge=0, description="so many it may cost a workspace in a day")
    companion_tokens_a_month: int = Field(default=200_000, ge=0, description="and in a month")

    tick_seconds: float = Field(default=2.0, gt=0, le=300, description="how often Kith looks at what is due")

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="from which on Kith logs"
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto", description="JSON lines or lines for people; auto: for people on a terminal"
    )
    metrics_host: str = Field(default="127.0.0.1", description="where health and figures are told to operators")
    metrics_port: int | None = Field(
        default=None, ge=0, le=65535, description="with it /healthz, /readyz and /metrics answer there; 0 takes any"
    )
    otel_endpoint: str | None = Field(
        default=None, pattern=r"^https?://\S+$", description="spans go there by OTLP, as in http://host:4318/v1/traces"
    )

    door_host: str = Field(default="127.0.0.1", description="where the public HTTP door listens")
    door_port: int = Field(default=3000, ge=0, le=65535, description="0 takes any free port")
    door_url: str | None = Field(
        default=None, pattern=r"^https?://[^/?#\s]+$", description="the address by which the world reaches the door"
    )

    slack_bot_token: SecretStr | None = Field(default=None, description="xoxb-…; with it Kith joins that workspace")
    slack_bot_token_file: Path | None = Field(default=None, description="a file that holds it")
    slack_signing_secret: SecretStr | None = Field(default=None, description="opens the HTTP door for Slack")
    slack_signing_secret_file: Path | None = Field(default=None, description="a file that holds it")
    slack_app_token: SecretStr | None = Field(default=None, description="xapp-…; opens Socket Mode")
    slack_app_token_file: Path | None = Field(default=None, description="a file that holds it")
    slack_client_id: str | None = Field(default=None, description="with it, any workspace may install Kith")
    slack_client_secret: SecretStr | None = Field(default=None, description="goes with it")
    slack_client_secret_file: Path | None = Field(default=None, description="a file that holds it")
    slack_api_url: str = Field(default="https://slack.com/api/", pattern=r"^https?://.+/$", description="its Web API")

    teams_app_id: str | None = Field(default=None, pattern=_ID, description="with it Kith joins Teams")
    teams_app_password: SecretStr | None = Field(default=None, description="the app's secret")
    teams_app_password_file: Path | None = Field(default=None, description="a file that holds it")
    teams_managed_identity: bool = Field(default=False, description="the machine's identity stands for a secret")
    teams_tenant: str | None = Field(default=None, pattern=_ID, description="the tenant that the app is registered in")
    teams_tenants: str = Field(default="", pattern=rf"^({_ID[1:-1]},?)*$", description="more tenants that may use Kith")
    teams_admins: str = Field(
        default="", pattern=rf"^({_ID[1:-1]},?)*$", description="object ids of people who may decide for the workspace"
    )
    teams_login_url: str = Field(default="https://login.microsoftonline.com", pattern=_URL, description="its sign-in")
    teams_identity_url: str = Field(
        default="http://169.254.169.254/metadata/identity/oauth2/token",
        pattern=_URL,
        description="where the machine's identity is asked for",
    )
    teams_keys_url: str = Field(
        default="https://login.botframework.com/v1/.well-known/openidconfiguration",
        pattern=_URL,
        description="where the keys of the Bot Connector are named",
    )
    teams_issuer: str = Field(default="https://api.botframework.com", description="who signs for the Bot Connector")
    teams_connector_url: str | None = Field(
        default=None, pattern=_URL, description="for development: one connector that is not Microsoft's"
    )
    teams_without_tokens: bool = Field(
        default=False, description="for development: let anybody in who can reach the door, on this machine alone"
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is no IANA time zone such as Europe/Dublin")
        return value

    @field_validator(*(f"{name}_file" for name in _SECRETS))
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
        for name in _SECRETS:
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
        if ways_in and not (self.slack_bot_token or self.slack_client_id):
            raise ValueError("KITH_SLACK_BOT_TOKEN is missing; Kith cannot speak in Slack without it")
        if bool(self.slack_client_id) != bool(self.slack_client_secret):
            raise ValueError("KITH_SLACK_CLIENT_ID and KITH_SLACK_CLIENT_SECRET go together; set both or neither")
        if self.slack_client_id and self.slack_bot_token:
            raise ValueError(
                "KITH_SLACK_BOT_TOKEN is for one workspace and KITH_SLACK_CLIENT_ID for many; keep one of them"
            )
        if self.slack_client_id and not ways_in:
            raise ValueError("KITH_SLACK_CLIENT_ID needs KITH_SLACK_SIGNING_SECRET (or KITH_SLACK_APP_TOKEN)")
        return self

    @model_validator(mode="after")
    def _password_into_the_address(self) -> Self:
        """The address is one whole from here on."""
        if self.database_password is not None:
            scheme, _, rest = self.database_url.partition("://")
            user, at, where = rest.partition("@")
            if scheme.startswith("sqlite") or not (user and at) or ":" in user:
                raise ValueError("KITH_DATABASE_PASSWORD needs KITH_DATABASE_URL as in postgresql://user@server/name")
            password = quote(self.database_password.get_secret_value(), safe="")
            object.__setattr__(self, "database_url", f"{scheme}://{user}:{password}@{where}")
        return self

    @model_validator(mode="after")
    def _teams_is_whole(self) -> Self:
        """In Teams a tenant is needed, and a way to show who Kith is; what lets strangers in stays on this machine."""
        here = self.door_host in LOOPBACK
        if (self.teams_without_tokens or self.teams_connector_url) and not here:
            name = "KITH_TEAMS_WITHOUT_TOKENS" if self.teams_without_tokens else "KITH_TEAMS_CONNECTOR_URL"
            raise ValueError(f"{name} is for development; KITH_DOOR_HOST must then be 127.0.0.1")
        if self.teams_app_id is None:
            if self.teams_app_password or self.teams_tenant or self.teams_managed_identity:
                raise ValueError("KITH_TEAMS_APP_ID is missing; Kith cannot join Teams without it")
            return self
        if self.teams_tenant is None:
            raise ValueError("KITH_TEAMS_TENANT is missing; Kith joins no tenant that it was not told of")
        ways = (self.teams_app_password is not None) + self.teams_managed_identity + self.teams_without_tokens
        if ways != 1:
            raise ValueError("KITH_TEAMS_APP_PASSWORD or KITH_TEAMS_MANAGED_IDENTITY: Kith needs one of the two")
        return self

    @property
    def joins_a_workspace(self) -> bool:
        """Whether Kith serves any real workspace beside the rehearsal."""
        return any((self.slack_bot_token, self.slack_client_id, self.teams_app_id))

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
    """The settings in force, with `overrides` from the options of the command line. ConfigError lists every value that
    cannot be used, one a line; BadInputError those of options, by their names."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks what mypy cannot see here
    except ValidationError as exc:
        if wrong := [error for error in exc.errors() if error["loc"] and error["loc"][0] in _OPTIONS & given.keys()]:
            options = [f"--{_option(error['loc'])}: {_said(error['msg'])}." for error in wrong]
            raise BadInputError(problem=" ".join(options)) from exc
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
    return f"{_name(location)}: {_said(message)}" if location else _said(message)


def _said(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should be", "should be")


def _option(location: tuple[int | str, ...]) -> str:
    return str(location[0]).replace("_", "-")


def _name(location: tuple[int | str, ...]) -> str:
    return "KITH_" + "_".join(str(part) for part in location).upper()
