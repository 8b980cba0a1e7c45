"""The pins that a lock file should hold, of what was read: names, and applications of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from entra_config.actual.found import Found
from entra_config.actual.lock import lock
from entra_config.kinds.directory import Directory, Json, Live, Principal, Renamed, Subject
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.model import Application, EnterpriseApplication, Manifest, Named, RoleAssignees
from entra_config.manifest.policy import Removed
from entra_config.plan.model import TenantInfo, Watched
from tests.unit.plan import estates

HOME, ABROAD = estates.TENANT, "22222222-2222-2222-2222-222222222222"
LI = Principal("u1", "li@x", "user")
AUDIT = Principal("g1", "Audit", "group")
HR = Principal("s1", "HR", "servicePrincipal", HOME, "other/prod/hr")


def declared(
    *,
    users: tuple[Named, ...] = (),
    groups: tuple[Named, ...] = (),
    apps: tuple[Named, ...] = (),
    **more: Any,
) -> Manifest:
    """Make a manifest with holders of one role."""
    assignees = RoleAssignees("api", "A", users, groups, service_principals=apps)
    return replace(estates.manifest(), applications={}, assignments={("api", "A"): assignees}, **more)


def found(
    *who: Principal, names: Mapping[tuple[str, str], Principal] | None = None, **directory: Any
) -> Found:
    """Make what was read of these principals, each by its name and its id."""
    principals = {(each.type, name): each for each in who for name in (each.name, each.id)}
    return Found(
        TenantInfo(HOME, "contoso"), Directory("", principals={**principals, **(names or {})}, **directory)
    )


PINNED = Named("li@x", "u1", was="lee@x", organization=ABROAD)


@pytest.mark.parametrize(
    ("manifest", "pins"),
    [
        pytest.param(declared(users=(Named("li@x"),)), Lock(users={"li@x": Pin("u1")}), id="name"),
        pytest.param(
            declared(users=(PINNED,)), Lock(users={"li@x": Pin("u1")}), id="pinned, as it is called"
        ),
        pytest.param(
            declared(users=(Named("Li@X", "u1"),)), Lock(users={"Li@X": Pin("u1")}), id="another case"
        ),
        pytest.param(
            declared(users=(Named("bo@x", "u1"),)),
            Lock(users={"bo@x": Pin("u1", "li@x")}),
            id="called otherwise",
        ),
        pytest.param(declared(users=(Named("u1", "u1"),)), Lock(), id="an id alone"),
        pytest.param(declared(users=(Named("no@x"),)), Lock(), id="nobody"),
        pytest.param(
            declared(users=(replace(PINNED, name="no@x", id="u9"),)),
            Lock(users={"no@x": Pin("u9", "lee@x", ABROAD)}),
            id="gone, and pinned",
        ),
        pytest.param(
            declared(users=(Named("li@x"), Named("LI@x", "u1"))), Lock(users={"li@x": Pin("u1")}), id="twice"
        ),
        pytest.param(
            declared(users=(Named("HR", "u1"),), groups=(Named("Audit"),), apps=(Named("hr", "s1"),)),
            Lock(
                users={"HR": Pin("u1", "li@x")},
                groups={"Audit": Pin("g1")},
                service_principals={"hr": Pin("s1")},
            ),
            id="each type, of one name",
        ),
        pytest.param(
            declared(deployers=(Named("Audit"), Named("HR"))),
            Lock(groups={"Audit": Pin("g1")}, service_principals={"HR": Pin("s1")}),
            id="deployers, by what they are",
        ),
        pytest.param(
            declared(deployers=(Named("CI", "x"),)), Lock(groups={"CI": Pin("x")}), id="deployer gone"
        ),
        pytest.param(
            declared(deployers=(Named("li@x"), Named("CI", "x"))),
            Lock(users={"li@x": Pin("u1")}, groups={"CI": Pin("x")}),
            id="deployer gone after another",
        ),
        pytest.param(
            declared(deployers=(Named("app", by_app_id=True), Named("HR"))),
            Lock(service_principals={"HR": Pin("s1")}),
            id="what pins itself",
        ),
        pytest.param(
            declared(apps=(Named("other/prod/hr", "s1", by_marks=True),)),
            Lock(service_principals={"other/prod/hr": Pin("s1")}),
            id="by its marks",
        ),
        pytest.param(
            declared(apps=(Named("other/prod/hr", "s1"),)),
            Lock(service_principals={"other/prod/hr": Pin("s1", "HR")}),
            id="not by marks",
        ),
    ],
)
def test_names_are_pinned_to_what_they_mean(manifest: Manifest, pins: Lock) -> None:
    """Each name by the type of its object; where the tenant calls it otherwise, that name beside it."""
    itself = {("appId", "app"): HR}
    expected = replace(pins, tenant_id=HOME, rejected=("r",))
    assert lock(manifest, found(LI, AUDIT, HR, names=itself), Lock("", rejected=("r",)), {}) == expected


@pytest.mark.parametrize(("organization", "said"), [("", ""), (HOME, ""), (ABROAD, ABROAD)])
def test_the_organization_of_anothers_application_is_pinned(organization: str, said: str) -> None:
    """What belongs to this tenant is told from what does not."""
    pinned = lock(declared(apps=(Named("HR"),)), found(replace(HR, organization=organization)), Lock(), {})
    assert pinned.service_principals == {"HR": Pin("s1", "", said)}


BODY = {"id": "s1", "appId": "a1", "displayName": "Pay", "appOwnerOrganizationId": ABROAD}
NAMED = Named("HR", "s9", was="H", organization="o")


@pytest.mark.parametrize(
    ("named", "app_id", "body", "renamed", "pins"),
    [
        pytest.param(Named("HR"), None, BODY, False, {"HR": Pin("s1", "", ABROAD)}, id="name"),
        pytest.param(Named("HR", "s1"), None, BODY, False, {"HR": Pin("s1", "Pay", ABROAD)}, id="otherwise"),
        pytest.param(NAMED, None, None, False, {"HR": Pin("s9", "H", "o")}, id="gone, and pinned"),
        pytest.param(Named("HR"), None, None, False, {}, id="nobody"),
        pytest.param(None, None, BODY, True, {}, id="no name"),
        pytest.param(Named("s1", "s1"), None, BODY, True, {}, id="an id alone"),
        pytest.param(Named("HR"), "a1", BODY, True, {"HR": Pin("s1", "Pay")}, id="appId, otherwise"),
        pytest.param(Named("HR"), "a1", BODY, False, {}, id="appId"),
        pytest.param(Named("HR"), "a1", None, True, {}, id="appId, gone"),
    ],
)
def test_a_declared_application_of_others_is_pinned(
    named: Named | None, app_id: str | None, body: Json | None, renamed: bool, pins: Mapping[str, Pin]
) -> None:
    """By its name; where its appId decides, there stands only what the tenant calls it otherwise."""
    enterprise = EnterpriseApplication("hr", named=named, app_id=app_id)
    manifest = declared(enterprise_applications={"none": EnterpriseApplication("none"), "hr": enterprise})
    other = {"s1": Renamed("s1", "HR", "", False)} if renamed else {}
    live = {"hr": Live(Subject("hr", None, body))}
    assert lock(manifest, found(live=live, renamed=other), Lock(), {}).service_principals == pins
    if body is None:
        assert lock(manifest, found(renamed=other), Lock(), {}).service_principals == pins


TAGS = ["entra-config:owner=myapp/prod", "entra-config:key=old"]
NAMED = f"{estates.manifest().owner.replace('/', '.')}."
APP = {"id": "o1", "appId": "a1", "displayName": "API", "tags": TAGS, "createdDateTime": "2026-01-01"} | {
    "uniqueName": f"{NAMED}api"
}
NOTE = "created 2026-01-01"
OURS = Subject("api", APP)
SECRET, OWNER = Watched("secret", "", "k1", "passwordCredentials"), Watched("owner", "", "u1", "owners")
BEFORE = PinnedApplication("a1", ("u0",), ("k0",), "said", "was", (("l", ("k9",)),))


def pinned(
    subject: Subject | None,
    old: Mapping[str, PinnedApplication],
    *watched: Watched,
    accepted: bool = False,
    manifest: Manifest | None = None,
    **more: Any,
) -> Mapping[str, PinnedApplication]:
    """Return the pins of the application `api`."""
    live = {} if subject is None else {"api": Live(subject)}
    seen = more.pop("seen", frozenset())
    read = replace(found(live=live, **({"vouched": frozenset({"api"})} | more)), seen=seen)
    keys = ("api",) if accepted else ("other",)
    return lock(
        manifest or estates.manifest(), read, Lock(applications=old), {"api": watched}, keys
    ).applications


NEW = PinnedApplication("a1", note=NOTE)


@pytest.mark.parametrize(
    ("subject", "watched", "vouched", "after"),
    [
        pytest.param(OURS, (), {"api"}, {"api": NEW}, id="proven"),
        pytest.param(OURS, (), {"other"}, {}, id="not proven"),
        pytest.param(replace(OURS, deleted=True), (), {"api"}, {}, id="deleted"),
        pytest.param(OURS, (SECRET,), {"api"}, {}, id="somebody could act as it"),
        pytest.param(OURS, (replace(SECRET, going=True),), {"api"}, {"api": NEW}, id="goes"),
        pytest.param(OURS, (replace(SECRET, going=True), OWNER), {"api"}, {}, id="one of two goes"),
        pytest.param(Subject("api"), (), {"api"}, {}, id="no application"),
        pytest.param(None, (), {"api"}, {}, id="not there"),
    ],
)
def test_an_application_of_ours_is_pinned_where_it_is_proven(
    subject: Subject | None,
    watched: tuple[Watched, ...],
    vouched: set[str],
    after: Mapping[str, PinnedApplication],
) -> None:
    """And where nobody undeclared could act as it."""
    assert pinned(subject, {}, *watched, vouched=frozenset(vouched)) == after


def test_what_was_accepted_of_another_object_lapses() -> None:
    """The key is another object's now; an entry without an appId is of none."""
    for old in ({"api": replace(BEFORE, app_id="a2")}, {"else": replace(BEFORE, app_id=None)}):
        assert pinned(OURS, old, seen=frozenset({"a1", "a2"})) == {"api": NEW}
    nobodys = {"else": replace(BEFORE, app_id=None), "api": BEFORE}
    assert pinned(None, nobodys, seen=frozenset({"a1"})) == {"api": BEFORE}


