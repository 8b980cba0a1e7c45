"""Which new grants are held back, which consents are refused, and where an administrator consents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.checks import dangers
from entra_config.checks.consenting import Consenting
from entra_config.checks.grants import Restrained, admin_consent_url, consent, permissions_page, restrain
from entra_config.kinds.base import Grant, application_address
from entra_config.kinds.directory import Api
from entra_config.kinds.facts import ConsentFacts
from entra_config.kinds.permission_grant import PermissionGrantKind
from entra_config.plan.model import HeldBack, Refusal
from entra_config.resource import Address, Resource
from tests.unit.plan.estates import state

CLIENT = application_address("job")
HR = Api("hr", "sp-hr", "app-hr", {}, {}, {}, shown="HR Suite")
LISTED = Consenting(
    {"sp-hr": {"application": frozenset({"Read", "Mail.Read"}), "delegated": frozenset({"Use"})}}, {}
)


def granted(*scopes: str, api: str = "hr") -> Resource:
    """Return a consent of a client."""
    return Resource(
        Address("permissionGrant", f"job/{api}"),
        {"scope": list(scopes)},
        ConsentFacts(client="job", resource=api),
    )


def judge(grant: Grant) -> Refusal | HeldBack | None:
    """Object to some scopes, each for a reason of its own."""
    reasons = {"bad": Refusal("", "bad"), "worse": Refusal("", "bad"), "later": HeldBack("later", "look")}
    return reasons.get(grant.permission)


def test_what_is_new_and_objected_to_is_held_back() -> None:
    """What is granted already stays; of whom nothing is left, nothing is granted; a reason is said once."""
    desired = state(granted("a", "bad", "later"), granted("worse", api="x"), granted("later", api="y"))
    actual = state(granted("later", api="y"))
    assert restrain(desired, actual, [PermissionGrantKind()], judge) == Restrained(
        state(granted("a"), granted("later", api="y")), (Refusal("", "bad"),), (HeldBack("later", "look"),)
    )


NAME = 'consent to hr "HR Suite"/{} ({}) is not given: {}'
POLICY = "`policy.consent` of this environment does not list it; a human administrator can"


@pytest.mark.parametrize(
    ("permission", "kind", "allow", "api", "expected"),
    [
        ("Use", "delegated", frozenset(), HR, None),
        ("Read", "application", frozenset(), HR, None),
        ("openid", "delegated", frozenset(), HR, None),
        ("openid", "application", frozenset(), HR, ("", NAME.format("openid", "application", POLICY))),
        ("Read", "delegated", frozenset({"dangerous"}), HR, ("", NAME.format("Read", "delegated", POLICY))),
        ("Write", "application", frozenset(), HR, ("", NAME.format("Write", "application", POLICY))),
        ("Write", "application", frozenset(), replace(HR, address=CLIENT), None),
        (
            "Mail.Read",
            "application",
            frozenset({"many"}),
            HR,
            (
                "dangerous",
                NAME.format(
                    "Mail.Read", "application", "it reads or writes the mail of everyone in the tenant"
                ),
            ),
        ),
        ("Mail.Read", "application", frozenset({"dangerous"}), HR, None),
    ],
)
def test_which_consents_are_refused(
    permission: str,
    kind: dangers.Kind,
    allow: frozenset[str],
    api: Api,
    expected: tuple[str, str] | None,
) -> None:
    """All that no policy lists, but for OpenID and our own; what is dangerous takes the word besides."""
    found = consent(LISTED, client=CLIENT, api=api, kind=kind, permission=permission, allow=allow)
    assert found == (Refusal(*expected, CLIENT, blocks=False) if expected else None)


def test_a_policy_may_say_why_it_means_another() -> None:
    """Its reason stands in the place of the common one."""
    consenting = Consenting({}, {"hr": "it means another"})
    found = consent(
        consenting, client=CLIENT, api=HR, kind="delegated", permission="Use", allow=frozenset({"dangerous"})
    )
    message = NAME.format("Use", "delegated", "it means another; a human administrator can")
    assert found == Refusal("", message, CLIENT, blocks=False)


BLADE = "#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/a%20b"


@pytest.mark.parametrize(
    ("authority", "portal"),
    [
        ("https://login.microsoftonline.com", "portal.azure.com"),
        ("https://login.microsoftonline.us/", "portal.azure.us"),
        ("https://login.partner.microsoftonline.cn", "portal.azure.cn"),
    ],
)
def test_where_an_administrator_consents(authority: str, portal: str) -> None:
    """At the page of the tenant's own cloud."""
    assert permissions_page(authority, "a b") == f"https://{portal}/{BLADE}"
    url = f"{authority.rstrip('/')}/t%20x/adminconsent?client_id=a%20b"
    assert admin_consent_url(authority, "t x", "a b") == url


@pytest.mark.parametrize(
    ("permission", "kind", "said"),
    [
        ("Application.ReadWrite.All", "delegated", True),
        ("Application.ReadWrite.All", "application", True),
        ("Mail.Send", "application", True),
        ("Mail.Send", "delegated", False),
        ("User.Read.All", "application", False),
    ],
)
def test_what_is_dangerous(permission: str, kind: dangers.Kind, said: bool) -> None:
    """Some alone, for everyone, and not in the name of a person."""
    assert (dangers.danger(permission, kind) is not None) is said
    assert (permission in dangers.listed()[kind]) is said


@pytest.mark.parametrize(
    "permission", ["Notes.FullControl.All", "Full_access_here", "New.RoleManagement.ReadWrite"]
)
def test_what_is_full_control_by_its_name(permission: str) -> None:
    """Whatever Microsoft adds."""
    assert dangers.danger(permission, "delegated") == "is full control by its name"
