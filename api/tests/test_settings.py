"""Settings: which files and environments are read, and which are refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from api.settings import EntraSettings, ServerSettings, Settings, SettingsError, load, read
from api.tests.conftest import V1, V2
from api.tests.issuer import OTHER_TENANT, TENANT

EMULATOR = V2 | {
    "PROTECTED": False,
    "AUTHORITY": f"https://localhost:9443/{TENANT}",
    "ISSUER": f"https://localhost:9443/{TENANT}/v2.0",
    "JWKS_URL": f"https://localhost:9443/{TENANT}/discovery/v2.0/keys",
    "OPENID_CONFIGURATION_URL": f"https://localhost:9443/{TENANT}/v2.0/.well-known/openid-configuration",
}


def _dotenv(folder: Path, values: dict[str, Any]) -> Path:
    file = folder / "api.env"
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
    file.write_text("".join(f"{name}={text}\n" for name, text in texts.items()), encoding="utf-8")
    return file


def _json(folder: Path, values: dict[str, Any]) -> Path:
    file = folder / "api.json"
    file.write_text(json.dumps(values), encoding="utf-8")
    return file


@pytest.mark.parametrize("write", [_dotenv, _json])
@pytest.mark.parametrize("values", [V1, V2, EMULATOR])
def test_both_formats_say_the_same(tmp_path: Path, write: Any, values: dict[str, Any]) -> None:
    """A dotenv file and a JSON file with the same values give the same settings."""
    assert read(write(tmp_path, values)) == EntraSettings(**values)


@pytest.mark.parametrize("write", [_dotenv, _json])
@pytest.mark.parametrize("change", [{"CLIENT_SECRET": "x"}, {"ISSUER_": "x"}, {"tenant_id": TENANT}])
def test_unknown_keys_are_refused(tmp_path: Path, write: Any, change: dict[str, Any]) -> None:
    """A key that the API does not know is an error, not a silent default."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        read(write(tmp_path, V2 | change))


@pytest.mark.parametrize("key", sorted(set(V2) - {"OPENAPI_CLIENT_ID"}))
def test_missing_keys_are_refused(tmp_path: Path, key: str) -> None:
    """Each generated key is needed, but Swagger's client."""
    with pytest.raises(ValidationError, match=key):
        read(_json(tmp_path, {name: value for name, value in V2.items() if name != key}))


@pytest.mark.parametrize(
    "change",
    [
        {"TENANT_ID": "contoso.onmicrosoft.com"},
        {"TENANT_ID": OTHER_TENANT},
        {"TOKEN_VERSION": 3},
        {"TOKEN_VERSION": 1},
        {"ISSUER": f"https://sts.windows.net/{TENANT}/"},
        {"ISSUER": f"https://login.microsoftonline.com/{OTHER_TENANT}/v2.0"},
        {"AUTHORITY": "https://login.microsoftonline.com/common"},
        {"JWKS_URL": f"http://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys"},
        {"JWKS_URL": "keys"},
        {"CORS_ORIGINS": ["*"]},
        {"CORS_ORIGINS": ["ftp://app.example.com"]},
        {"CORS_ORIGINS": ["https://app.example.com/"]},
        {"CORS_ORIGINS": ["https://app.example.com/path"]},
        {"API_APP_ID_URI": ""},
        {"API_APP_ID_URI": 'api://a"b'},
        {"OPENAPI_CLIENT_ID": "spa"},
    ],
    ids=str,
)
def test_what_does_not_belong_together_is_refused(change: dict[str, Any]) -> None:
    """Values that cannot all be of one tenant and version are an error at start, not at the first token."""
    with pytest.raises(ValidationError):
        EntraSettings(**(V2 | change))


def test_settings_are_frozen() -> None:
    """Nothing changes them at run time."""
    with pytest.raises(ValidationError, match="frozen"):
        EntraSettings(**V2).issuer = "https://evil.example"