def test_what_is_accepted_is_pinned_with_who_could_act_as_it() -> None:
    """Owners and credentials that somebody looked at are added, in order, to those of before."""
    for vouched in (frozenset({"api"}), frozenset[str]()):
        after = pinned(OURS, {}, SECRET, OWNER, accepted=True, vouched=vouched)
        assert after == {"api": replace(NEW, owners=("u1",), key_ids=("k1",))}
    many = [replace(each, key=f"{each.noun[0]}{n}") for each in (SECRET, OWNER) for n in (9, 8, 2, 1, 3)]
    both = pinned(OURS, {"api": BEFORE}, *many, accepted=True)
    kept = replace(BEFORE, note=NOTE, was="")
    owners, keys = (("o1", "o2", "o3", "o8", "o9", "u0"), ("k0", "s1", "s2", "s3", "s8", "s9"))
    assert both == {"api": replace(kept, owners=owners, key_ids=keys)}


@pytest.mark.parametrize("key", ["api", "old"])
def test_what_is_pinned_stays_whoever_could_act_as_it(key: str) -> None:
    """Its pins follow it from whatever key, with who made it and without what it was called."""
    expected = {"api": replace(BEFORE, note=NOTE, was="")}
    old = {"x": replace(BEFORE, app_id="a2"), key: BEFORE}
    assert pinned(OURS, old, SECRET, vouched=frozenset()) == expected
    undated = {name: value for name, value in APP.items() if name != "createdDateTime"}
    assert pinned(Subject("api", undated), old) == {"api": replace(BEFORE, was="")}


