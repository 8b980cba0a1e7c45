"""Which new grants are withheld, and which consents are skipped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.checks import dangers
from entra_config.checks.consenting import Consenting
from entra_config.checks.grants import restrain
from entra_config.checks.trust import Doubt
from entra_config.kinds.base import Grant, application_address
from entra_config.kinds.directory import Api, Directory
from entra_config.kinds.facts import ConsentFacts
from entra_config.kinds.permission_grant import PermissionGrantKind
from entra_config.plan.model import Refusal, Withheld
from entra_config.resource import Address, Resource
from tests.unit.checks import ruled
from tests.unit.plan.estates import manifest, state

CLIENT = application_address("job")
NAMES = {name: f"id of {name}" for name in ("Use", "Read", "Write", "openid", "Mail.Read", "Off")}
HR = Api(
    "hr", "sp-hr", "app-hr", NAMES, NAMES, {}, shown="HR Suite", disabled=frozenset({"id of Off"}),
    other_ids={"Moved": "m2"},
)  # fmt: skip
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


def judge(grant: Grant) -> Refusal | Withheld | None:
    """Object to some scopes, each for a reason of its own."""
    reasons = {"bad": Refusal("", "bad"), "worse": Refusal("", "bad"), "later": Withheld("later", "look")}
    return reasons.get(grant.permission)


def test_what_is_new_and_objected_to_is_withheld() -> None:
    """What is granted already stays; of whom nothing is left, nothing is granted; a reason is said once."""
    desired = state(granted("a", "bad", "later"), granted("worse", api="x"), granted("later", api="y"))
    actual = state(granted("later", api="y"))
    assert restrain(desired, actual, [PermissionGrantKind()], judge) == (
        state(granted("a"), granted("later", api="y")),
        (Refusal("", "bad"), Withheld("later", "look")),
    )


def consent(
    consenting: Consenting, api: Api, kind: dangers.Kind, permission: str, allow: frozenset[str]
) -> Refusal | None:
    """Return why a new consent of the client is skipped."""
    grant = Grant("job", api.name, kind, permission)
    directory = Directory("https://graph", apis={api.name: api})
    found: Refusal | None = ruled.of_grant(grant, manifest(), directory, consenting=consenting, allow=allow)
    return found


NAME = 'consent to hr "HR Suite"/{} ({}) is skipped: {}'
POLICY = (
    "`policy.consent` of this environment does not list it. To allow it, add `hr: {{ {}: [{}] }}` to "
    "`policy.consent`"
)
MAIL = "it reads or writes the mail of everyone in the tenant"


def skipped(permission: str, kind: str, why: str = "") -> tuple[str, str]:
    """Return the word and the message of a consent that the policy does not list, or that has a reason."""
    return "", NAME.format(permission, kind, why or POLICY.format(kind, permission))


@pytest.mark.parametrize(
    ("permission", "kind", "allow", "api", "expected"),
    [
        ("Use", "delegated", frozenset(), HR, None),
        ("Read", "application", frozenset(), HR, None),
        ("openid", "delegated", frozenset(), HR, None),
        ("openid", "application", frozenset(), HR, skipped("openid", "application")),
        ("Read", "delegated", frozenset({"dangerous"}), HR, skipped("Read", "delegated")),
        ("Write", "application", frozenset(), HR, skipped("Write", "application")),
        ("Write", "application", frozenset(), replace(HR, address=CLIENT), None),
        (
            "Wriet", "delegated", frozenset(), HR,
            skipped("Wriet", "delegated", HR.without("Wriet", NAMES)),
        ),
        ("Off", "delegated", frozenset(), HR, skipped("Off", "delegated", "hr has disabled this permission")),
        (
            "Moved", "application", frozenset(), HR,
            skipped("Moved", "application", HR.without("Moved", NAMES)),
        ),
        (
            "Mail.Read", "application", frozenset({"many"}), HR,
            ("dangerous", NAME.format("Mail.Read", "application", MAIL)),
        ),
        ("Mail.Read", "application", frozenset({"dangerous"}), HR, None),
        (
            "Mail.Read", "application", frozenset(), replace(HR, id="another"),
            skipped(
                "Mail.Read", "application",
                POLICY.format("application", "Mail.Read") + f", and use `--allow dangerous`, because {MAIL}",
            ),
        ),
    ],
)  # fmt: skip
def test_which_consents_are_skipped(
    permission: str,
    kind: dangers.Kind,
    allow: frozenset[str],
    api: Api,
    expected: tuple[str, str] | None,
) -> None:
    """All that no policy lists, but for OpenID and our own; what is dangerous takes the word besides."""
    found = consent(LISTED, api, kind, permission, allow)
    assert found == (Refusal(*expected, CLIENT, blocks=False) if expected else None)


@pytest.mark.parametrize(("doubted", "withheld"), [("job", True), ("", False)])
def test_what_is_withheld_is_never_offered_as_a_consent_page(doubted: str, withheld: bool) -> None:
    """The policy does not list it either, but only a consent that is skipped for that alone gets a link."""
    doubts = {doubted: Doubt("job", "an owner is undeclared", "remove the owner")}
    grant = Grant("job", "hr", "application", "Write")
    directory = Directory("https://graph", apis={"hr": HR})
    found = ruled.of_grant(grant, manifest(), directory, consenting=LISTED, doubts=doubts)
    assert isinstance(found, Withheld if withheld else Refusal)
    assert (getattr(found, "skipped", None) is None) is withheld


def test_a_policy_may_say_why_it_means_another() -> None:
    """Its reason stands in the place of the common one."""
    consenting = Consenting({}, {"hr": "it means another"})
    found = consent(consenting, HR, "delegated", "Use", frozenset({"dangerous"}))
    way = "it means another. To allow it, add `app-hr: { delegated: [Use] }` to `policy.consent`"
    message = NAME.format("Use", "delegated", way)
    assert found == Refusal("", message, CLIENT, blocks=False)
