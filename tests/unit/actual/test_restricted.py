"""What a manifest names as others' is theirs, by the object and not by a word; a restricted file takes
nothing by an appId.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.errors import ManifestError
from entra_config.manifest import loader
from tests.oracle.tenant import Tenant, load

CONTOSO = "11111111-1111-1111-1111-111111111111"
ROLE = {"Admin": {"description": "A.", "allowedMemberTypes": ["User", "Application"]}}
FENCE = ["applications/team-*", "appRoleAssignments/team-*", "enterpriseApplications/team-*"]


def project(name: str, environment: str = "prod") -> dict[str, Any]:
    """Return another project, or another environment of this one."""
    api = {"type": "api", "displayName": f"{name} {environment}", "appRoles": ROLE}
    return {
        "project": name,
        "environments": {environment: {"tenantId": CONTOSO}},
        "applications": {"api": api},
    }


@pytest.fixture
def tenant() -> Tenant:
    """Return a tenant in which two environments of `shop` and one of `ledger` are applied."""
    made = Tenant()

    async def story() -> None:
        for content in (project("shop"), project("shop", "dev"), project("ledger")):
            await made.apply(await made.plan(load(content)))

    asyncio.run(story())
    return made


def principal(tenant: Tenant, name: str) -> dict[str, Any]:
    """Return a service principal by its display name."""
    (row,) = [row for row in tenant.rows.service_principals if row["displayName"] == name]
    return dict(row)


def problems(
    tenant: Tenant,
    folder: Path,
    team: dict[str, Any],
    *,
    restricted: bool = True,
    lock: dict[str, Any] | None = None,
) -> list[str]:
    """Plan with a team's file, and return what is wrong with it."""
    main = project("shop")
    root = {key: main.pop(key) for key in ("project", "environments")}
    root["files"] = ["main.yaml", {"path": "team.yaml", "mayDeclare": FENCE} if restricted else "team.yaml"]
    texts = {"entra-config.yaml": root, "main.yaml": main, "team.yaml": team}
    if lock is not None:
        texts["entra-config.prod.lock.yaml"] = lock
    for name, content in texts.items():
        (folder / name).write_text(yaml.safe_dump(content, sort_keys=False))
    try:
        asyncio.run(tenant.plan(loader.load(folder)))
    except ManifestError as error:
        return [str(problem).removeprefix(f"{folder}/") for problem in error.problems]
    return []


@pytest.mark.parametrize("name", ["shop prod", "shop dev"])
@pytest.mark.parametrize("restricted", [True, False])
def test_ours_by_its_object_id(tenant: Tenant, tmp_path: Path, name: str, restricted: bool) -> None:
    """No word of the file is ours, and the object is: in any environment, fenced or not."""
    team = {"enterpriseApplications": {"team-x": {"id": principal(tenant, name)["id"]}}}

    (reported,) = problems(tenant, tmp_path, team, restricted=restricted)

    assert reported.startswith("team.yaml:2:3: enterprise application `team-x` is `api` of ")
    assert "refer to it by that key" in reported
    assert ("this file may declare `applications/team-*`" in reported) == restricted


def test_ours_by_the_marks_of_its_registration_alone(tenant: Tenant, tmp_path: Path) -> None:
    """A service principal that somebody made by hand has no marks; the registration behind it does."""
    row = principal(tenant, "shop dev")
    tenant.rows.service_principals.put({**row, "tags": []})
    team = {"enterpriseApplications": {"team-x": {"id": row["id"]}}}

    assert "`api` of shop/dev, this very project" in problems(tenant, tmp_path, team)[0]


def test_an_api_of_ours_by_its_app_id(tenant: Tenant, tmp_path: Path) -> None:
    """A permission at ours is asked for by the key, where fences and consents know it."""
    asks = {principal(tenant, "shop prod")["appId"]: {"application": ["Admin"], "adminConsent": True}}
    team = {"applications": {"team-job": {"type": "daemon", "displayName": "Job", "apiPermissions": asks}}}

    (reported,) = problems(tenant, tmp_path, team)

    assert reported.startswith("team.yaml:6:7: ")
    assert "is `api` of this project: refer to it by that key" in reported


def test_in_a_fence_nobody_elses_either(tenant: Tenant, tmp_path: Path) -> None:
    """Another project's application may be named by an open file, never by a fenced one."""
    team = {"enterpriseApplications": {"team-x": {"appId": principal(tenant, "ledger prod")["appId"]}}}

    assert (
        "is an application of ledger/prod, by its marks (this file may declare"
        in problems(tenant, tmp_path, team)[0]
    )
    assert problems(tenant, tmp_path, team, restricted=False) == []


def test_one_object_one_key(tenant: Tenant, tmp_path: Path) -> None:
    """A name and an id of the same object are two keys for it."""
    row = principal(tenant, "ledger prod")
    team = {"enterpriseApplications": {"one": {"appId": row["appId"]}, "two": {"id": row["id"]}}}

    (reported,) = problems(tenant, tmp_path, team, restricted=False)
    assert (
        reported
        == "team.yaml:4:3: enterprise application `two` is `one` too ('ledger prod'): one object, one key"
    )


def test_a_pin_does_not_hand_over_what_is_marked(tenant: Tenant, tmp_path: Path) -> None:
    """The lock file says that the team's key is that application, and its marks say whose it is: no fenced
    file takes it.
    """
    app_id = principal(tenant, "ledger prod")["appId"]
    team = {
        "applications": {
            "team-api": {"type": "api", "displayName": "Mine", "appId": app_id, "appRoles": ROLE}
        }
    }
    lock = {"tenantId": CONTOSO, "applications": {"team-api": {"appId": app_id}}}

    (reported,) = problems(tenant, tmp_path, team, lock=lock)
    assert reported.startswith("team.yaml:5:5: `appId` of `team-api` is 'ledger prod' (appId ")
    assert "an application of ledger/prod, by its marks (this file may declare" in reported
    assert problems(tenant, tmp_path, team, lock=lock, restricted=False) == []


@pytest.mark.parametrize("previously", [False, True])
def test_a_pin_does_not_hand_over_what_was_created_as_another_key(
    tenant: Tenant, tmp_path: Path, previously: bool
) -> None:
    """The lock file pins ours to the team's key, or to a former key of theirs: no restricted file takes it,
    whatever its tags are now, unless the lock file says that it was renamed.
    """
    app_id = principal(tenant, "shop prod")["appId"]
    (row,) = [row for row in tenant.rows.applications if row["appId"] == app_id]
    tenant.rows.applications.put({**row, "tags": ["entra-config:owner=shop/prod", "entra-config:key=team-a"]})
    app = {"type": "api", "displayName": "Mine"} | ({"previously": "team-old"} if previously else {})
    pinned_key = "team-old" if previously else "team-a"
    lock: dict[str, Any] = {"tenantId": CONTOSO, "applications": {pinned_key: {"appId": app_id}}}

    (reported,) = problems(tenant, tmp_path, {"applications": {"team-a": app}}, lock=lock)
    assert reported.startswith("team.yaml:2:3: the pin of `team-a` in the lock file is 'shop prod' (appId ")
    assert "which was created as `api` (this file may declare" in reported
    assert problems(tenant, tmp_path, {"applications": {"team-a": app}}, lock=lock, restricted=False) == []
    if not previously:
        lock["applications"]["team-a"]["was"] = "api"
        assert problems(tenant, tmp_path, {"applications": {"team-a": app}}, lock=lock) == []
