"""A seed in; a manifest that the loader takes, with canaries in all that settings and docs write of it,
out.
"""

from __future__ import annotations

import json
import re
import string
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.settings.registered import Registered, RegisteredTenant

TENANT = "11111111-1111-1111-1111-111111111111"
# Each makes a file where a language takes it for code. Scopes, roles and paths hold no blank.
CANARIES = (
    "$(>canary)",
    "`>canary`",
    "$(touch$IFS'canary')",
    "';touch$IFS'canary';'",
    ";>canary;",
    "|>canary|",
    "&>canary&",
    "';>canary;'",
    "'+open('canary','w')+'",
    "${x:=$(>canary)}",
    "{{api}}",
    "{{clientSecret}}",
    "*/fetch('canary')/*",
    "${HOME}",
    "<script>",
    "!canary",
    "``",
    "```",
    "--><!--",
    "%00",
    "~",
    "#",
    "-",
)
QUOTED = (*CANARIES, '";>canary;"', "\\", '"', "\\'", '"+open("canary","w")+"', "\n", "é", "\U0001f600")
_NAMES = (*CANARIES, '"', " ", " ``` ")
_IN_VALUES = string.ascii_letters + string.digits + ":!#$%&'()*+,-./;<=>?@[]^_`{|}~"
_IN_PATHS = string.ascii_letters + string.digits + "-._~!$&'()*+,;=:@/"
_IN_FOLDERS = string.ascii_letters + string.digits + " -_!$&'()*+,;=@`\"|<>#~{}é"
_POSTMAN = re.compile(r"\{\{[^{}]*\}\}")


@dataclass(frozen=True)
class Legal:
    """A manifest and what stands in it, for whoever reads it back."""

    manifest: Manifest
    tenant: RegisteredTenant
    scopes: list[str]
    roles: list[str]
    paths: list[str]
    names: list[str]
    bodies: list[Any]
    folder: str
    shell: str
    url: str
    uri: str

    @property
    def count(self) -> int:
        """Return how many values were drawn."""
        return len(self.scopes) + len(self.roles) + len(self.paths) + len(self.names) + len(self.bodies) + 4


def legal(seed: int, root: Path, *, number: int = 7) -> Legal:
    """Draw a manifest, write it, and load it."""
    random = Random(seed)
    scopes = [_value(random, f"s{each}q", _IN_VALUES) for each in range(number)]
    roles = [_value(random, f"r{each}q", _IN_VALUES) for each in range(number)]
    paths = ["/" + _path(random) for _ in range(number)]
    names = [f"n{each}{_text(random)}" for each in range(number)]
    bodies = [{_text(random): [_text(random), {"x": _text(random)}, None, 1.5]} for _ in range(number)]
    folder = _value(random, "out", _IN_FOLDERS, _NAMES, refused="/\\") + "/"
    shell = _value(random, "t", _IN_FOLDERS, _NAMES, refused="/\\") + ".env"
    url = "https://api.example.com/" + _value(random, "u", _IN_PATHS + "`|<>{}$", refused=" '\"\\\n#?")
    uri = "api://app/" + _value(
        random, random.choice(("i", "${HOME}")), _IN_VALUES + "é", refused=" #"
    ).rstrip("/")
    document = {
        "project": "shop",
        "environments": {"dev": {"tenantId": TENANT}},
        "applications": _applications(scopes, roles, uri),
        "settings": {
            "folder": f"../{_filled_in(folder)}${{environment}}",
            "apis": {
                "api": _api(
                    _filled_in(url),
                    _filled_in(shell),
                    list(zip(names, paths, bodies, scopes, roles, strict=True)),
                )
            },
            "spas": {
                "page": {
                    "url": "https://page.example.com",
                    "api": "api",
                    "typescript": "../a.ts",
                    "config": "config.json",
                }
            },
        },
    }
    root.mkdir(parents=True)
    (root / "entra-config.yaml").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    (manifest,) = loader.load_all(root)
    api = Registered(
        "api-id",
        uri,
        2,
        scope_ids={value: f"scope {value}" for value in scopes},
        role_ids={value: f"role {value}" for value in roles},
    )
    made = {key: Registered(f"{key}-id", "", 2) for key in manifest.applications} | {"api": api}
    tenant = RegisteredTenant(f"https://login.example.com/{TENANT}", made, {})
    return Legal(manifest, tenant, scopes, roles, paths, names, bodies, folder, shell, url, uri)


