"""Each limit, from both sides, and each word that lifts one."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from entra_config.checks import dangers, grants, limits
from entra_config.manifest.model import Limits, Policy
from entra_config.plan.model import Change, Create, Delete, Plan, Refusal, Restore
from entra_config.resource import State
from tests.unit.plan.estates import API, application, assignment, manifest, plan, state, without_role


def words(checked: Plan) -> list[str]:
    """Return the words of what is refused."""
    return [refusal.word for refusal in checked.refusals]


def holders(number: int, role: str = "Reader") -> State:
    """Make an API whose role is held by so many users."""
    return state(application(), *(assignment(role, f"user:{index:03}") for index in range(number)))


def removing(actual: State, number: int) -> list[Change]:
    """Remove the first so many assignments of a state."""
    found = [each for each in actual if each.address.kind == "appRoleAssignment"]
    return [Delete(each) for each in found[:number]]


@pytest.mark.parametrize(("total", "most"), [(1, 3), (4, 3), (10, 3), (11, 3), (14, 4), (20, 6), (33, 9), (34, 10), (1000, 10)])
def test_many_stops_one_more_than_the_limit(total: int, most: int) -> None:
    """At most ten, at most 30 %, but three always: the limit itself passes, one more does not."""
    actual = holders(total + 1)  # one more, so that the role keeps a holder
    within = limits.allowed_removals(Limits(), total + 1)

    at = limits.check(plan(*removing(actual, within)), manifest(), actual, allow=frozenset())
    over = limits.check(plan(*removing(actual, within + 1)), manifest(), actual, allow=frozenset())

    assert limits.allowed_removals(Limits(), total) == most
    assert "many" not in words(at)
    assert ("many" in words(over)) == (within + 1 <= total + 1)


def test_many_counts_per_application() -> None:
    """Three off each of two APIs is within the limit of each."""
    found = [assignment("Reader", f"user:{index}", key) for key in ("a", "b") for index in range(5)]
    gone = [Delete(each) for index, each in enumerate(found) if index % 5 < 3]

    assert not limits.check(plan(*gone), manifest(), state(*found), allow=frozenset()).refusals


def test_many_counts_what_goes_with_a_role() -> None:
    """Taking a role away takes its assignments, and they count."""
    actual = holders(8)
    checked = limits.check(plan(without_role("Reader")), manifest(), actual, allow=frozenset())

    assert words(checked) == ["many"]
    assert "8 of 8 assignments would go, at most 3" in checked.refusals[0].message
    assert checked.blocked


def test_numbers_come_from_the_environment() -> None:
    """`policy.limits` of the environment replaces the numbers."""
    actual = holders(8)
    own = manifest(policy=Policy(limits=Limits(50, 100, 3)))

    assert not limits.check(plan(without_role("Reader")), own, actual, allow=frozenset()).refusals


def test_last_holder_of_a_role_that_stays() -> None:
    """A role that stays does not lose its last holder."""
    actual = state(application(), assignment("Admin", "group:admins"))
    checked = limits.check(plan(*removing(actual, 1)), manifest(), actual, allow=frozenset())

    assert words(checked) == ["last"]
    assert "Admin" in checked.refusals[0].message
    assert "(group admins)" in checked.refusals[0].message


def test_a_refusal_names_no_person() -> None:
    """Refusals stand in comments that may be public."""
    actual = state(application(), assignment("Admin", "user:alice"))
    checked = limits.check(plan(*removing(actual, 1)), manifest(), actual, allow=frozenset())

    assert words(checked) == ["last"]
    assert "alice" not in checked.refusals[0].message


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(Create(assignment("Admin", "group:others")), id="somebody else gets it"),
        pytest.param(without_role("Admin"), id="the role goes too"),
        pytest.param(Delete(application()), id="the application goes too"),
    ],
)
def test_last_does_not_stop(change: Change) -> None:
    """Where the role goes, or somebody else gets it, its last holder may go."""
    actual = state(application(), assignment("Admin", "group:admins"))
    checked = limits.check(plan(*removing(actual, 1), change), manifest(), actual, allow=frozenset())

    assert not checked.refusals


def test_what_applications_hold_is_no_holder() -> None:
    """Taking an application's permission back is neither `many` nor `last`: people lose nothing by it."""
    consents = [assignment("Writer", f"servicePrincipal:{index}") for index in range(8)]
    actual = state(application(), *consents)

    assert not limits.check(plan(*map(Delete, consents)), manifest(), actual, allow=frozenset()).refusals


def test_protection_stops_deletion_and_restore() -> None:
    """A protected environment neither deletes nor restores an application, any other does."""
    deletes, restores = plan(Delete(application())), plan(Restore(application(), application()))
    protected, actual = manifest(protected=True), state(application())

    assert words(limits.check(deletes, protected, actual, allow=frozenset())) == ["delete"]
    assert words(limits.check(restores, protected, actual, allow=frozenset())) == ["restore"]
    assert not limits.check(deletes, manifest(), actual, allow=frozenset()).refusals
    assert not limits.check(restores, manifest(), actual, allow=frozenset()).refusals


