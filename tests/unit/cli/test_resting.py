"""`apply FILE` after an apply of it died: the rest of it where a person says so, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entra_config.cli import carrying
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.deleted import ENVIRONMENTS, STAYS, applied, hand, nightly
from tests.unit.cli.dying import KilledError, kill
from tests.unit.cli.example import APPLY, PLAN, edit
from tests.unit.cli.ran import Run

SAVED = ("apply", "-e", "dev", "plan.json")
JOURNAL = Path("plan.json.journal")


def dying(run: Run, tenant: Embedded, write: int, phase: str = "after") -> None:
    """Save a plan of the worked example, and let its apply die at a write."""
    assert run(*PLAN, "--out", "plan.json").code == 0
    kill(tenant, write, phase)
    with pytest.raises(KilledError):
        run(*SAVED)
    tenant.faults.on_call = None


@pytest.fixture
def died(run: Run, tenant: Embedded) -> Run:
    """Let it die half-way."""
    dying(run, tenant, 4)
    return run


@pytest.fixture
def requested(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Say yes at a terminal; collect what was asked."""
    questions: list[str] = []

    def agreed(question: str, _response: str) -> bool:
        questions.append(question)
        return True

    monkeypatch.setattr(carrying, "agreed", agreed)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    return questions


def test_without_a_terminal_nothing_goes_on(died: Run, tenant: Embedded) -> None:
    """A pipeline plans again; the message says what is left, and how it could be done."""
    before = tenant.directory.dump()
    again = died(*SAVED)

    assert again.code == 1
    assert "moved since this plan was made; nothing was changed" in again.err
    assert "Every change that is left is in it" in again.err.replace("\n", " ")
    assert tenant.directory.dump() == before


def test_the_rest_is_asked_for_and_done(died: Run, requested: list[str]) -> None:
    """The whole of it is shown, with how far the dead one came; then nothing is left, no journal either."""
    again = died(*SAVED)

    assert again.code == 0, again.err
    (question,) = requested
    assert question.startswith("Apply the rest to contoso")
    assert "These changes are left of plan.json:" in again.out
    assert "of 23 steps are known to be done" in " ".join(again.out.split())
    assert "Taken back" not in again.out
    assert not JOURNAL.exists()
    assert died(*PLAN, "--detailed-exitcode").code == 0


def test_after_the_last_write_nothing_is_left(run: Run, tenant: Embedded) -> None:
    """There is nothing to ask for."""
    dying(run, tenant, 6)
    again = run(*SAVED)

    assert again.code == 0
    assert "Nothing is left of plan.json:" in again.out
    assert not JOURNAL.exists()


def test_what_was_taken_back_since_stands_apart(run: Run, tenant: Embedded, requested: list[str]) -> None:
    """A step that the journal has as done, and that is to be done again."""
    dying(run, tenant, 6, "before")
    tables = next(iter(tenant.directory.tenants.values()))
    app = next(row for row in tables.applications if "entra-config:key=nightly" in row["tags"])
    principal = next(row for row in tables.service_principals if row["appId"] == app["appId"])
    created = "enterpriseApplication.nightly/create"
    assert created in {json.loads(line).get("step") for line in JOURNAL.read_text().splitlines()}
    tables.service_principals.remove(principal["id"])

    again = run(*SAVED)

    assert again.code == 0, again.err
    assert f"Taken back since, by somebody else; the rest does it again: {created}" in " ".join(
        again.out.split()
    )