@pytest.mark.parametrize(
    ("created_as", "before", "previously", "reviewed", "was"),
    [
        ("old", "", None, True, "old"),
        ("old", "", "old", False, "old"),
        ("old", "old", None, False, "old"),
        ("old", "", None, False, ""),
        ("api", "old", "old", True, ""),
        ("", "old", None, True, "old"),
    ],
)
def test_the_key_that_it_was_created_for_is_in_the_lock_file(
    created_as: str, before: str, previously: str | None, *, reviewed: bool, was: str
) -> None:
    """If a rename, or a pin that somebody moved and `lock` shows, made it another key's."""
    app = {**APP, "uniqueName": NAMED + created_as if created_as else None}
    declared = replace(
        estates.manifest(), applications={"api": Application("api", "api", {}, previously=previously)}
    )
    renamed = {"o1": Renamed("o1", "api", "", not reviewed)}
    after = pinned(
        Subject("api", app), {"api": replace(BEFORE, was=before)}, manifest=declared, renamed=renamed
    )
    assert after["api"].was == was


@pytest.mark.parametrize(
    ("before", "note"),
    [
        ("created earlier", NOTE),
        ("accepted", f"{NOTE}; accepted"),
        ("created earlier; accepted in place of a0", f"{NOTE}; accepted in place of a0"),
    ],
)
def test_the_comment_says_that_a_pin_was_accepted(before: str, note: str) -> None:
    """It stays for as long as the pin does."""
    assert pinned(OURS, {"api": replace(BEFORE, note=before)})["api"].note == note


