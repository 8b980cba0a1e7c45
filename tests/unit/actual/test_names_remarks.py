"""What is said of names: who is missing, not pinned, or of another type; and who reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.actual import names
from entra_config.errors import Problem
from entra_config.graph.token import Identity
from entra_config.kinds.directory import Directory, Principal
from entra_config.manifest.model import EnterpriseApplication, Given, Manifest, Named
from entra_config.phrase import without_names
from entra_config.plan.model import Notice, Refusal
from tests.unit.actual.named import (
    APP,
    GROUP,
    HERE,
    HR,
    LI,
    LI_BODY,
    SP,
    USER,
    declared,
    read,
)

HERE_AS = " of this tenant, but is declared as"
HOLDER = Given(Named("HR", "x", HERE), "Microsoft Graph")


@pytest.mark.parametrize(
    ("manifest", "found", "message"),
    [
        (declared(users=(Named("HR", "x", HERE),)), replace(HR, id="x"), f"`HR` is a group{HERE_AS} a user"),
        (
            declared(groups=(Named("HR", "x", HERE),)),
            replace(LI, id="x"),
            f"`HR` ('li@x') is a user{HERE_AS} a group",
        ),
        (
            declared(users=(Named("HR", "x", HERE),)),
            replace(APP, id="x"),
            f"`HR` is an application{HERE_AS} a user",
        ),
        (
            declared(apps=(Named("HR", "x", HERE),)),
            replace(HR, id="x"),
            f"`HR` is a group{HERE_AS} an application",
        ),
        (declared(grants=(HOLDER,)), replace(HR, id="x"), f"`HR` is a group{HERE_AS} an application"),
        (
            declared(grants=(HOLDER,)),
            Principal("x", "HR", "device"),
            f"`HR` is a device{HERE_AS} an application",
        ),
        (declared(groups=(Named("HR", "x"),)), replace(HR, id="x"), None),
        (declared(groups=(Named("HR", "x"),)), None, None),
    ],
)
def test_an_id_of_another_type_than_its_list_is_a_mistake(
    manifest: Manifest, found: Principal | None, message: str | None
) -> None:
    """It would be told as that; what is not there is told elsewhere."""
    places = {(type_, "x"): found for type_ in (USER, GROUP, SP)} if found else {}
    assert list(names.mistaken(manifest, places)) == ([Problem(HERE, message)] if message else [])


def test_a_name_alone_of_another_type_is_a_mistake_too() -> None:
    """The name leads to the object where there is no id."""
    (problem,) = names.mistaken(declared(users=(Named("HR"),)), {(USER, "HR"): HR})
    assert problem.message == f"`HR` is a group{HERE_AS} a user"


def test_only_users_that_no_list_shows_are_confirmed_by_key() -> None:
    """Those named without an id and not found; deployers and owners that are users, too."""
    manifest = declared(
        users=(Named("li@x"), Named("no@x"), Named("id@x", "1")),
        groups=(Named("HR"),),
        deployers=(Named("ci@x"),),
    )
    assert names.missing_users(manifest, read(bearers={(USER, "li@x"): [LI_BODY]})) == {"no@x", "ci@x"}


UNPINNED = " is not pinned: in a protected environment anyone who takes that name would get its access; run "
RUN = "`entra-config lock -e prod`"


def unpinned(name: str) -> Refusal:
    """Return what is refused of a name without an id."""
    return Refusal("", f"'{name}'{UNPINNED}{RUN}", None, HERE)


NO_GROUP = "group 'HR' does not exist: everything that needs it is skipped"
NO_CLIENT = "the fleet's client a1 has no service principal here: an administrator consents first"
NO_DEPLOYERS = (
    "this protected environment names no `deployers`: only pinned applications are known to be ours; "
    "name the service principal that applies here"
)


def missing(message: str, absent: str = "") -> Refusal:
    """Return what is left out of a name that nobody bears."""
    return Refusal("", message, None, HERE, blocks=False, absent=absent)


def at(name: str, id_: str | None = None, **more: Any) -> Named:
    """Make a name with its place."""
    return Named(name, id_, HERE, **more)


@pytest.mark.parametrize(
    ("manifest", "found", "notices", "refusals"),
    [
        pytest.param(declared(users=(at("li@x"),)), {(USER, "li@x"): LI}, [], [], id="there"),
        pytest.param(
            declared(users=(at("li@x"), at("li@x"))),
            {},
            [Notice("user 'li@x' does not exist: skipped", None, HERE)],
            [],
            id="no user, told once",
        ),
        pytest.param(
            declared(users=(at("li@x", "u"),)),
            {},
            [Notice("user 'li@x' (u) does not exist: skipped", None, HERE)],
            [],
            id="no user of an id",
        ),
        pytest.param(
            declared(users=(at("u", "u"),)),
            {},
            [Notice("user 'u' does not exist: skipped", None, HERE)],
            [],
            id="id alone",
        ),
        pytest.param(
            declared(groups=(at("HR"), at("HR"))), {}, [], [missing(NO_GROUP, "HR")], id="no group, once"
        ),
        pytest.param(declared(deployers=(at("HR"),)), {}, [], [missing(NO_GROUP, "HR")], id="no deployer"),
        pytest.param(
            declared(deployers=(at("HR"),)), {(SP, "HR"): APP}, [], [], id="a deployer of the second type"
        ),
        pytest.param(
            declared(deployers=(at("a1", by_app_id=True),)), {}, [], [missing(NO_CLIENT)], id="no client"
        ),
        pytest.param(
            declared(protected=True, deployers=(at("a1", by_app_id=True),)),
            {("appId", "a1"): APP},
            [],
            [],
            id="pins itself",
        ),
        pytest.param(
            declared(
                protected=True,
                deployers=(),
                groups=(at("HR"), replace(at("HR"), position=None), at("Audit", "a"), at("B")),
            ),
            {(GROUP, name): HR for name in ("HR", "a", "B")},
            [],
            [unpinned("HR"), unpinned("B")],
            id="unpinned, each once, in order",
        ),
        pytest.param(declared(protected=True), {}, [Notice(NO_DEPLOYERS)], [], id="no deployers"),
        pytest.param(declared(), {}, [], [], id="not protected"),
        pytest.param(
            declared(
                protected=True,
                deployers=(),
                enterprise_applications={
                    "hr": EnterpriseApplication("hr", named=at("HR")),
                    "id": EnterpriseApplication("id", named=at("I", "i")),
                    "app": EnterpriseApplication("app", named=at("P"), app_id="a"),
                    "key": EnterpriseApplication("key"),
                },
            ),
            {},
            [],
            [unpinned("HR")],
            id="unpinned application of others",
        ),
        pytest.param(
            declared(enterprise_applications={"hr": EnterpriseApplication("hr", named=at("HR"))}),
            {},
            [],
            [],
            id="of others, not protected",
        ),
    ],
)
def test_what_is_said_of_names(
    manifest: Manifest, found: names.Principals, notices: list[Notice], refusals: list[Refusal]
) -> None:
    """Users who are gone are skipped, others left out; protection wants every name pinned."""
    reported = names.remarks(manifest, found)
    assert reported == (notices, refusals)
    assert [each.absent for each in reported[1]] == [each.absent for each in refusals]


def test_users_are_left_out_where_names_are() -> None:
    """A name with an @ is a person's."""
    manifest = declared(protected=True, deployers=(), users=(at("li@x"), at("bo@x", "b")))
    notices, refusals = names.remarks(manifest, {(USER, "li@x"): LI})
    assert [without_names(each) for each in (notices[0].message, refusals[0].message)] == [
        "a user (b…) does not exist: skipped",
        f"a user{UNPINNED}{RUN}",
    ]
    _, (refusal,) = names.remarks(
        declared(protected=True, deployers=(), groups=(at("HR"),)), {(GROUP, "HR"): HR}
    )
    assert without_names(refusal.message) == f"'HR'{UNPINNED}{RUN}"


@pytest.mark.parametrize(
    ("name", "known", "reader"),
    [
        ("li", {"o": "Object", "a": "App"}, "li"),
        ("", {"o": "Object", "a": "App"}, "Object"),
        ("", {"a": "App"}, "App"),
        ("", {"o": "", "a": "App"}, "App"),
        ("", {}, "a"),
    ],
)
def test_who_reads_is_called_by_the_best_name(name: str, known: dict[str, str], reader: str) -> None:
    """By the token's name, else by the tenant's, else by the client."""
    who = Identity("t", "o", "a", name=name)
    assert names.reader(who, Directory("", names=known)) == reader
    assert names.reader(replace(who, app_id="", name=""), Directory("")) == "o"
