"""What settings take of an application of the tenant, and what of it must be there first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entra_config.errors import TenantError
from entra_config.kinds.base import application_address
from entra_config.manifest.fields.sinks.file import FileSink
from entra_config.manifest.model import Manifest
from entra_config.manifest.sinks import DeclaredSecret
from entra_config.resource import Ref
from entra_config.settings import tenant
from entra_config.settings.registered import Registered, RegisteredTenant
from tests.unit.credentials.web_secret import WEB
from tests.unit.plan.estates import manifest
from tests.unit.settings.clients_of_an_api import manifests

KNOWN = {Ref(application_address("api"), "appId"): "a1"}
URI = {"identifierUris": ["api://a1", "api://other"]}


@pytest.fixture(name="dev")
def _dev(tmp_path: Path) -> Manifest:
    return manifests(tmp_path)[0]


def registered(manifest: Manifest, key: str, **body: Any) -> Registered:
    """Return what settings take of an application."""
    return tenant._registered(manifest, key, {"appId": "a1", **body}, KNOWN)


@pytest.mark.parametrize(
    ("api", "version"),
    [
        (None, 1),
        ({}, 1),
        ({"requestedAccessTokenVersion": None}, 1),
        ({"requestedAccessTokenVersion": 1}, 1),
        ({"requestedAccessTokenVersion": 2}, 2),
    ],
)
def test_tokens_are_of_version_1_unless_they_are_of_2(api: Any, version: int, dev: Manifest) -> None:
    """Hold that the URI is the declared one that the tenant has."""
    assert registered(dev, "api", api=api, **URI) == Registered("a1", "api://a1", version)  # type: ignore[arg-type]  # one of both


@pytest.mark.parametrize("uris", [None, [], ["api://other"]])
def test_an_api_needs_one_of_its_uris_in_the_tenant(uris: Any, dev: Manifest) -> None:
    """Hold what to run; a client needs none."""
    with pytest.raises(TenantError) as refused:
        registered(dev, "api", identifierUris=uris)
    root = Path(dev.root)
    assert str(refused.value) == (
        f"{dev.owner}: `api` has none of its identifier URIs in the tenant yet; run `entra-config apply -e "
        f"dev -f {root}`"
    )
    assert registered(dev, "desk", identifierUris=uris) == Registered("a1")


def test_the_folder_of_the_manifest_is_said_where_it_is_another() -> None:
    """Hold that the usual one is left out."""
    usual, other = (replace(manifest(), root=root) for root in ("manifests/entra-config.yaml", "x/y.yaml"))
    assert tenant._next(usual) == "run `entra-config apply -e prod`"
    assert tenant._next(other) == "run `entra-config apply -e prod -f x/y.yaml`"


def test_what_is_needed_are_apis_and_who_calls_them(dev: Manifest) -> None:
    """Hold that clients are where a file names them, and that a client of the documentation is."""
    (api,) = dev.settings.apps
    settings = dev.settings

    def needed(**more: Any) -> set[str]:
        apps = (replace(api, **more),)
        return tenant._needed(replace(dev, settings=replace(settings, apps=apps)))

    assert needed() == {"api", "desk", "job"}
    assert needed(files=()) == {"api"}
    assert needed(files=(), docs_client="page") == {"api", "page"}


def test_who_signs_tokens_is_of_the_tenant(dev: Manifest) -> None:
    """Hold the authority with the tenant's id, and its host where no list has it; versions are of APIs."""
    found = {"api": Registered("a1", "u", 2), "desk": Registered("d1")}
    for unlisted, known in ((False, ()), (True, ("login.example.com",))):
        made = tenant.tenant(dev, found, {}, authority="https://login.example.com", unlisted=unlisted)
        assert made == RegisteredTenant(f"https://login.example.com/{dev.tenant_id}", found, {}, known)
        assert made.registered("api") == found["api"]
    assert tenant.versions(dev, found) == {2}


def test_the_newest_secret_that_was_made_for_its_place(dev: Manifest) -> None:
    """Hold that one of another place or label, or by hand, is not taken for it."""
    sink = FileSink("web", {"path": "/kept"})
    secret: DeclaredSecret = WEB
    desk = replace(dev.applications["desk"], secrets={"web": secret, "other": replace(secret, label="other")})
    own = replace(dev, applications={**dev.applications, "desk": desk}, sinks={"web": sink})

    def entry(id_: str, day: int, label: str = "web", place: str = sink.digest) -> dict[str, str]:
        name = f"entra-config:{label}:{'0' * 16}.{place}"
        return {"keyId": id_, "displayName": name, "startDateTime": f"2026-01-0{day}T00:00:00Z"}

    entries = [
        entry("old", 1),
        entry("new", 3),
        entry("mid", 2),
        entry("there", 4, place="b" * 20),
        entry("else", 5, label="third"),
        {"keyId": "hand", "displayName": "web", "startDateTime": "2026-01-09T00:00:00Z"},
    ]
    assert registered(own, "desk", passwordCredentials=entries).secrets == {"web": "new"}
    assert registered(own, "desk", passwordCredentials=None).secrets == {}
