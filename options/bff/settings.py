"""A generated settings file and the operator's environment in, frozen `Settings` out."""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

# The hosts that sign in users of Microsoft's public and national clouds; whatever else does is an emulator.
ENTRA_HOSTS = frozenset(
    {"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"}
)
KEY_BYTES = 32
MOST_KEYS = 2

Guid = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
Text = Annotated[str, StringConstraints(min_length=1)]


class SettingsError(Exception):
    """The settings cannot be trusted; the message says which and why."""


class EntraSettings(BaseSettings):
    """What `entra-config settings` writes from the tenant; nothing here is secret."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", alias_generator=str.upper, case_sensitive=True
    )

    environment: Text
    protected: bool
    tenant_id: Guid
    client_id: Guid
    authority: Text
    assertion_audience: Text
    page_url: Text
    api_url: Text
    api_scopes: Annotated[tuple[Text, ...], Field(min_length=1)]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let a stray environment variable fill a gap, never override the file."""
        del settings_cls, file_secret_settings
        return init_settings, dotenv_settings, env_settings

    @field_validator("authority", "page_url", "api_url")
    @classmethod
    def _is_secure(cls, url: str) -> str:
        parts = urlsplit(url)
        local = parts.hostname in {"localhost", "127.0.0.1"}
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise ValueError("must be an https URL (http on localhost only)")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if urlsplit(self.page_url).path:
            raise ValueError("PAGE_URL must be an origin: the session's cookie is of one")
        if self.authority.rpartition("/")[2] != self.tenant_id:
            raise ValueError("AUTHORITY must end in TENANT_ID")
        return self

    @property
    def emulated(self) -> bool:
        """Tell whether something else than Microsoft signs in."""
        return str(urlsplit(self.authority).hostname) not in ENTRA_HOSTS


class ServerSettings(BaseSettings):
    """What the operator of one process chooses: `SERVER_…` environment variables."""

    model_config = SettingsConfigDict(frozen=True, env_prefix="SERVER_")

    settings_file: Path | None = None
    session_keys: str = Field(default="", repr=False)
    session_seconds: Annotated[int, Field(ge=60, le=86_400)] = 8 * 3600
    session_idle_seconds: Annotated[int, Field(ge=1, le=86_400)] = 1800
    redis_iam: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    tls: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    emulator: bool = False


@dataclass(frozen=True)
class Settings:
    """All that one process is told. `keys` are those of sessions: the first seals, all open."""

    entra: EntraSettings
    server: ServerSettings
    keys: tuple[bytes, ...]
    redis_url: str = ""

    def __post_init__(self) -> None:
        """Refuse an emulator where real people sign in, and a store that anybody on the way could read."""
        if self.entra.emulated and (self.entra.protected or not self.server.emulator):
            raise SettingsError(
                f"{self.entra.authority} is not Microsoft's sign-in; set SERVER_EMULATOR=1 if it is an "
                "emulator and the environment is not protected"
            )
        parts = urlsplit(self.redis_url)
        local = parts.hostname in {"localhost", "127.0.0.1"}
        if self.redis_url and parts.scheme != "rediss" and not (parts.scheme == "redis" and local):
            raise SettingsError("REDIS_URL must begin with rediss:// (redis:// on localhost only)")
        if self.server.redis_iam and (parts.scheme != "rediss" or not parts.username or parts.password):
            raise SettingsError(
                "SERVER_REDIS_IAM needs a REDIS_URL such as rediss://user@host, without a password"
            )


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the process's settings from its environment and the file that it names."""
    environ = os.environ if environ is None else environ
    _refuse_unknown(environ)
    server = ServerSettings()
    return Settings(
        read(server.settings_file), server, keys(server.session_keys), environ.get("REDIS_URL", "")
    )


def read(file: Path | None) -> EntraSettings:
    """Read a generated settings file (dotenv)."""
    # The sources fill in what a call leaves out.
    settings: Any = EntraSettings
    if file is not None and not file.is_file():
        raise SettingsError(f"SERVER_SETTINGS_FILE: {file} is not a file")
    made: EntraSettings = settings(_env_file=file, _env_file_encoding="utf-8") if file else settings()
    return made


def keys(text: str) -> tuple[bytes, ...]:
    """Read one or two keys, base64 with a comma between, the current one first; `=` at an end may lack, as in
    what Secrets Manager makes.
    """
    found = []
    for each in text.split(","):
        plain = each.strip().rstrip("=").replace("-", "+").replace("_", "/")
        try:
            found.append(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
        except binascii.Error as error:
            raise SettingsError("SERVER_SESSION_KEYS: a key is not base64") from error
    if any(len(key) != KEY_BYTES for key in found) or len(set(found)) != len(found):
        raise SettingsError(
            "SERVER_SESSION_KEYS: expected different keys of 32 bytes in base64: openssl rand -base64 32"
        )
    if len(found) > MOST_KEYS:
        raise SettingsError("SERVER_SESSION_KEYS: expected one key, or the new one and the one before it")
    return tuple(found)


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {f"SERVER_{name.upper()}" for name in ServerSettings.model_fields}
    unknown = sorted(name for name in environ if name.startswith("SERVER_") and name not in known)
    if unknown:
        raise SettingsError(f"unknown: {', '.join(unknown)}; known: {', '.join(sorted(known))}")
