"""A generated settings file and the operator's environment in, frozen `Settings` out."""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, StringConstraints, TypeAdapter, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

# The hosts that sign in users of Microsoft's public and national clouds, and
# the issuer of v1 tokens. Whatever else signs tokens is an emulator.
EXTERNAL = ".ciamlogin.com"
ENTRA_HOSTS = frozenset(
    {
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
        "login.chinacloudapi.cn",
        "login.windows.net",
        "sts.windows.net",
        "sts.chinacloudapi.cn",
    }
)

# Where only processes of the same host, or of the same task, reach.
LOOPBACK = frozenset({"127.0.0.1", "::1"})

Guid = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
]
# It is quoted in WWW-Authenticate.
AppIdUri = Annotated[str, StringConstraints(pattern=r'^[a-z][a-z0-9+.-]*:[^\s"\\]+$')]
Text = Annotated[str, StringConstraints(min_length=1)]
_ALB = re.compile(
    r"arn:aws(-us-gov)?:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:loadbalancer/app/[A-Za-z0-9-]+/[0-9a-f]+"
)
_REFERENCE = re.compile(r"CLIENT_(SECRET|CERTIFICATE)_REFERENCE(_[A-Z0-9_]+)?")
_HTTP_URL = TypeAdapter(HttpUrl)


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
    api_client_id: Guid
    api_app_id_uri: AppIdUri
    authority: Text
    issuer: Text
    jwks_url: Text
    openid_configuration_url: Text
    token_version: Annotated[int, Field(ge=1, le=2)]
    cors_origins: tuple[str, ...]
    allowed_tenants: tuple[Guid, ...] = ()
    openapi_client_id: Guid | Literal[""] = ""
    alb_client_id: Guid | Literal[""] = ""
    alb_page_url: str = ""

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

    @model_validator(mode="before")
    @classmethod
    def _leave_references(cls, values: Any) -> Any:
        """Leave out where a secret or key of this API is kept: whoever runs it reads that."""
        return {name: value for name, value in values.items() if not _REFERENCE.fullmatch(name)}

    @field_validator("authority", "issuer", "jwks_url", "openid_configuration_url")
    @classmethod
    def _is_https(cls, url: str) -> str:
        _HTTP_URL.validate_python(url)
        if urlsplit(url).scheme != "https":
            raise ValueError("must be an https URL")
        return url

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}":
                raise ValueError(f"{origin!r} is not an origin such as https://app.example.com")
        return origins

    @field_validator("alb_page_url")
    @classmethod
    def _is_page(cls, url: str) -> str:
        if url and url != f"https://{urlsplit(url).netloc}":
            raise ValueError("must be an https origin such as https://app.example.com")
        return url

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if self.authority.rstrip("/").rpartition("/")[2] != self.tenant_id:
            raise ValueError("AUTHORITY must end in TENANT_ID")
        # v1: https://sts.windows.net/{tid}/, v2: https://login.microsoftonline.com/{tid}/v2.0
        ending = f"/{self.tenant_id}/v2.0" if self.token_version == 2 else f"/{self.tenant_id}/"
        if not self.issuer.endswith(ending):
            raise ValueError(f"ISSUER must end in {ending} when TOKEN_VERSION is {self.token_version}")
        return self

    @property
    def foreign_hosts(self) -> tuple[str, ...]:
        """Name the hosts among the URLs that are not Microsoft's."""
        urls = (self.authority, self.issuer, self.jwks_url, self.openid_configuration_url)
        hosts = {str(urlsplit(url).hostname) for url in urls}
        # An External ID tenant: its own name, and its id, below a domain where anybody may have a name.
        own = str(urlsplit(self.authority).hostname)
        external = {own, f"{self.tenant_id}{EXTERNAL}"} if own.endswith(EXTERNAL) else set()
        return tuple(sorted(hosts - ENTRA_HOSTS - external))