@pytest.mark.parametrize("word", ["many", "last", "delete", "restore"])
@pytest.mark.parametrize("where", ["flag", "manifest"])
def test_each_word_lifts_its_limit_and_no_other(word: str, where: str) -> None:
    """`--allow WORD` and `policy.allow` lift one limit; the rest stays refused."""
    actual = state(
        application(),
        application("old"),
        assignment("Admin", "group:admins"),
        *(assignment("Reader", f"user:{index}") for index in range(9)),
    )
    gone = [each for each in actual if each.address.key not in {"api", "old", "api/Reader/user:8"}]
    changes = [*(Delete(each) for each in gone), Delete(application("old")), Restore(application("x"), application("x"))]
    allow = frozenset({word})
    own = manifest(protected=True, policy=Policy(allow=allow if where == "manifest" else frozenset()))

    checked = limits.check(plan(*changes), own, actual, allow=allow if where == "flag" else frozenset())

    assert sorted(words(checked)) == sorted({"many", "last", "delete", "restore"} - {word})


def test_prevent_destroy_is_lifted_by_nothing() -> None:
    """`preventDestroy: true` stops a deletion whatever is allowed."""
    own = manifest(prevent_destroy=True)
    checked = limits.check(plan(Delete(application())), own, state(application()), allow=frozenset(limits.WORDS))

    assert words(checked) == [""]
    assert checked.blocked


def test_a_refusal_that_reading_found_is_not_said_twice() -> None:
    """What the reader refused already, with more to tell, stands alone."""
    told = Refusal("restore", "deleted by ann 3 days ago", API)
    before = plan(Restore(application(), application()))
    before = Plan(before.project, before.environment, before.tenant, before.changes, (), refusals=(told,))

    assert limits.check(before, manifest(protected=True), state(), allow=frozenset()).refusals == (told,)


def consent(permission: str, *, listed: bool, kind: dangers.Kind = "delegated", **more: object) -> Refusal | None:
    """Ask for a consent to Microsoft Graph."""
    own = Policy(consent={"Microsoft Graph": {kind: frozenset({permission})}} if listed else {})
    asked: dict[str, object] = {"own": False, "allow": frozenset(), "resource": "Microsoft Graph"} | more
    return grants.consent(own, client=API, kind=kind, permission=permission, **asked)  # type: ignore[arg-type]


def test_consent_to_ones_own_apis_and_openid_scopes_needs_no_policy() -> None:
    """The project's own APIs and the OpenID scopes may always be consented."""
    assert consent("anything", listed=False, own=True, resource="api") is None
    assert all(consent(scope, listed=False) is None for scope in ("openid", "profile", "email", "offline_access"))


def test_consent_needs_the_policy() -> None:
    """All else must stand in `policy.consent`; what does not is left out, the rest goes on."""
    refused = consent("User.Read", listed=False)

    assert refused is not None
    assert not refused.blocks
    assert "policy.consent" in refused.message
    assert consent("User.Read", listed=True) is None
    assert consent("openid", listed=False, kind="application") is not None


def test_dangerous_permissions_need_a_word_besides() -> None:
    """The list stops what the policy lists, until `--allow dangerous`; the message says why."""
    refused = consent("AppRoleAssignment.ReadWrite.All", listed=True, kind="application")

    assert refused is not None
    assert refused.word == "dangerous"
    assert "can grant itself every other permission" in refused.message
    allowed = frozenset({"dangerous"})
    assert consent("AppRoleAssignment.ReadWrite.All", listed=True, kind="application", allow=allowed) is None
    assert consent("AppRoleAssignment.ReadWrite.All", listed=False, allow=allowed) is not None


def test_mail_of_everyone_is_dangerous_ones_own_is_not() -> None:
    """An application that reads all mail is on the list, a user's own mail is not."""
    assert dangers.danger("Mail.Read", "application")
    assert dangers.danger("Mail.Read", "delegated") is None


def test_every_listed_permission_exists() -> None:
    """Each name on the list is one of Microsoft Graph's, or one of the three of Exchange."""
    text = (resources.files("entra_config.emulator") / "data/graph_permissions.json").read_text()
    graph = json.loads(text)
    known = {item["value"] for kind in ("delegated", "application") for item in graph[kind]}
    exchange = {"full_access_as_app", "EWS.AccessAsUser.All", "Exchange.ManageAsApp"}

    assert {name for names in dangers.listed().values() for name in names} - known <= exchange


def test_words_are_checked_before_anything_is_read() -> None:
    """A word that lifts nothing is found."""
    assert limits.unknown_words(["many", "everything"]) == ["everything"]
