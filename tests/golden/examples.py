"""Yield what commands report of the worked example, every target of `settings`, and a first pipeline."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from entra_config.bootstrap import gh
from entra_config.manifest.targets import TARGETS
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from tests.golden.commands import Place, sign_in
from tests.unit.cli.desk import Tool
from tests.unit.cli.discovery import WithDiscovery
from tests.workflows.settings import Settings
from tests.world import NOW

KEYS = "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/discovery/v2.0/keys"
ROOT = Path(__file__).parents[2]
APPLY = ("apply", "-e", "dev", "--auto-approve")
TARGETS_MANIFEST = Path(__file__).with_name("targets.yaml")
READERS = {
    "plan": ("plan", "-e", "dev"),
    "validate": ("validate",),
    "lint": ("lint",),
    "lint-live": ("lint", "--live", "-e", "dev"),
    "test": ("test",),
    "drift": ("drift", "-e", "dev"),
    "access": ("access", "-e", "dev", "--explain"),
    "permissions": ("permissions", "-e", "dev"),
    "credentials": ("credentials", "list", "-e", "dev"),
    "list": ("list",),
    "doctor": ("doctor", "-e", "dev"),
    "app-role": ("app-role", "list", "-e", "dev"),
    "import": ("import", "--all", "--output", "imported"),
    "lock": ("lock", "-e", "dev"),
    "settings": ("settings",),
    "settings-values": ("settings", "--values", "-e", "dev"),
}
HOSTS = {
    "github": (
        "--repository", "example/myapp", "--repository-id", "815", "--owner-id", "4711", "--reviewer",
        "@example/platform",
    ),
    "gitlab": ("--project", "example/myapp", "--url", "https://gitlab.example.com"),
}  # fmt: skip
# Either proves who signs in for the page: what each of three manifests is without.
WITHOUT = {
    "bff": {"alb", "httpd"},
    "alb": {"httpd", "dotenv", "awsStack"},
    "httpd": {"alb", "dotenv", "awsStack"},
}


def files(_: str = "") -> Iterator[tuple[str, str]]:
    """Yield the output of commands in every format."""
    yield from _worked_example()
    yield from _every_target()
    for host, words in HOSTS.items():
        yield f"bootstrap/{host}.txt", _bootstrap(host, words)


def _place(folder: str) -> Place:
    embedded = Embedded.create(seed="golden", clock=ManualClock(NOW))
    return Place(Path(folder), replace(sign_in(embedded), transport=WithDiscovery(embedded, KEYS)))


def _worked_example() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        place = _place(folder)
        shutil.copytree(ROOT / "manifests", place.folder / "manifests")
        yield from place.every_format("worked/plan-new", "plan", "-e", "dev")
        yield "worked/apply.txt", place.run(*APPLY)
        for name, words in READERS.items():
            yield from place.every_format(f"worked/{name}", *words)
        yield "worked/destroy.txt", place.run("destroy", "-e", "dev", "--auto-approve")


def _every_target() -> Iterator[tuple[str, str]]:
    """Yield each file that `settings` can write."""
    for name, without in WITHOUT.items():
        with tempfile.TemporaryDirectory() as folder:
            place = _place(folder)
            (place.folder / "manifests").mkdir()
            root = yaml.safe_load(TARGETS_MANIFEST.read_text(encoding="utf-8")) | {
                "settings": _settings(without)
            }
            text = yaml.safe_dump(root, sort_keys=False)
            (place.folder / "manifests/entra-config.yaml").write_text(text, encoding="utf-8")
            yield f"settings/{name}-apply.txt", place.run(*APPLY)
            yield f"settings/{name}.txt", place.run("settings")
            yield f"settings/{name}-values.txt", place.run("settings", "--values", "-e", "dev")


def _settings(without: set[str]) -> dict[str, Any]:
    """Return `settings:` with every target for an application of each of its sections."""
    api, page, web = ({"url": f"https://{host}.contoso.com", "api": "api"} for host in ("api", "app", "app"))
    del api["api"]
    apps: dict[str, dict[str, Any]] = {"apis": {"api": api}, "spas": {"page": page}, "webs": {"web": web}}
    for target in TARGETS:
        if target.section != "webs" or target.key not in without:
            for app in apps[target.section].values():
                app[target.key] = f"{target.section}-{target.key}{target.suffix}"
    api["requests"] = {"list": {"path": "/records", "scopes": ["user.read"]}}
    return {"folder": "../values", **apps}


def _bootstrap(host: str, words: tuple[str, ...]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        place = _place(folder)
        shutil.copytree(ROOT / "manifests", place.folder / "manifests")
        (place.folder / ".git").mkdir()
        wheel = place.folder / f"entra_config-{version('entra-config')}-py3-none-any.whl"
        wheel.write_bytes(b"PK")
        given = ("bootstrap", host, *words, "--title", "MyApp", "--wheel", wheel.name, "--auto-approve")
        with mock.patch.object(gh, "found", return_value=Tool("gh", Settings())):
            return place.run(*given)
