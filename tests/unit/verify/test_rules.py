"""What each rule notices: an apply that is as it was planned, changed in one place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import entra_verify
from tests.unit.verify import documents as world
from tests.unit.verify.documents import Documents, Json

Change = Callable[[Documents], object]
Found = tuple[str, int, str, str]


def check(made: Documents, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[Found]]:
    """Run the command; return its exit code and findings."""
    code = entra_verify.main(made.write(folder))
    result: Json = json.loads(capsys.readouterr().out)
    assert entra_verify.CODES[result["result"]] == code
    assert all(one["breaks"] == entra_verify.RULES[one["rule"]] for one in result["findings"])
    return code, [(one["result"], one["rule"], one["who"], one["what"]) for one in result["findings"]]


def give(made: Documents, holder: str, kind: str = "User") -> None:
    """Give the role Reader."""
    made.items("appRoleAssignments").append(world.assignment(world.READER, holder, kind))


def give_by_plan(made: Documents) -> None:
    """Give Eve a role by a step that the plan's list of people does not have."""
    give(made, world.EVE)
    made.plan["changes"].append(
        world.change(
            "create", "appRoleAssignment", f"api/Reader/user:{world.EVE}",
            resource=world.API_SP, role=world.READER, principal=world.EVE,
        )
    )  # fmt: skip


def give_to_other(made: Documents, *, by_plan: bool = True) -> None:
    """Give an application of others a consent."""
    made.items("permissionGrants").append(world.grant(world.OTHER_SP, "read"))
    if by_plan:
        made.plan["access"][3]["applications"].append({"id": world.OTHER_SP, "name": "", "through": ""})
        made.plan["changes"].append(
            world.change(
                "create", "permissionGrant", "other/api", world.listed("scope", add=("read",)),
                client=world.OTHER_SP, resource=world.API_SP,
            )
        )  # fmt: skip


def unpin(made: Documents, proof: str) -> None:
    """Take the pin of web away, and let the plan claim a proof."""
    made.lock = made.lock.partition("  web:")[0]
    made.plan["keys"][1]["proof"] = proof


def make_by_deployer(made: Documents) -> None:
    """Let web be what the pinned deployer made, instead of pinned."""
    unpin(made, "creator")
    for before in (True, False):
        made.items("applications", before=before)[1]["createdByAppId"] = world.APP_IDS[world.DEPLOYER]


def name_by_deployer(made: Documents, name: str) -> None:
    """Let web be what the pinned deployer made under another unique name."""
    make_by_deployer(made)
    for before in (True, False):
        made.items("applications", before=before)[1]["uniqueName"] = name


def create(
    made: Documents, creator: str | None = world.APP_IDS[world.DEPLOYER], uris: tuple[str, ...] = ()
) -> None:
    """Create an application, and give it a consent."""
    made.plan["changes"] += [
        world.change("create", "application", "new", world.scalar("displayName", "New"),
                     world.listed("tags", add=("entra-config:key=new", "entra-config:owner=p/prod")), object=None),
        world.change("create", "enterpriseApplication", "new", object=None),
        world.change("create", "permissionGrant", "new/api", world.listed("scope", add=("read",)),
                     client=None, resource=world.API_SP),
    ]  # fmt: skip
    made.plan["keys"].append(world.key("new", None, "none"))
    made.plan["access"][3]["applications"].append({"id": "new", "name": "new", "through": "application"})
    made.items("applications").append(
        world.registration(
            world.NEW, "New", "new", createdByAppId=creator, web={"redirectUris": list(uris)}
        )
    )  # fmt: skip
    made.items("servicePrincipals").append(world.principal(world.NEW_SP, world.APP_IDS[world.NEW], "New"))
    made.items("permissionGrants").append(world.grant(world.NEW_SP, "read"))


def delete(made: Documents, *, application: int = 1) -> None:
    """Let the plan delete an application, and the tenant too."""
    gone = made.items("applications").pop(application)
    made.items("servicePrincipals").pop(application)
    made.items("deletedApplications").append(gone)
    made.plan["changes"] = [world.change("delete", "application", "web", object=gone["id"])]
    made.plan["access"] = []
    made.items("appRoleAssignments")[:] = made.items("appRoleAssignments", before=True)
    made.items("permissionGrants").clear()


def add_secret(made: Documents, application: int, *, before: bool = False) -> None:
    """Add a secret to a registration."""
    states = (True, False) if before else (False,)
    for one in states:
        made.items("applications", before=one)[application]["passwordCredentials"] = [
            {"keyId": world.guid(99)}
        ]


def rename(made: Documents, application: int, name: str) -> None:
    """Rename an application without the plan."""
    made.items("applications")[application]["displayName"] = name


