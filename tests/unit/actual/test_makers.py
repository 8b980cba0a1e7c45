"""Whose creations prove themselves: deployers that are pinned, and that nobody else can sign in as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from entra_config.actual import makers
from entra_config.actual.fetch import Responses
from entra_config.actual.question import ByIds, DeployerRegistration, NameBearers
from entra_config.graph.request import Request
from entra_config.manifest.model import Manifest, Named
from tests.unit.plan import estates

HOME = estates.TENANT
SP = "#microsoft.graph.servicePrincipal"
CI: dict[str, Any] = {
    "@odata.type": SP, "id": "s1", "appId": "a1", "displayName": "CI", "appOwnerOrganizationId": HOME,
}  # fmt: skip
IDENTITY = {**CI, "servicePrincipalType": "ManagedIdentity"}
ALONE: dict[str, Any] = {"id": "o1", "appId": "a1"}
NAMED, PINNED, FLEET = Named("CI"), Named("CI", "s1"), Named("a1", by_app_id=True)


def declared(*deployers: Named, protected: bool = False) -> Manifest:
    """Make a manifest with deployers."""
    return replace(estates.manifest(protected=protected), deployers=deployers)


def read(
    *by_ids: Mapping[str, Any],
    named: tuple[str, str] = ("servicePrincipal", "CI"),
    alone: Mapping[str, Any] | None = None,
) -> Responses:
    """Make responses of objects by id and by name, and of how one signs in."""
    responses = Responses()
    responses.add(ByIds("0"), [*by_ids])
    responses.add(NameBearers(*named), [{"id": "s1"} if named[0] != "appId" else CI])
    if alone is not None:
        responses.add(DeployerRegistration("a1"), [alone])
    return responses


ASKED = {
    DeployerRegistration("a1"): Request(
        "GET", "/applications(appId='a1')?$select=id,appId,isFallbackPublicClient,publicClient,web,spa"
    )
}


@pytest.mark.parametrize(
    ("manifest", "responses", "signed_in", "asked"),
    [
        pytest.param(declared(PINNED), read(CI), "", True, id="pinned"),
        pytest.param(declared(NAMED), read(CI), "s1", True, id="named, and signed in"),
        pytest.param(declared(NAMED), read(CI), "s2", False, id="named"),
        pytest.param(declared(PINNED), read(), "", False, id="not there"),
        pytest.param(declared(PINNED), read(IDENTITY), "", False, id="managed identity"),
        pytest.param(
            declared(PINNED), read({**CI, "appOwnerOrganizationId": "t2"}), "", False, id="of others"
        ),
        pytest.param(
            declared(PINNED), read({**CI, "@odata.type": "#microsoft.graph.group"}), "", False, id="group"
        ),
        pytest.param(declared(Named("x", "s9"), PINNED), read(CI), "", True, id="the second"),
        pytest.param(declared(FLEET), read(named=("appId", "a1")), "", True, id="a fleet's client at home"),
        pytest.param(
            declared(FLEET, PINNED), read({**CI, "appId": "a2"}), "", "a2", id="one after a fleet's"
        ),
        pytest.param(declared(), read(CI), "s1", False, id="none"),
        pytest.param(declared(Named("Old", "s1")), read(CI), "", True, id="called otherwise"),
        pytest.param(
            declared(Named("Old", "s1"), protected=True),
            read(CI),
            "",
            False,
            id="called otherwise, protected",
        ),
        pytest.param(
            declared(Named("Old", "s1", was="CI"), protected=True),
            read(CI),
            "",
            True,
            id="otherwise, as the lock file says",
        ),
        pytest.param(declared(PINNED, protected=True), read(CI), "", True, id="protected"),
    ],
)
def test_how_one_signs_in_is_read_of_each_deployer(
    manifest: Manifest, responses: Responses, signed_in: str, *, asked: bool | str
) -> None:
    """Of one that is pinned, or named while it is signed in itself, and that has its registration here."""
    found = makers.questions(manifest, responses, signed_in)
    if isinstance(asked, str):
        assert list(found) == [DeployerRegistration(asked)]
    else:
        assert found == (ASKED if asked else {})


def test_without_deployers_nothing_is_read() -> None:
    """Who only plans proves nothing."""
    assert makers.questions(replace(estates.manifest(), deployers=None), read(CI), "s1") == {}


def made(name: Any = "myapp.prod.api", by: Any = "a1", app_id: str = "x") -> dict[str, Any]:
    """Make an application as its maker left it."""
    return {"appId": app_id, "uniqueName": name, "createdByAppId": by}


URIS = {"redirectUris": ["https://a/"]}


@pytest.mark.parametrize(
    ("alone", "proven"),
    [
        pytest.param(ALONE, True, id="no page"),
        pytest.param(
            {**ALONE, "isFallbackPublicClient": False, "web": {"redirectUris": []}, "spa": None},
            True,
            id="empty",
        ),
        pytest.param({**ALONE, "isFallbackPublicClient": True}, False, id="public client"),
        pytest.param({**ALONE, "web": URIS}, False, id="web"),
        pytest.param({**ALONE, "spa": URIS}, False, id="spa"),
        pytest.param({**ALONE, "publicClient": URIS}, False, id="desktop"),
        pytest.param(None, False, id="not read"),
    ],
)
def test_a_deployer_that_nobody_signs_in_through_proves(
    alone: dict[str, Any] | None, *, proven: bool
) -> None:
    """No public client, and no page to come back to."""
    found = makers.proven(declared(PINNED), read(CI, alone=alone), "", [made()])
    assert found == (frozenset({"x"}) if proven else frozenset())


def test_several_registrations_prove_nothing() -> None:
    """One is what is read by key."""
    responses = read(CI, alone=ALONE)
    responses.add(DeployerRegistration("a1"), [ALONE])
    assert makers.proven(declared(PINNED), responses, "", [made()]) == frozenset()


@pytest.mark.parametrize(
    ("manifest", "body", "proven"),
    [
        (declared(PINNED), IDENTITY, True),
        (declared(PINNED), {**CI, "appOwnerOrganizationId": "t2"}, False),
        (declared(FLEET, PINNED), {**CI, "appOwnerOrganizationId": "t2"}, True),
        (declared(FLEET, PINNED), CI, False),
        (declared(PINNED), CI, False),
    ],
)
def test_what_has_no_registration_here_proves_by_what_it_is(
    manifest: Manifest, body: dict[str, Any], *, proven: bool
) -> None:
    """A managed identity, or a fleet's client outside its home: by its appId."""
    found = makers.proven(manifest, read(body), "", [made()])
    assert found == (frozenset({"x"}) if proven else frozenset())


def test_only_what_it_made_for_this_owner_is_proven() -> None:
    """The name and the maker are both immutable, and both are read."""
    apps = [
        made(app_id="ours"),
        made(None, app_id="no name"),
        made("myapp.dev.api", app_id="of another environment"),
        made(by="a2", app_id="by another"),
        made(by=None, app_id="by nobody"),
        made("myapp.prod.spa", app_id="ours too"),
    ]
    found = makers.proven(declared(PINNED), read(CI, alone=ALONE), "", apps)
    assert found == {"ours", "ours too"}
    assert makers.proven(declared(PINNED), read(CI, alone=ALONE), "", []) == frozenset()
