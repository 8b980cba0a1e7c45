"""What this tool manages in a tenant, by owner, in a terminal's words and as JSON."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import list_, wiring
from entra_config.cli.main import main
from entra_config.cli.options import Common
from tests.unit.cli.ran import Run, without_variables

ROWS = [
    SimpleNamespace(owner=owner, key=key, display_name=name, app_id=f"a-{key}", id=f"o-{key}", created=None)
    for owner, key, name in (
        ("myapp/dev", "api", "API"),
        ("myapp/dev", "", "Lost"),
        ("shop/prod", "web", "Web"),
    )
]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let the tenant own some; collect what is asked."""
    without_variables(monkeypatch)
    found: list[Any] = []

    @asynccontextmanager
    async def graph(_: Common, tenant_id: str | None) -> AsyncIterator[str]:
        yield f"graph of {tenant_id}"

    async def read(graph: str, owner: str) -> list[Any]:
        found.append((graph, owner))
        return [] if owner == "nobody/dev" else ROWS

    monkeypatch.setattr(wiring, "graph", graph)
    monkeypatch.setattr(wiring, "manifest", lambda _: SimpleNamespace(tenant_id="t"))
    monkeypatch.setattr("entra_config.actual.managed.read_managed", read)
    return found


def test_each_owner_has_its_applications_below_it(
    calls: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """With how many there are; without -e it is whatever tenant is signed in to."""
    assert main(["list"]) == 0
    assert capsys.readouterr().out == (
        "myapp/dev  2 applications\n"
        f"  {'api':20}{'a-api':38}API\n"
        f"  {'(no key)':20}{'a-':38}Lost\n"
        "shop/prod  1 application\n"
        f"  {'web':20}{'a-web':38}Web\n"
    )
    assert main(["list", "-e", "dev", "--owner", "myapp/dev"]) == 0
    assert calls == [("graph of None", ""), ("graph of t", "myapp/dev")]


def test_json_has_each_property(calls: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    """As Graph calls them."""
    assert main(["list", "--format", "json"]) == 0
    out = capsys.readouterr().out
    found = json.loads(out)
    assert (found["version"], found["kind"], len(found["applications"])) == (2, "list", 3)
    assert found["applications"][0] == {
        "owner": "myapp/dev", "key": "api", "displayName": "API", "appId": "a-api", "id": "o-api",
        "createdDateTime": None,
    }  # fmt: skip
    assert out.startswith('{\n  "version": 2,')
    assert calls == [("graph of None", "")]


def test_nothing_is_a_sentence(calls: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Of one owner, or of all."""
    assert main(["list", "--owner", "nobody/dev"]) == 0
    assert capsys.readouterr().out == "Nothing in this tenant has the ownership tags of nobody/dev.\n"
    assert list_._lines([], "")[0].spans == (("Nothing in this tenant has ownership tags of this tool.", ""),)
    assert calls == [("graph of None", "nobody/dev")]


def test_list_shows_applications_by_owner(run: Run) -> None:
    """All owners of the tenant, or one of them."""
    assert run("list").out == "Nothing in this tenant has ownership tags of this tool.\n"
    run("apply", "-e", "dev", "--auto-approve")
    run("apply", "-e", "prod", "--auto-approve")
    everything = json.loads(run("list", "--format", "json").out)["applications"]
    one = json.loads(run("list", "--format", "json", "--owner", "myapp/prod").out)["applications"]

    assert [(each["owner"], each["key"]) for each in everything][:2] == [
        ("myapp/dev", "api"),
        ("myapp/dev", "devClient"),
    ]
    assert {each["owner"] for each in one} == {"myapp/prod"}
    assert "myapp/dev  5 applications" in run("list").out
    assert (
        run("list", "--owner", "shop/dev").out
        == "Nothing in this tenant has the ownership tags of shop/dev.\n"
    )
