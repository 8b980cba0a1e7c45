"""What `doctor --pipeline` says of one thing each: the job, consents, identities as declared, and GitHub."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config import reconcile
from entra_config.bootstrap import checking, gh, github_hub, standing
from entra_config.bootstrap.gh import Gh
from entra_config.bootstrap.github import ISSUER
from entra_config.checks.examination import Examination
from entra_config.errors import GraphError, UsageError
from entra_config.plan.model import Plan, TenantInfo
from tests.unit.report.plans import TENANT, worked_example

NOW = datetime(2026, 11, 25, tzinfo=UTC)
GOOD = Examination("good", "x", "x")
NAMES = ("AZURE_FEDERATED_TOKEN_FILE", "AZURE_CLIENT_ID", "AZURE_TENANT_ID")


def pipeline(*issuers: str, **pinned: str) -> Any:
    """Return a pipeline of identities, each trusted by an issuer."""
    ways = {
        str(place): SimpleNamespace(issuer=each, subject=f"s{place}") for place, each in enumerate(issuers)
    }
    reader = SimpleNamespace(federated_credentials=ways, api_permissions={}, settings={})
    writer = SimpleNamespace(federated_credentials={}, api_permissions={}, settings={})
    return SimpleNamespace(
        tenant_id=TENANT, pinned=pinned, applications={"reader": reader, "writer-dev": writer}
    )


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sit interactively: no job has given anything."""
    for name in (*NAMES, "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("ways", "issuers"), [((), set()), ((ISSUER, ISSUER), {ISSUER}), ((ISSUER, "x"), {ISSUER, "x"})]
)
def test_who_signs_the_tokens(ways: tuple[str, ...], issuers: set[str]) -> None:
    """Each issuer once."""
    assert checking._issuers(pipeline(*ways)) == issuers


def token(sub: str) -> str:
    """Return a token that says of the job what it is."""
    part = base64.urlsafe_b64encode(json.dumps({"sub": sub}).encode()).decode().rstrip("=")
    return f"x.{part}.x\n"


KNOWN = "reader is r1, writer-dev is w1"


@pytest.mark.parametrize(
    ("client", "tenant", "sub", "pinned", "expected"),
    [
        ("r1", TENANT, "", True, []),
        ("", "", "", True, []),
        ("r1", "t", "", True, [f"variable: the job signs in to tenant t, expected {TENANT}"]),
        (
            "x",
            "",
            "",
            True,
            [f"variable: the job signs in as x, which is no identity of the pipeline: {KNOWN}"],
        ),
        (
            "x",
            "",
            "",
            False,
            ["variable: the job signs in as x, which is no identity of the pipeline: none is pinned yet"],
        ),
        ("w1", "", "job", True, ["subject: job writer-dev"]),
        ("", "", "job", True, ["subject: job reader"]),
        ("x", "", "job", False, [
            "variable: the job signs in as x, which is no identity of the pipeline: none is pinned yet",
            "subject: job reader",
        ]),
    ],
)  # fmt: skip
def test_what_a_job_was_given(  # noqa: PLR0917  # the columns of a table
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    client: str,
    tenant: str,
    sub: str,
    pinned: bool,
    expected: list[str],
) -> None:
    """Its tenant, its identity and its own subject; without an identity it reads."""
    file = tmp_path / "token"
    file.write_text(token(sub))
    for name, value in zip(NAMES, (str(file), client, tenant), strict=True):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(
        standing, "subject", lambda said, key, _: Examination("good", "subject", f"{said} {key}")
    )
    ids = {"reader": "r1", "writer-dev": "w1"} if pinned else {}
    assert [f"{each.what}: {each.text}" for each in checking._job(pipeline(**ids))] == expected
    assert all(each.state == "bad" for each in checking._job(pipeline(**ids)) if each.what == "variable")
    file.unlink()
    assert not any(each.what == "subject" for each in checking._job(pipeline(**ids)))
    monkeypatch.delenv(NAMES[0])
    assert list(checking._job(pipeline(**ids))) == []