def test_the_file_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stray variable does not change what was generated; without a file the environment is read."""
    monkeypatch.setenv("ENVIRONMENT", "stray")
    assert read(_dotenv(tmp_path, V2)).environment == "prod"
    for name, value in V2.items():
        monkeypatch.setenv(name, value if isinstance(value, str) else json.dumps(value))
    assert read(None) == EntraSettings(**V2)


@pytest.mark.parametrize(
    ("values", "emulator", "accepted"),
    [
        (V2, False, True),
        (V1, False, True),
        (V2, True, False),
        (EMULATOR, True, True),
        (EMULATOR, False, False),
        (EMULATOR | {"PROTECTED": True}, True, False),
        (EMULATOR | {"PROTECTED": True}, False, False),
        (V2 | {"PROTECTED": False}, False, True),
        (V2 | {"JWKS_URL": EMULATOR["JWKS_URL"]}, False, False),
        (V2 | {"JWKS_URL": "https://login.microsoftonline.com.evil.example/keys"}, False, False),
        (V2 | {"JWKS_URL": "https://login.microsoftonline.com@evil.example/keys"}, False, False),
        (V2 | {"ISSUER": EMULATOR["ISSUER"]}, False, False),
    ],
)
def test_an_emulator_signs_nothing_that_matters(
    values: dict[str, Any], accepted: bool, *, emulator: bool
) -> None:
    """Only an unprotected environment, and only when told so, trusts a host that is not Microsoft's."""
    server = ServerSettings(emulator=emulator)
    if accepted:
        assert Settings(EntraSettings(**values), server)
    else:
        said = "is protected: an emulator" if values["PROTECTED"] else "is not a Microsoft sign-in host"
        with pytest.raises(SettingsError, match=said):
            Settings(EntraSettings(**values), server)


def test_load_reads_the_file_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is configured by SERVER_ variables alone."""
    monkeypatch.setenv("SERVER_SETTINGS_FILE", str(_dotenv(tmp_path, V2)))
    monkeypatch.setenv("SERVER_LOG_LEVEL", "DEBUG")
    settings = load()
    assert (settings.entra, settings.server.log_level) == (EntraSettings(**V2), "DEBUG")
    monkeypatch.setenv("SERVER_SETTINGS_FILE", str(tmp_path / "absent.env"))
    with pytest.raises(SettingsError, match="is not a file"):
        load()


def test_a_misspelt_operator_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """SERVER_PROT does not silently leave the port at its default."""
    monkeypatch.setenv("SERVER_PROT", "80")
    with pytest.raises(SettingsError, match="SERVER_PROT"):
        load()
    with pytest.raises(SettingsError, match="unknown: SERVER_A, SERVER_B, SERVER_C; known: SERVER_ALB_ARN, "):
        load({"SERVER_B": "", "SERVER_C": "", "SERVER_A": ""})


def test_what_the_operator_does_not_say_is_as_the_documentation_has_it() -> None:
    """Ready for one machine, and for no emulator; neither kind of settings changes in a process."""
    server = ServerSettings()
    assert (server.host, server.port, server.tls, server.callers) == ("127.0.0.1", 8000, False, "bearer")
    assert (server.emulator, server.docs, server.log_level) == (False, True, "INFO")
    assert (server.keys_refresh_seconds, server.keys_refetch_seconds) == (3600, 60)
    assert (server.keys_max_age_seconds, server.token_cache_size) == (86_400, 4096)
    with pytest.raises(ValidationError, match="frozen"):
        server.port = 1


def test_headers_of_a_proxy_are_believed_where_nothing_else_says_who_connects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uvicorn's own variable would."""
    monkeypatch.setenv("SERVER_SETTINGS_FILE", str(_dotenv(tmp_path, V2)))
    monkeypatch.setenv("SERVER_CALLERS", "proxy")
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    assert load().server.callers == "proxy"
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    with pytest.raises(SettingsError, match="FORWARDED_ALLOW_IPS"):
        load()