class ServerSettings(BaseSettings):
    """What the operator of one process chooses: `SERVER_…` environment variables."""

    model_config = SettingsConfigDict(frozen=True, env_prefix="SERVER_")

    settings_file: Path | None = None
    database: Path = Path("records.sqlite3")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    tls: bool = False
    callers: Literal["bearer", "proxy", "alb"] = "bearer"
    alb_arn: str | None = None
    alb_keys_url: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    emulator: bool = False
    docs: bool = True
    mcp: Path | None = None
    keys_refresh_seconds: Annotated[float, Field(ge=60)] = 3600.0
    keys_refetch_seconds: Annotated[float, Field(ge=1)] = 60.0
    keys_max_age_seconds: Annotated[float, Field(ge=3600)] = 86_400.0
    token_cache_size: Annotated[int, Field(ge=0, le=1_000_000)] = 4096


@dataclass(frozen=True)
class Settings:
    """All that one process of the API is told."""

    entra: EntraSettings
    server: ServerSettings

    def __post_init__(self) -> None:
        """Refuse to trust an emulator's tokens where real ones are expected, and headers of anybody."""
        if self.server.callers == "proxy" and self.server.host not in LOOPBACK:
            raise SettingsError(
                f"SERVER_CALLERS=proxy believes who calls of the proxy beside it alone: SERVER_HOST must be "
                f"{' or '.join(sorted(LOOPBACK))}, not {self.server.host}"
            )
        if self.server.callers == "alb":
            self._check_alb()
        external = self.entra.foreign_hosts
        if self.entra.protected and (external or self.server.emulator):
            raise SettingsError(
                f"environment {self.entra.environment!r} is protected: an emulator "
                f"({', '.join(external) or 'SERVER_EMULATOR'}) must not sign its tokens"
            )
        if external and not self.server.emulator:
            raise SettingsError(
                f"{', '.join(external)} is not a Microsoft sign-in host; set SERVER_EMULATOR=1 if it "
                "is an emulator"
            )

    def _check_alb(self) -> None:
        """Refuse a load balancer that is none, or a place of its keys where anybody could put one."""
        if not (self.entra.alb_client_id and self.entra.alb_page_url):
            raise SettingsError(
                "SERVER_CALLERS=alb needs ALB_CLIENT_ID and ALB_PAGE_URL in the settings file: the `dotenv` "
                "of `settings.webs` writes them"
            )
        if _ALB.fullmatch(self.server.alb_arn or "") is None:
            raise SettingsError(
                "SERVER_ALB_ARN is no ARN of a load balancer such as "
                "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/myapp/50dc6c495c0c9188"
            )
        if self.server.alb_keys_url and not self.server.emulator:
            raise SettingsError("SERVER_ALB_KEYS_URL is for a stand-in, with SERVER_EMULATOR=1")

    @property
    def alb_keys(self) -> str:
        """Return where the load balancer's keys are, by the region of its configured ARN."""
        if self.server.alb_keys_url:
            return self.server.alb_keys_url.rstrip("/")
        _, partition, _, region, *_ = str(self.server.alb_arn).split(":")
        if partition == "aws-us-gov":
            return f"https://s3-{region}.amazonaws.com/aws-elb-public-keys-prod-{region}"
        return f"https://public-keys.auth.elb.{region}.amazonaws.com"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the process's settings from its environment and the file that it names."""
    environ = os.environ if environ is None else environ
    _refuse_unknown(environ)
    server = ServerSettings()
    if server.callers == "proxy" and "FORWARDED_ALLOW_IPS" in environ:
        # uvicorn would believe a header of whoever connects about where it connects from.
        raise SettingsError("SERVER_CALLERS=proxy asks who is connected: unset FORWARDED_ALLOW_IPS")
    return Settings(read(server.settings_file), server)


def read(file: Path | None) -> EntraSettings:
    """Read a generated settings file (dotenv, or JSON by its suffix)."""
    # The sources fill in what a call leaves out.
    settings: Callable[..., EntraSettings] = EntraSettings
    if file is None:
        return settings()
    if not file.is_file():
        raise SettingsError(f"SERVER_SETTINGS_FILE: {file} is not a file")
    if file.suffix == ".json":
        values: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return settings(**values)
    return settings(_env_file=file, _env_file_encoding="utf-8")


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {f"SERVER_{name.upper()}" for name in ServerSettings.model_fields}
    unknown = sorted(name for name in environ if name.startswith("SERVER_") and name not in known)
    if unknown:
        raise SettingsError(f"unknown: {', '.join(unknown)}; known: {', '.join(sorted(known))}")