def test_an_apply_as_planned_is_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is found, and the text says so."""
    assert check(Documents(), tmp_path, capsys) == (0, [])
    words = [word for word in Documents().write(tmp_path) if word not in {"--format", "json"}]
    assert entra_verify.main(words) == 0
    assert capsys.readouterr().out == "p/prod: verified, 5 planned changes\n"


@pytest.mark.parametrize("variant", [make_by_deployer, create, delete], ids=["creator", "create", "delete"])
def test_other_ways_are_verified(variant: Change, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the pinned deployer made is trusted, what this run makes too; what is deleted takes its own along."""
    made = Documents()
    variant(made)
    assert check(made, tmp_path, capsys) == (0, [])


VIOLATED: list[tuple[str, Change, list[tuple[int, str, str]]]] = [
    ("a gain by the plan that it does not list", give_by_plan, [(1, "eve@a.org", "gained role Reader")]),
    ("the list omits somebody", lambda made: made.plan["access"].pop(0), [(1, "ann@a.org", "gained role Writer")]),
    ("the list omits a loss", lambda made: made.plan["access"].pop(2), [(1, "ann@a.org", "lost role Reader")]),
    (
        "the list has somebody who gains nothing",
        lambda made: made.plan["access"].append(world.access("gain", "role", "Reader", (world.EVE,))),
        [(1, "eve@a.org", "listed to gain role Reader of API, but never had it")],
    ),
    (
        "the list has a loss that is none",
        lambda made: made.plan["access"].append(world.access("lose", "role", "Writer", (world.BOB,))),
        [(1, "bob@a.org", "listed to lose role Writer of API, but had it before and still has it")],
    ),
    (
        "a planned assignment is missing",
        lambda made: made.items("appRoleAssignments").pop(1),
        [(1, "ann@a.org", "listed to gain"), (4, "create appRoleAssignment", "this planned change is missing")],
    ),
    (
        "a planned redirect URI is missing",
        lambda made: made.items("applications")[1].update(web={"redirectUris": []}),
        [(4, "update application web", "web.redirectUris.https://a.org/")],
    ),
    (
        "a planned removal is missing",
        lambda made: made.items("appRoleAssignments").append(world.assignment(world.READER, world.ANN)),
        [(1, "ann@a.org", "listed to lose"), (4, "delete appRoleAssignment", "this planned change is missing")],
    ),
    (
        "a step writes an application of others",
        lambda made: (
            made.plan["changes"].append(
                world.change("update", "application", "other", world.scalar("displayName", "X"), object=world.OTHER)
            ),
            rename(made, 2, "X"),
        ),
        [(2, "X", "writes an object which does not belong to this project")],
    ),
    ("a step deletes an application of others", lambda made: delete(made, application=2), [(2, "Other", "writes")]),
    ("a consent to a client of others", give_to_other, [(2, "Other", "writes an object")]),
    (
        "a step adds an owner to an application of others",
        lambda made: (
            made.plan["changes"].append(
                world.change("create", "owner", f"o/user:{world.EVE}", object=world.OTHER, principal=world.EVE)
            ),
            made.items("owners").append(world.member(world.EVE, world.OTHER)),
        ),
        [(2, "Other", "writes an object")],
    ),
    (
        "an unproven application is given a role and a consent",
        lambda made: unpin(made, "none"),
        [(3, "Web", "nothing proves that it is web"), (3, "Web", "nothing proves that it is web")],
    ),
    (
        "the plan claims a pin that the lock file does not have",
        lambda made: unpin(made, "pin"),
        [(3, "web", "the plan claims the proof 'pin', the lock file and the tenant give 'none'")],
    ),
    (
        "the plan claims a creator that is not a deployer",
        lambda made: unpin(made, "creator"),
        [(3, "web", "the plan claims the proof 'creator'")],
    ),
    (
        "the unique name is that of another key of the plan",
        lambda made: name_by_deployer(made, "p.prod.api"),
        [(3, "web", "the plan claims the proof 'creator'")],
    ),
    (
        "an application that the lock file rejects",
        lambda made: setattr(made, "lock", f"{made.lock}rejected:\n  - {world.APP_IDS[world.WEB]}\n"),
        [(3, "Web", "the lock file rejects it"), (3, "Web", "the lock file rejects it")],
    ),
    (
        "what the plan withholds is given",
        lambda made: made.plan["keys"][1].update(withheld=True),
        [(3, "Web", "the plan withholds grants"), (3, "Web", "the plan withholds grants")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("variant", "expected"), [row[1:] for row in VIOLATED], ids=[row[0] for row in VIOLATED]
)
def test_a_broken_rule_is_violated(
    variant: Change, expected: list[tuple[int, str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 1, and each violation names who, what and the rule."""
    made = Documents()
    variant(made)
    code, found = check(made, tmp_path, capsys)
    violated = [one[1:] for one in found if one[0] == "violated"]
    assert code == 1
    assert len(violated) == len(expected), violated
    for (rule, who, what), (found_rule, found_who, found_what) in zip(expected, violated, strict=True):
        assert (found_rule, found_who.startswith(who), what in found_what) == (rule, True, True), violated


UNEXPLAINED: list[tuple[str, Change, list[tuple[int, str, str]]]] = [
    ("an extra assignment", lambda made: give(made, world.EVE), [(1, "eve@a.org", "was given role Reader")]),
    (
        "an extra assignment to an application",
        lambda made: give(made, world.OTHER_SP, "ServicePrincipal"),
        [(1, "Other", "was given role Reader of API")],
    ),
    (
        "the unique name is that of a former key, which no reader of the plan knows",
        lambda made: name_by_deployer(made, "p.prod.site"),
        [(3, "Web", "nothing proves that it is web")] * 2 + [(3, "web", "give 'former key'")],
    ),
    ("an extra consent", lambda made: give_to_other(made, by_plan=False), [(1, "Other", "was given consent to read")]),
    (
        "a role by membership of a group",
        lambda made: made.items("members").append(world.member(world.EVE)),
        [(1, "eve@a.org", "joined group Writers")],
    ),
    (
        "a member left, so a listed gain is not there",
        lambda made: made.items("members").pop(0),
        [(1, "ann@a.org", "left group Writers"), (1, "ann@a.org", "listed to gain")],
    ),
    (
        "an authorized client",
        lambda made: made.items("applications")[0]["api"].update(
            preAuthorizedApplications=[
                {"appId": world.APP_IDS[world.OTHER], "delegatedPermissionIds": [world.SCOPE]}
            ]
        ),
        [(2, "API", "registration changed: api.preAuthorizedApplications")],
    ),
    ("a secret on ours", lambda made: add_secret(made, 1), [(2, "Web", "registration changed: passwordCredentials")]),
    ("a secret on others", lambda made: add_secret(made, 2), [(2, "Other", "registration changed: passwordC")]),
    (
        "an owner",
        lambda made: made.items("owners").append(world.member(world.EVE, world.API)),
        [(2, "API", "owner eve@a.org added")],
    ),
    (
        "a federated credential",
        lambda made: made.items("federatedCredentials").append(
            {"of": world.WEB, "id": world.guid(7), "name": "ci", "issuer": "https://i", "subject": "s"}
        ),
        [(2, "Web", "federated credential ci added")],
    ),
    ("an application of others is renamed", lambda made: rename(made, 2, "Bad\x1b[31m"), [(2, "Bad\\u001b[31m", "cha")]),
    (
        "a redirect URI that no step adds",
        lambda made: made.items("applications")[1]["web"]["redirectUris"].append("https://evil.example/"),
        [(2, "Web", "registration changed: web.redirectUris")],
    ),
    (
        "a created application has more than its step says",
        lambda made: create(made, uris=("https://evil.example/",)),
        [(2, "New", "registration changed: web.redirectUris")],
    ),
    (
        "a created application is not a deployer's",
        lambda made: create(made, creator=world.guid(98)),
        [(3, "New", "is not a pinned deployer")],
    ),
    (
        "an application whose pin is in the manifest",
        lambda made: unpin(made, "manifest"),
        [(3, "Web", "Run: entra-config lock"), (3, "Web", "Run: entra-config lock")],
    ),
    (
        "a client with a secret that nobody accepted",
        lambda made: add_secret(made, 1, before=True),
        [(3, "Web", "does not accept its secret"), (3, "Web", "does not accept its secret")],
    ),
    (
        "a client with an owner whom nobody accepted",
        lambda made: made.both("owners", world.member(world.EVE, world.WEB)),
        [(3, "Web", "does not accept its owner eve@a.org"), (3, "Web", "does not accept its owner eve@a.org")],
    ),
    (
        "a name that is pinned to another group",
        lambda made: setattr(made, "lock", made.lock.replace(f"Writers: {world.GROUP}", f"Writers: {world.EVE}")),
        [(3, "Writers", "but the lock file pins this name to")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("variant", "expected"), [row[1:] for row in UNEXPLAINED], ids=[row[0] for row in UNEXPLAINED]
)
def test_what_no_step_explains_is_unexplained(
    variant: Change, expected: list[tuple[int, str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 2, and there is no other finding."""
    made = Documents()
    variant(made)
    code, found = check(made, tmp_path, capsys)
    assert code == 2, found
    assert len(found) == len(expected), found
    for (rule, who, what), (_, found_rule, found_who, found_what) in zip(expected, found, strict=True):
        assert (found_rule, found_who.startswith(who), what in found_what) == (rule, True, True), found


def test_a_blocked_plan_explains_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing may have changed if a plan was refused."""
    made = Documents()
    made.plan["blocked"] = True
    code, found = check(made, tmp_path, capsys)
    assert (code, len(found)) == (2, 5)
    assert entra_verify.main(made.write(tmp_path)) == 2