@pytest.mark.parametrize(
    ("subject", "seen", "stays"),
    [(None, "a1", True), (None, "a2", False), (Subject("api"), "a1", True), (Subject("api"), "a2", True)],
)
def test_what_is_not_found_under_its_key_stays_while_the_tenant_has_it(
    subject: Subject | None, seen: str, *, stays: bool
) -> None:
    """A pin is kept as it was while its object is anywhere."""
    after = pinned(subject, {"api": BEFORE}, seen=frozenset({seen}))
    assert after == ({"api": BEFORE} if stays else {})


@pytest.mark.parametrize(
    ("old", "seen", "after"),
    [
        ({"gone": replace(BEFORE, app_id="a3")}, {"a3"}, ["api", "gone"]),
        ({"gone": replace(BEFORE, app_id="a3")}, {"a1"}, ["api"]),
        ({"gone": BEFORE}, {"a1"}, ["api"]),
        ({"gone": replace(BEFORE, app_id=None)}, {"a1"}, ["api"]),
        ({"removed": replace(BEFORE, app_id="a3")}, {"a3"}, ["api", "removed"]),
    ],
)
def test_what_left_the_manifest_stays_pinned_while_the_tenant_has_it(
    old: Mapping[str, PinnedApplication], seen: set[str], after: list[str]
) -> None:
    """Whoever removes it later wants to know whose it is; what has another key now has that one alone."""
    manifest = replace(
        estates.manifest(),
        applications={"api": Application("api", "api", {})},
        removed={"removed": Removed("removed", destroy=True)},
    )
    found_pins = pinned(OURS, old, manifest=manifest, seen=frozenset(seen))
    assert list(found_pins) == after
    assert found_pins.get(after[-1]) in {*old.values(), NEW, replace(BEFORE, note=NOTE, was="")}
