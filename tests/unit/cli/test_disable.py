"""`disable` and `enable`: one command disables an application in the emulator, the other enables it again."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from entra_config.report import schemas
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.signing_in import IssuedToken, SigningIn, SignInRefused
from tests.unit.cli.ran import Run

APPLY = ("apply", "-e", "dev", "--auto-approve")
STOP, GO_ON = ("disable", "-e", "dev", "--auto-approve"), ("enable", "-e", "dev", "--auto-approve")


@pytest.fixture
def applied(run: Run) -> Run:
    """Apply the worked example to dev."""
    assert run(*APPLY).code == 0
    return run


def row(tenant: Embedded, key: str) -> dict[str, object]:
    """Return the registration of one of ours in dev."""
    rows = tenant.directory.default.applications
    return next(
        row for row in rows if {"entra-config:owner=myapp/dev", f"entra-config:key={key}"} <= set(row["tags"])
    )


def declare(name: str, text: str) -> None:
    """Let the example have one more file."""
    root = Path("manifests/entra-config.yaml")
    root.write_text(root.read_text().replace("files:", f"files:\n  - path: {name}", 1))
    (root.parent / name).write_text(f"{text}\n")


def asks(tenant: Embedded, client: str, api: str) -> object:
    """Ask for a token as the client itself; return what its roles are, or the number of the refusal."""
    entry = SigningIn.of(tenant.directory)
    response = entry.application(str(row(tenant, client)["appId"]), str(row(tenant, api)["appId"]))
    return (
        response.code
        if isinstance(response, SignInRefused)
        else set(response.roles)
        if isinstance(response, IssuedToken)
        else None
    )


def test_one_command_refuses_sign_ins_and_the_other_lets_them_in_again(
    applied: Run, tenant: Embedded
) -> None:
    """As a client it is refused by 7000112, as an API by 500014; both switches are written, and written
    back.
    """
    assert asks(tenant, "nightly", "api") == {"Writer"}
    ran = applied(*STOP, "nightly")
    assert ran.code == 0
    assert "disabled" in ran.out
    assert row(tenant, "nightly")["isDisabled"] is True
    assert asks(tenant, "nightly", "api") == 7000112
    assert applied(*STOP, "api").code == 0
    assert applied(*GO_ON, "nightly").code == 0
    assert asks(tenant, "nightly", "api") == 500014
    assert applied(*GO_ON, "api").code == 0
    assert asks(tenant, "nightly", "api") == {"Writer"}
    again = applied(*GO_ON, "api", "--format", "json")
    document = json.loads(again.out)
    jsonschema.Draft202012Validator(schemas.build("switched")).validate(document)
    assert (again.code, {each["state"] for each in document["switches"]}) == (0, {"unchanged"})
    assert document["application"]["key"] == "api"


def test_the_registration_alone_is_told_too(applied: Run, tenant: Embedded) -> None:
    """Plan, drift and access know what sign-in does where only the registration is switched off."""
    there = row(tenant, "nightly")
    tenant.directory.default.applications.put({**there, "isDisabled": True})
    assert asks(tenant, "nightly", "api") == 7000112
    planned = applied("plan", "-e", "dev")
    assert (planned.code, "the registration of nightly is disabled" in planned.out) == (0, True), planned
    drifted = applied("drift", "-e", "dev")
    assert (drifted.code, "isDisabled: true added to nightly" in drifted.out) == (2, True), drifted
    assert "disabled: gets no token" in applied("access", "-e", "dev").out
    assert applied(*GO_ON, "nightly").code == 0
    assert asks(tenant, "nightly", "api") == {"Writer"}
    assert "is disabled" not in applied("plan", "-e", "dev").out
    assert applied("drift", "-e", "dev").code == 0


def test_a_plan_leaves_it_stopped_and_says_so(applied: Run, tenant: Embedded) -> None:
    """What the manifest does not say is not undone; plan and drift tell it, until the manifest says that
    it is meant.
    """
    applied(*STOP, "nightly")
    planned = applied("plan", "-e", "dev", "--detailed-exitcode")
    assert planned.code == 0
    assert "nightly is disabled" in planned.out + planned.err
    drifted = applied("drift", "-e", "dev")
    assert drifted.code == 2
    assert "accountEnabled: false added to nightly" in drifted.out
    assert applied(*APPLY).code == 0
    assert asks(tenant, "nightly", "api") == 7000112
    path = Path("manifests/applications/clients.yaml")
    path.write_text(
        path.read_text().replace(
            "  nightly:\n", "  nightly:\n    enterpriseApplication: { enabled: false }\n", 1
        )
    )
    assert "is disabled" not in applied("plan", "-e", "dev").out
    refused = applied(*GO_ON, "nightly")
    assert refused.code == 3
    assert "the manifest says that nightly is disabled" in refused.err
    path.write_text(path.read_text().replace("enabled: false", "enabled: true"))
    ran = applied(*STOP, "nightly")
    assert ran.code == 0
    assert "the manifest says otherwise, and the next apply follows it" in ran.err


def test_what_nobody_knows_to_be_it_is_not_stopped_and_the_reason_is_of_it_alone(
    applied: Run, tenant: Embedded
) -> None:
    """Two of one name: which one is meant is the reason; that the same is so of another key is none."""
    tables = tenant.directory.default
    for number, name in enumerate(("HR", "HR", "Pay", "Pay")):
        app = seed.add_application(tables, name, app_id=f"5c1b2f7e-0000-4000-8000-{number:012}")
        seed.add_service_principal(tables, app)
    declare("others.yaml", "enterpriseApplications: { hr: HR, pay: Pay }")
    ran = applied(*STOP, "hr")
    assert ran.code == 1
    assert "hr: this tenant has no application that is known to be it: the tenant has several" in ran.err
    assert "give the id" in ran.err
    assert "Pay" not in ran.err


def test_an_application_of_others_is_stopped_in_this_tenant_alone(applied: Run, tenant: Embedded) -> None:
    """Its registration is nobody's here: only its enterprise application is switched."""
    tables = tenant.directory.default
    app = seed.add_application(tables, "HR")
    seed.add_service_principal(tables, app)
    declare("hr.yaml", "enterpriseApplications: { hr: HR }")
    assert applied(*STOP, "hr").code == 0
    principal = tables.service_principal_by_app_id(app["appId"])
    assert principal is not None
    assert principal["accountEnabled"] is False
    assert not tables.application_by_app_id(app["appId"])["isDisabled"]