def _applications(scopes: list[str], roles: list[str], uri: str) -> dict[str, Any]:
    asks = {"api": {"delegated": [f"s{each}" for each in range(len(scopes))]}}
    return {
        "api": {
            "type": "api",
            "displayName": "API",
            "accessTokenVersion": 2,
            "identifierUris": [_filled_in(uri)],
            "scopes": {
                f"s{each}": {"value": _filled_in(value), "displayName": f"s{each}", "description": "x"}
                for each, value in enumerate(scopes)
            },
            "appRoles": {
                f"r{each}": {
                    "value": _filled_in(value),
                    "displayName": f"r{each}",
                    "description": "x",
                    "allowedMemberTypes": ["User", "Application"],
                }
                for each, value in enumerate(roles)
            },
        },
        "person": {
            "type": "publicClient",
            "displayName": "P",
            "redirectUris": ["http://localhost"],
            "apiPermissions": asks,
        },
        "page": {
            "type": "spa",
            "displayName": "Page",
            "redirectUris": ["https://page.example.com/redirect.html"],
            "apiPermissions": asks,
        },
        "job": {
            "type": "daemon",
            "displayName": "J",
            "apiPermissions": {
                "api": {"application": [f"r{each}" for each in range(len(roles))], "adminConsent": True}
            },
        },
    }


def _api(url: str, shell: str, requests: list[tuple[str, str, Any, str, str]]) -> dict[str, Any]:
    return {
        "url": url,
        "python": "../a.py",
        "tokens": "../tokens.md",
        "dotenv": "a.env",
        "json": "a.json",
        "shell": shell,
        "tfvars": "a.tfvars.json",
        "postmanCollection": "a.postman_collection.json",
        "postmanEnvironment": "a.postman_environment.json",
        "requests": {
            name: {
                "path": _filled_in(path),
                "body": _filled_in(body),
                "scopes": [f"s{each}"],
                "roles": [f"r{each}"],
                "applicationRoles": [f"r{each}"],
            }
            for each, (name, path, body, _, _) in enumerate(requests)
        },
    }


def _filled_in(value: Any) -> Any:
    """Return a value as a manifest writes it, where `${` begins a placeholder."""
    if isinstance(value, dict):
        return {key: _filled_in(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled_in(item) for item in value]
    return value.replace("${", "$${") if isinstance(value, str) else value


def _value(
    random: Random, start: str, letters: str, pieces: tuple[str, ...] = CANARIES, *, refused: str = ""
) -> str:
    while True:
        parts = [
            random.choice(pieces) if random.random() < 0.5 else random.choice(letters)
            for _ in range(random.randint(1, 5))
        ]
        value = start + "".join(parts)
        if not (
            set(value) - set(letters)
            or set(value) & set(refused)
            or _POSTMAN.search(value)
            or value.endswith(("/", " "))
        ):
            return value


def _path(random: Random) -> str:
    while True:
        parts = [random.choice([*CANARIES, "%2F", "?x=1", "/", "a"]) for _ in range(random.randint(1, 4))]
        path = "".join(parts)
        letters = _IN_PATHS + "%?"
        if (
            not set(path) - set(letters)
            and not re.search("%(?![0-9A-F]{2})", path)
            and not {".", ".."} & set(path.split("/"))
        ):
            return path


def _text(random: Random) -> str:
    # What a key or a text holds; `${` would be a placeholder in a key.
    return (
        "".join(random.choice(QUOTED) for _ in range(random.randint(1, 4)))
        .replace("${", "$ {")
        .replace("\n", " ")
    )
