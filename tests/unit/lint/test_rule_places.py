"""What a rule says and where: words that depend on what was found, and what is looked at beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.lint.model import Hit, Other
from entra_config.lint.subject import Federated, Placed, SubjectRole
from entra_config.manifest.model import Application, Given, Named
from tests.unit.lint.ruling import APP, HERE, app, asks, found, hits, pages
from tests.unit.plan.estates import manifest

WORKER = "Application.ReadWrite.All"  # leads to Global Administrator as the application itself
GITHUB = "https://token.actions.githubusercontent.com"
AWS = "https://0a1b2c3d-1111-2222-3333-444455556666.tokens.sts.global.api.aws"


def workload(issuer: str, subject: str = "s", name: str = "w", expression: str = "") -> dict[str, Any]:
    """Return a federated credential, as an application has it."""
    return {"federated": (Federated(name, issuer, subject, "", HERE, {}, expression),)}


def test_who_lets_everybody_in_is_as_grave_as_what_it_may() -> None:
    """Hold an error with a page and a permission that takes the tenant over, a warning with a role for
    people, and a habit without; at the switch where it is written.
    """
    says = "everybody of the tenant gets a token for `app`"
    switch = {"enterprise": {"appRoleAssignmentRequired": Placed(False, HERE)}}
    silent: dict[str, Any] = {"enterprise": {}}
    power = {"permissions": (asks("Mail.Read"), asks(WORKER))}
    roles = (SubjectRole("a", "a", ("Application",)), SubjectRole("b", "b", ("User",)))
    page = pages("https://a.example.com/")

    def hit(position: Position = HERE, more: str = "", **said: Any) -> list[Hit]:
        return [Hit(position, says + more, "app", "assignment", **said)]

    rule, over = "assignment-not-required", ", which may take the tenant over"
    assert hits(rule, app(**switch, **page, **power)) == hit(more=over, severity="E")
    assert hits(rule, app(**switch, **page)) == hit(persona="pedantic")
    assert hits(rule, app(**switch, **power, roles=roles)) == hit(persona="regular")
    assert hits(rule, app(**switch, roles=roles[:1])) == hit(persona="pedantic")
    assert hits(rule, app(**silent, **page)) == hit(APP, persona="pedantic")


@pytest.mark.parametrize(
    ("used", "words"),
    [
        ({"last": "2026-08-27T12:00:00Z", "created": "2020-01-01T00:00:00Z"}, "last used on 2026-08-27"),
        ({"last": "2026-08-28T12:00:00Z", "created": "2020-01-01T00:00:00Z"}, ""),
        ({"last": None, "created": "2026-08-27T12:00:00Z"}, "never used"),
        ({"last": None, "created": "2026-08-28T12:00:00Z"}, ""),
        ({"last": None, "created": None}, ""),
    ],
    ids=["91 days ago", "90 days ago", "made 91 days ago", "made 90 days ago", "nobody knows"],
)
def test_an_application_that_nobody_uses(used: dict[str, Any], words: str) -> None:
    """Hold that its last use counts, and its birth where there is none."""
    expected = [Hit(APP, f"`app` was {words}", "app", "use")] if words else []
    assert hits("app-inactive", app(), facts={"used": ({"application": "app", **used},)}) == expected


@pytest.mark.parametrize(
    ("deployers", "is_one"),
    [
        (None, False),
        ((Named("app"),), True),
        ((Named("other", "A1"),), True),
        ((Named("other"),), False),
        ((Named("other"), Named("APP")), True),
    ],
)
def test_who_applies_the_manifest_is_not_in_it(deployers: Any, is_one: bool) -> None:
    """Hold that a deployer is known by its display name or its appId, in any case."""
    own = replace(manifest(), deployers=deployers)
    assert found("deployer-can-grant-itself", app(app_id="a1"), own=own) == (["deployer"] if is_one else [])
    assert found("deployer-can-grant-itself", app(name="x"), own=own) == []


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        (asks("X", "delegated"), ["Graph X"]),
        (asks("X", "delegated", consented=True), []),
        (asks("X", "delegated", requested=False), []),
        (asks("X"), []),
    ],
)
def test_customers_cannot_consent_themselves(permission: Any, expected: list[str]) -> None:
    """Hold that it is so in an External ID tenant alone."""
    external = replace(manifest(), authority="https://x.ciamlogin.com")
    given = app(permissions=(permission,))

    assert found("external-id-consent", given, own=external) == expected
    assert found("external-id-consent", given) == []


NATIVE = {"nativeAuthenticationApisEnabled": "all"}


@pytest.mark.parametrize(
    ("settings", "external", "words"),
    [
        (NATIVE, False, "`app` has native authentication, which only External ID tenants have"),
        (NATIVE, True, "native authentication of `app` needs `allowPublicClientFlows: true`"),
        (NATIVE | {"isFallbackPublicClient": True}, True, ""),
        ({"nativeAuthenticationApisEnabled": "none"}, False, ""),
    ],
)
def test_native_authentication_is_for_public_clients_of_customers(
    settings: dict[str, Any], external: bool, words: str
) -> None:
    """Hold which of both is lacking, and that an application without it stops nothing."""
    own = replace(manifest(), authority="https://x.ciamlogin.com" if external else "")
    given = hits("native-auth-misplaced", app("bare"), app(settings=settings), own=own)
    assert [each.message for each in given] == ([words] if words else [])


@pytest.mark.parametrize(
    ("owners", "live", "deployers", "persona"),
    [
        ((), False, False, "regular"),
        ((), False, True, "pedantic"),
        (None, False, False, "regular"),
        ((), True, False, "regular"),
        (None, True, False, None),
    ],
    ids=["none declared", "but deployers", "nobody says", "none in the tenant", "not read"],
)
def test_an_application_that_nobody_owns(owners: Any, live: bool, deployers: bool, persona: Any) -> None:
    """Hold that what could not be read is not told, and that it stands at `owners` where that is written."""
    own = replace(
        manifest(),
        applications={"app": Application("app", "web", {}, positions={"owners": HERE})},
        deployers=(Named("ci"),) if deployers else None,
    )
    given = hits(
        "owner-none", app(owners=owners), app("b", owners=owners), own=own, facts={} if live else None
    )
    assert given == [
        Hit(place, f"nobody owns `{key}`", key, "owners", persona=persona)
        for key, place in (("app", HERE), ("b", APP))
        if persona
    ]


@pytest.mark.parametrize(
    ("issuer", "subject", "wrong"),
    [
        ("https://sts.amazonaws.com", "x", True),
        ("https://sts.eu-west-1.api.aws", "x", True),
        ("https://oidc.example.com", "arn:aws:iam::1:role/x", True),
        (AWS, "arn:aws:iam::1:role/x", False),
        ("https://oidc.eks.eu-west-1.amazonaws.com/id/X", "arn:aws:x", False),
        ("https://oidc.eks.eu-west-1.amazonaws.com/id/X", "x", False),
        ("https://s3.amazonaws.com", "x", False),
        ("https://sts.example.com", "x", False),
    ],
)
def test_an_issuer_that_means_aws(issuer: str, subject: str, wrong: bool) -> None:
    """Hold that its host says so, or its subject, and that the one of an account is right."""
    assert found("fic-aws-issuer-shape", app(**workload(issuer, subject))) == (["w"] if wrong else [])


@pytest.mark.parametrize(
    ("rule", "issuer", "subject", "wrong"),
    [
        ("fic-github-old-subject", GITHUB, "repo:a/b:pull_request", True),
        ("fic-github-old-subject", GITHUB, "repo:a@1/b@2:pull_request", False),
        ("fic-github-old-subject", GITHUB, "other:a/b", False),
        ("fic-github-old-subject", "https://gitlab.com", "repo:a/b:pull_request", False),
        ("fic-issuer-with-slash", f"{GITHUB}/", "x", True),
        ("fic-issuer-with-slash", f"{AWS}/", "x", True),
        ("fic-issuer-with-slash", GITHUB, "x", False),
        ("fic-issuer-with-slash", "https://oidc.example.com/", "x", False),
    ],
)
def test_a_workload_of_a_known_service(rule: str, issuer: str, subject: str, wrong: bool) -> None:
    """Hold that others may write theirs as they like."""
    assert found(rule, app(**workload(issuer, subject))) == (["w"] if wrong else [])


def test_a_workload_is_shared_with_what_is_not_protected() -> None:
    """Hold that subject or expression says so, of the same issuer, and that protected ones may share."""
    mine = app(
        federated=tuple(
            Federated(name, issuer, subject, "", HERE, {}, expression)
            for name, issuer, subject, expression in (
                ("a", "i", "s", ""), ("b", "i", "", "e"), ("c", "j", "s", ""), ("d", "i", "t", ""),
            )
        )
    )  # fmt: skip
    theirs = app(federated=(Federated("x", "i", "s", ""), Federated("y", "i", "", "", expression="e")))
    own = manifest(protected=True)
    said = [
        Hit(HERE, f"`{word}` is in `dev` too, which is not protected", "app", name)
        for word, name in ("sa", "eb")
    ]

    assert hits("fic-shared-across-tiers", mine, own=own, others=(Other("dev", False, (theirs,)),)) == said
    assert hits("fic-shared-across-tiers", mine, own=own, others=(Other("qa", True, (theirs,)),)) == []
    assert hits("fic-shared-across-tiers", mine, others=(Other("dev", False, (theirs,)),)) == []


def test_two_workloads_mean_the_same() -> None:
    """Hold that case and a slash make no difference, and that of an unknown expression nothing is known."""
    named = [
        ("a", "https://I/", "S", ""),
        ("b", "https://i", "s", ""),
        ("c", "i", "", "E"),
        ("d", "i", "", "e"),
    ]
    unknown = [("e", "i", "", ""), ("f", "i", "", "")]
    given = app(federated=tuple(Federated(n, i, s, "", HERE, {}, e) for n, i, s, e in (*named, *unknown)))
    said = [
        Hit(HERE, f"`{two}` means what `{one}` means, and is written otherwise", "app", two)
        for one, two in ("ab", "cd")
    ]
    assert hits("fic-duplicate", given) == said


def test_a_permission_beside_a_wider_one_is_not_needed() -> None:
    """Hold that both are of one API and kind, and asked for."""
    values = ("User.Read.All", "User.ReadWrite.All", "Mail.Read", "Site.Selected")
    wide = tuple(asks(value) for value in values)
    only = (asks("Mail.ReadWrite", requested=False), asks("Mail.ReadWrite", "delegated"))
    granted = (asks("Group.ReadWrite.All"), asks("Group.Read.All", requested=False))
    odd = (asks("X"), asks("X.ReadWrite"))

    assert found("permission-read-write-unneeded", app(permissions=(*wide, *only, *granted, *odd))) == [
        "application User.Read.All"
    ]


@pytest.mark.parametrize("live", [False, True])
def test_permissions_over_the_tenant_of_ours_and_of_others(live: bool) -> None:
    """Hold that what the manifest grants others is reported of the manifest alone."""
    given = Given(Named("Tool"), "Graph", application=("Mail.Read", WORKER), position=HERE)
    own = replace(manifest(), grants=(given,))
    says = "can add a credential to any application and then act with that application's permissions"
    ours = Hit(HERE, f"with `{WORKER}` `app` {says}", "app", WORKER)
    theirs = Hit(HERE, f"with `{WORKER}` `Tool` {says}", "Tool", WORKER)
    seen = hits("permission-tier0", app(permissions=(asks(WORKER),)), own=own, facts={} if live else None)

    assert seen == ([ours] if live else [ours, theirs])


def test_a_permission_is_asked_for_as_a_person_and_for_everybody() -> None:
    """Hold that it is so of Microsoft's alone, where people sign in."""
    both = (asks("Mail.Read", "delegated"), asks("Mail.Read"), asks("User.Read.All"))
    own = (asks("x", "delegated", own=True), asks("x", own=True))
    page = pages("https://a.example.com/")

    assert found("permission-app-where-delegated", app(permissions=(*both, *own), **page)) == ["Mail.Read"]
    assert found("permission-app-where-delegated", app(permissions=both)) == []