def test_what_is_wrong_elsewhere_is_no_reason_to_let_it_go_on(applied: Run, tenant: Embedded) -> None:
    """Two groups of one name stop a plan, and not this."""
    seed.add_group(tenant.directory.default, "MyApp Writers", row_id="0aaaaaaa-0000-4000-8000-00000000000f")
    root = Path("manifests/entra-config.dev.lock.yaml")
    root.unlink()
    assert applied("plan", "-e", "dev").code == 1
    assert applied(*STOP, "nightly").code == 0
    assert row(tenant, "nightly")["isDisabled"] is True


def test_a_wrong_key_and_the_deployer_itself_are_refused(applied: Run, tenant: Embedded) -> None:
    """A key that there is not is an error with near misses; whoever applies does not stop itself."""
    wrong = applied(*STOP, "nightli")
    assert wrong.code == 1
    assert "nightly" in wrong.err
    assert applied("disable", "-e", "dev", "nightly").code == 1
    declare("me.yaml", "enterpriseApplications: { me: Emulator deployer }")
    refused = applied(*STOP, "me")
    assert refused.code == 3
    assert "does not stop itself" in refused.err


@pytest.mark.parametrize(("words", "disabled"), [(STOP, True), (GO_ON, False)])
def test_only_its_key_stops_an_application(
    applied: Run, tenant: Embedded, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], *, disabled: bool
) -> None:
    """At a terminal the command asks for the key; without it nothing is changed."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    tenant.directory.default.applications.put({**row(tenant, "nightly"), "isDisabled": not disabled})
    for answer, code in (("yes", 1), ("nightly", 0)):
        monkeypatch.setattr("builtins.input", lambda answer=answer: answer)
        ran = applied(*words[:-1], "nightly")
        assert f"This {words[0]}s nightly of myapp/dev, 'MyApp Nightly (dev)' (appId " in ran.err
        assert (ran.code, "nothing was changed" in ran.err) == (code, bool(code))
        assert row(tenant, "nightly")["isDisabled"] is (disabled if not code else not disabled)


@pytest.mark.parametrize("collection", ["applications", "servicePrincipals"])
def test_a_switch_that_is_refused_is_told_and_stops_no_other(
    applied: Run, tenant: Embedded, collection: str
) -> None:
    """Exit code 1, with Graph's words; the other switch is written all the same."""
    rule = {"action": "respond", "method": "PATCH", "path": f"/{collection}/", "times": None, "status": 403}
    tenant.app.faults.set(
        FaultPlan.from_data(
            {"rules": [rule | {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}]}
        )
    )
    ran = applied(*STOP, "nightly")
    assert ran.code == 1
    assert "not all of it is disabled" in ran.out
    assert "Insufficient privileges" in ran.out
    assert asks(tenant, "nightly", "api") == 7000112