def test_whoever_says_no_keeps_the_journal(
    died: Run, requested: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can be asked again."""
    monkeypatch.setattr(carrying, "agreed", lambda _question, _response: False)
    before = JOURNAL.read_text()

    assert died(*SAVED).code == 1
    assert JOURNAL.read_text() == before


def test_more_than_the_rest_is_no_rest(died: Run, requested: list[str]) -> None:
    """The manifest says something new: the plan moved, as ever."""
    edit("applications/api.yaml", "Changes records.", "Changes and deletes records.")
    again = died(*SAVED)

    assert again.code == 1
    assert "moved since this plan was made" in again.err
    assert "the rest" not in again.err
    assert requested == []


def test_what_ended_whole_has_no_rest(run: Run, tenant: Embedded, requested: list[str]) -> None:
    """What somebody took back after all was done is no rest: nothing died."""
    assert run(*APPLY).code == 0
    edit("applications/api.yaml", "Changes records.", "Changes and deletes records.")
    assert run(*PLAN, "--out", "plan.json").code == 0
    assert run(*SAVED, "--journal", "kept.jsonl").code == 0
    edit("applications/api.yaml", "Changes and deletes records.", "Changes records.")
    assert run(*APPLY).code == 0
    edit("applications/api.yaml", "Changes records.", "Changes and deletes records.")

    assert run(*SAVED, "--journal", "kept.jsonl").code == 0  # the very plan again
    edit("applications/api.yaml", "Changes and deletes records.", "Changes, and deletes, records.")
    assert run(*SAVED, "--journal", "kept.jsonl").code == 1
    assert requested == []
    assert not JOURNAL.exists()
    ends = [line for line in map(json.loads, Path("kept.jsonl").read_text().splitlines()) if "plan" in line]
    assert [line.get("complete") for line in ends] == [None, True, None, True]


def test_a_journal_that_cannot_be_written_stops_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless somebody asked for it; else it is said."""
    assert run(*PLAN, "--out", "plan.json").code == 0
    JOURNAL.mkdir()
    assert run(*SAVED, "--journal", str(JOURNAL)).code == 1
    ran = run(*SAVED)

    assert ran.code == 0
    assert "plan.json.journal: cannot be written" in ran.err


@pytest.mark.parametrize(("environment", "code"), ENVIRONMENTS.items())
@pytest.mark.parametrize("planted", ["owner", "secret of the service principal"])
@pytest.mark.parametrize("terminal", [True, False])
def test_what_is_withheld_after_a_restore_is_reported_with_and_without_a_terminal(
    *,
    terminal: bool,
    planted: str,
    environment: str,
    code: int,
    run: Run,
    tenant: Embedded,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The apply dies between both restores. An owner is known only afterwards, a secret before."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: terminal)
    monkeypatch.setattr(carrying, "agreed", lambda _question, _response: True)
    assert applied(run, environment).code == 0
    app, principal = nightly(tenant, environment)
    path = f"/applications/{app['id']}"
    mallory = seed.fixed_id(seed.CONTOSO, "user", "mallory@contoso.com")
    if planted == "owner":
        link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{mallory}"}
        hand(tenant, "POST", f"{path}/owners/$ref", link)
    else:
        hand(tenant, "POST", f"/servicePrincipals/{principal['id']}/addPassword", {})
    hand(tenant, "DELETE", path)
    allow = ("--allow", "restore")
    saved = ("apply", "-e", environment, "plan.json", *allow)
    assert run("plan", "-e", environment, *allow, "--out", "plan.json").code == 0
    tables = tenant.directory.tenants[seed.CONTOSO]

    def die(_number: int, phase: str, _method: str, _path: str) -> None:
        if phase == "after" and app["id"] in tables.applications:
            raise KilledError

    tenant.faults.on_call = die
    with pytest.raises(KilledError):
        run(*saved)
    tenant.faults.on_call = None
    assert principal["id"] in tables.deleted_items

    for _ in range(2):  # the journal stays, so that it is reported again
        again = run(*saved)
        assert again.code == code, again.err
        assert "Only what is withheld is left of plan.json:" in again.out
        assert STAYS in again.out
        assert "Withheld: 1." in again.err
    if planted == "owner":
        hand(tenant, "DELETE", f"{path}/owners/{mallory}/$ref")
        assert run(*saved).code == (0 if terminal else 1)
        assert JOURNAL.exists() != terminal