def test_everybody_holds_a_role_of_power() -> None:
    """The value tells what a role allows, and the label where there is none and nothing describes it."""
    groups = {
        "groups": (Placed("Everyone", HERE), Placed("Team", HERE)),
        "users": (Placed("everyone", HERE),),
    }
    roles = (
        SubjectRole("plain", "Site.Admin", (), held=groups),
        SubjectRole("Writer", None, (), held=groups),
        SubjectRole("Owner", "Reader", (), held=groups),
    )
    assert hits("role-held-by-everyone-group", app(roles=roles)) == [
        Hit(HERE, f"`Everyone` holds `{label}` of `app`", "app", f"{label} Everyone")
        for label in ("plain", "Writer")
    ]


@pytest.mark.parametrize(("listed", "expected"), [(True, ["a"]), (False, [])])
def test_a_role_that_nobody_holds(listed: bool, expected: list[str]) -> None:
    """Hold that it is known where the manifest lists who holds roles, of roles that are enabled."""
    roles = (
        SubjectRole("a", "a", (), held={"users": ()}),
        SubjectRole("b", "b", (), held={"users": (), "groups": (Placed("G"),)}),
        SubjectRole("c", "c", (), enabled=False),
    )
    own = replace(manifest(), listed=frozenset({"app"} if listed else ()))
    assert found("role-unheld", app(roles=roles), own=own) == expected


def test_a_version_of_tokens_is_set_where_it_is_written_alone() -> None:
    """What a tenant has, or leaves to Entra, has no line that could be edited."""
    path = "api.requestedAccessTokenVersion"
    api = app(settings={path: 1}, identifier_uris=(Placed("api://app", HERE),))
    for settings, edits in ((api.settings, 1), ({path: Placed(1)}, 0), ({}, 0)):
        (hit,) = hits("token-v1", replace(api, settings=settings))
        assert len(hit.fix) == edits
    assert hits("token-v1", replace(api, settings={path: Placed(2)})) == []
