"""Which grants are withheld, and in which words: by distrust, by pins, by policy, beside a restore."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from entra_config.actual.found import Found
from entra_config.checks import trust
from entra_config.checks.judging import Judged, judge
from entra_config.kinds.details import OWNERS, ObjectOwner
from entra_config.kinds.directory import Api, Directory, Live, Principal, Subject
from entra_config.kinds.facts import AssignmentFacts, ConsentFacts
from entra_config.manifest.model import Application
from entra_config.manifest.policy import Policy
from entra_config.plan.model import Notice, Refusal, TenantInfo, Withheld
from entra_config.plan.options import Options
from entra_config.resource import Address, Resource, State
from entra_config.states import States
from tests.unit.plan.estates import manifest, state

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NAMES = {"Read": "1", "x": "2", "Application.ReadWrite.All": "3"}
HR = Api("hr", "sp-hr", "app-hr", NAMES, NAMES, {})
JOB = Address("application", "job")
DECLARED = replace(
    manifest(),
    applications={key: Application(key, "daemon", {}) for key in ("api", "job")},
)
NOTHING = State({})


def consent(scope: str, api: str = "hr") -> Resource:
    """Return a consent of the client."""
    return Resource(
        Address("permissionGrant", f"job/{api}"), {"scope": [scope]}, ConsentFacts(client="job", resource=api)
    )


def role(**facts: Any) -> Resource:
    """Return that somebody gets a role."""
    made = AssignmentFacts(resource="hr", app_role_id="r", **facts)
    return Resource(Address("appRoleAssignment", "hr/r/x"), {}, made)


def found(*owners: ObjectOwner, deleted: bool = False, **more: Any) -> Found:
    """Return a tenant with the client, which these own."""
    job = Subject("job", {"id": "id-job", "appId": "j"}, {"id": "sp-job"}, deleted)
    directory = Directory(
        "https://graph",
        live={"job": Live(job, {OWNERS: owners})},
        apis={"hr": HR},
        principals={("servicePrincipal", "ext"): Principal("e1", "Ext", "servicePrincipal")},
        vouched=frozenset({"job"}),
    )
    return Found(TenantInfo("t", "Contoso"), directory, **more)


def judged(
    desired: State, tenant: Found, *, waiting: State = NOTHING, trusting: bool = False, allow: str = ""
) -> Judged:
    """Return what may be granted of what is desired."""
    states = States(desired, waiting, NOTHING, NOTHING, NOTHING)
    return judge(
        DECLARED,
        tenant,
        states,
        trust.doubts(DECLARED, tenant.directory),
        Options(frozenset({allow} if allow else ()), trusting=trusting),
        now=NOW,
    )


ANN = ObjectOwner("ann", "user", "Ann")
OWNED = "look, then `entra-config lock -e prod --accept job=j`"
POLICY = (
    "`policy.consent` of this environment does not list it. To allow it, add `hr: {{ {}: [Read] }}` to "
    "`policy.consent`"
)
REFUSED = f"consent to hr/Read (delegated) is skipped: {POLICY.format('delegated')}"
BACK = "; what job held at hr comes back with job"


def test_what_no_policy_lists_is_left_out() -> None:
    """It is refused and all else is carried out; once for what is wanted now and what waits."""
    made = judged(state(consent("Read"), consent("openid", "x")), found(), waiting=state(consent("Read")))
    assert made.desired == state(consent("openid", "x"))
    assert made.waiting == NOTHING
    assert made.refusals == (Refusal("", REFUSED, JOB, blocks=False),)
    assert made.withheld == ()


def test_what_is_refused_for_an_application_of_others_says_whom() -> None:
    """It has no key; by its name where the tenant has it."""
    for holder, name in (("e1", "Ext"), ("e9", "e9")):
        made = judged(state(role(role="Read", principal_id=holder)), found())
        policy = POLICY.format("application")
        message = f"{name}: consent to hr/Read (application) is skipped: {policy}"
        assert made.refusals == (Refusal("", message, Address("application", "hr"), blocks=False),)


def test_people_need_no_consent() -> None:
    """Nor do owners and clients that an API authorizes."""
    desired = state(role(principal_id="u"))
    made = judged(desired, found())
    assert (made.desired, made.refusals) == (desired, ())


def test_what_is_doubted_is_given_nothing_new() -> None:
    """Unless nothing will be granted by what is read; what waits is withheld with the same words once."""
    doubt = Withheld(
        "job is granted nothing new at hr: owner Ann",
        f"remove it, declare it, or {OWNED}",
        JOB,
    )
    desired = state(consent("Read"))
    made = judged(desired, found(ANN), waiting=desired)
    assert (made.desired, made.withheld, made.refusals) == (NOTHING, (doubt,), ())
    trusting = judged(desired, found(ANN), trusting=True)
    assert (trusting.withheld, [each.message for each in trusting.refusals]) == ((), [REFUSED])


def test_beside_a_restore_it_is_said_what_comes_back() -> None:
    """Of what a client that was deleted held: it is given again whatever is said now."""
    tenant = found(deleted=True)
    made = judged(state(consent("Read")), tenant)
    assert [each.message for each in made.refusals] == [REFUSED + BACK]
    doubted = judged(state(consent("Read")), found(ANN, deleted=True))
    assert [each.message for each in doubted.withheld] == [
        f"job is granted nothing new at hr: owner Ann{BACK}"
    ]
    of_others = judged(state(role(role="Read", principal_id="e1")), tenant)
    assert BACK not in of_others.refusals[0].message


def test_what_a_policy_or_a_word_allows() -> None:
    """What is dangerous takes both."""
    policy = Policy(consent={"hr": {"delegated": frozenset({"Application.ReadWrite.All"})}})
    desired = state(consent("Application.ReadWrite.All"))
    states = States(desired, NOTHING, NOTHING, NOTHING, NOTHING)
    for declared, allow, refused in (
        (replace(DECLARED, policy=policy), frozenset[str](), 1),
        (replace(DECLARED, policy=policy), frozenset({"dangerous"}), 0),
        (replace(DECLARED, policy=replace(policy, allow=frozenset({"dangerous"}))), frozenset[str](), 0),
        (DECLARED, frozenset({"dangerous"}), 1),
    ):
        made = judge(declared, found(), states, {}, Options(allow), now=NOW)
        assert len(made.refusals) == refused


def test_what_was_said_before_comes_first() -> None:
    """Of the tenant and of the manifest's names."""
    before, refusal = Notice("first"), Refusal("", "first")
    made = judged(NOTHING, found(notices=(before,), refusals=(refusal,)))
    assert (made.warnings[0], made.refusals) == (before, (refusal,))