@pytest.mark.parametrize(
    ("pinned", "held", "unread", "expected"),
    [
        ({"reader": "r1", "writer-dev": "w1"}, {"reader": frozenset({"a"})}, "", [
            "reader frozenset({'a'}) looked at", "writer-dev None looked at"]),
        ({"reader": "r1"}, {}, "", [
            "reader None looked at",
            "writer-dev is not pinned: apply the pipeline, and commit its lock file"]),
        ({"reader": "r1", "writer-dev": "w1"}, {"reader": frozenset({"a"})}, "no", [
            "reader frozenset({'a'}) looked at", "what writer-dev may do was not read: no"]),
    ],
)  # fmt: skip
def test_what_each_identity_may(
    monkeypatch: pytest.MonkeyPatch, pinned: dict[str, str], held: Any, unread: str, expected: list[str]
) -> None:
    """Beside what it requests; where nobody could look it is said why."""
    monkeypatch.setattr(standing, "consent", lambda key, name, wanted, held: Examination(
        "good", key, f"{name} {held} looked at{''.join(wanted)}"))  # fmt: skip
    found = list(checking._consents(pipeline(**pinned), held, unread))
    assert [each.text for each in found] == expected
    assert [each.what for each in found] == ["reader", "writer-dev"]
    assert [each.state for each in found] == ["good" if "looked at" in each else "bad" for each in expected]


def test_identities_are_as_declared_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """With which are not, and who signs in as one that is not declared."""
    warned: Any = [
        SimpleNamespace(message="a secret", watched=(1,)),
        SimpleNamespace(message="late", watched=()),
    ]
    nothing = Plan("pipeline", "prod", TenantInfo(TENANT, "contoso"), (), (), warnings=tuple(warned))
    plans: list[Any] = [nothing, worked_example()]

    async def plan(*_: Any, **__: Any) -> Plan:
        if not plans:
            raise GraphError("no right", advice="ask somebody")
        found: Plan = plans.pop(0)
        return found

    monkeypatch.setattr(reconcile, "plan", plan)
    graph: Any = None
    assert asyncio.run(checking._as_declared(graph, pipeline(), NOW)) == [
        Examination("good", "identities", "are as declared"),
        Examination("bad", "identities", "a secret"),
        Examination("note", "identities", "late"),
    ]
    (changed,) = asyncio.run(checking._as_declared(graph, pipeline(), NOW))
    head = (
        "not as declared, `entra-config plan -f pipeline` says how: application.api, appRoleAssignment.api/"
    )
    assert (changed.state, changed.text.startswith(head)) == ("bad", True)
    words = "not compared with what is declared: no right ask somebody"
    assert asyncio.run(checking._as_declared(graph, pipeline(), NOW)) == [
        Examination("note", "identities", words)
    ]


def test_what_graph_advises_is_said() -> None:
    """Of others the error alone."""
    assert checking._advised(GraphError("no", advice="ask")) == "no ask"
    assert checking._advised(GraphError("no")) == "no"
    assert checking._advised(UsageError("no")) == "no"


def test_github_is_looked_at_where_somebody_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """The repository of the job, else of the checkout; what stands in the way is a note."""
    calls: list[Any] = []

    def state(tool: Gh, name: str, environments: list[str]) -> str:
        calls.append((tool, name, environments))
        if name == "e/broken":
            raise UsageError("no network")
        return "state"

    def repository(*given: Any, pins: bool) -> list[Examination]:
        calls.append((*given, pins))
        return [GOOD]

    monkeypatch.setattr(gh, "found", lambda: None)
    words = "`gh` is not there, or not signed in: environments and variables were not looked at"
    assert list(checking._github(["dev"], pipeline())) == [Examination("note", "GitHub", words)]
    monkeypatch.setattr(gh, "found", lambda: Gh("gh"))
    monkeypatch.setattr(gh, "state", state)
    monkeypatch.setattr(github_hub, "remote", lambda _: "e/checkout")
    monkeypatch.setattr(standing, "repository", repository)
    monkeypatch.setattr(
        "entra_config.bootstrap.github_called.is_called", lambda subjects: list(subjects) == ["s0"]
    )
    assert list(checking._github(["dev"], pipeline(ISSUER, reader="r1"))) == [GOOD]
    monkeypatch.setenv("GITHUB_REPOSITORY", "e/job")
    assert list(checking._github(["dev"], pipeline(ISSUER, ISSUER))) == [GOOD]
    assert calls == [
        (Gh("gh"), "e/checkout", ["dev"]),
        ("state", ["dev"], TENANT, {"reader": "r1"}, False),
        (Gh("gh"), "e/job", ["dev"]),
        ("state", ["dev"], TENANT, {}, True),
    ]
    monkeypatch.setenv("GITHUB_REPOSITORY", "e/broken")
    note = Examination("note", "GitHub", "not looked at: no network")
    assert list(checking._github(["dev"], pipeline())) == [note]
