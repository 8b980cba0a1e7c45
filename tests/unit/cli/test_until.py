"""`until` as its users meet it: warned of, planned, applied with the instant of the plan, drifted, shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from entra_config.cli import wiring
from entra_emulator.clock import SystemClock
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run

DEV = ("-e", "dev")
LAST = datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC)
AFTER = datetime(2027, 2, 1, tzinfo=UTC)
NOTE = "until 31 Jan 2027, ends when applied"


class Time:
    """What every command takes for now."""

    def __init__(self) -> None:
        self.now = datetime(2027, 1, 10, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return it."""
        return self.now


class SharedTime(SystemClock):
    """The clock of a tenant: the command line's, moved by an offset."""

    def __init__(self, time: Time) -> None:
        super().__init__()
        self._time = time

    def now(self) -> datetime:
        """Return the time there."""
        return self._time.now + self.offset


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Hold the one clock of the command line."""
    found = Time()
    monkeypatch.setattr(wiring, "now", found)
    return found


@pytest.fixture
def clock(time: Time) -> SharedTime:
    """Return the clock of the tenant."""
    return SharedTime(time)


@pytest.fixture
def tenant(clock: SharedTime) -> Embedded:
    """Make the example directory."""
    return Embedded.create(seed="cli", clock=clock)


@pytest.fixture
def ending(folder: Path) -> Path:
    """Let a user hold a role until the end of January, and others for good."""
    path = folder / "manifests/access.yaml"
    path.write_text(
        "appRoleAssignments:\n  api:\n    Reader:\n"
        "      users: [alice@contoso.com, { name: bob@contoso.com, until: 2027-01-31 }]\n"
    )
    root = folder / "manifests/entra-config.yaml"
    text = root.read_text()
    start, end = text.index("    overrides:"), text.index("  prod:")
    root.write_text(text[:start] + text[end:])
    return path


def holders(tenant: Embedded) -> set[str]:
    """Return who holds a role of the API."""
    tables = tenant.directory.default
    names = {row["id"]: row["userPrincipalName"] for row in tables.users}
    return {names[row["principalId"]] for row in tables.app_role_assignments if row["principalId"] in names}


def test_it_is_held_until_an_apply_after_its_day(
    run: Run, tenant: Embedded, time: Time, ending: Path
) -> None:
    """Told by plan and `access`, warned of two weeks ahead; expired it stays, as a finding of its own, until
    an apply takes it.
    """
    planned = run("plan", *DEV)
    assert NOTE in planned.out
    assert "Warning: user bob@contoso.com holds Reader of api" not in planned.out
    assert run("apply", *DEV, "--auto-approve").code == 0
    assert {"alice@contoso.com", "bob@contoso.com"} <= holders(tenant)
    assert NOTE in run("access", *DEV).out
    rows = json.loads(run("access", *DEV, "--format", "json").out)["holders"]
    assert {row["name"]: row["until"] for row in rows if row["role"] == "Reader"} == {
        "alice@contoso.com": None,
        "bob@contoso.com": "2027-01-31",
    }

    time.now = datetime(2027, 1, 18, tzinfo=UTC)
    warned = run("plan", *DEV)
    assert f"user bob@contoso.com holds Reader of api {NOTE}: in 13 days" in " ".join(warned.out.split())
    assert "manifests/access.yaml:4" in warned.out
    assert "bob" not in run("plan", *DEV, "--format", "markdown").out
    time.now = LAST
    assert ": today" in run("plan", *DEV).out
    assert run("plan", *DEV, "--detailed-exitcode").code == 0

    time.now = AFTER
    drift = run("drift", *DEV)
    assert drift.code == 0
    assert "Expired, not yet removed: 1 (nobody did that, no drift)." in drift.out
    assert "bob@contoso.com" in drift.out
    report = json.loads(run("drift", *DEV, "--format", "json").out)
    assert (report["findings"], report["drifted"]) == ([], False)
    assert [each["until"] for each in report["overdue"]] == ["2027-01-31"]
    for form in ("markdown", "html", "sarif", "github"):
        shown = run("drift", *DEV, "--format", form).out
        assert "not yet removed" in shown, form
        assert ("bob@contoso.com" in shown) is (form in {"html", "sarif"}), form
    assert NOTE in run("access", *DEV).out

    expected = "its last day was 31 Jan 2027 (manifests/access.yaml:4:34)"
    assert expected in " ".join(run("plan", *DEV).out.split())
    assert run("apply", *DEV, "--auto-approve").code == 0
    assert "bob@contoso.com" not in holders(tenant)
    assert "alice@contoso.com" in holders(tenant)
    assert "not yet removed" not in run("drift", *DEV).out
    assert run("plan", *DEV, "--detailed-exitcode").code == 0


@pytest.mark.parametrize("how", ["file", "digest"])
def test_an_apply_across_an_end_is_refused_before_the_first_write(
    run: Run, tenant: Embedded, time: Time, ending: Path, how: str
) -> None:
    """A plan of the last second is applied in it, and not a second later; its instant stands in the file."""
    time.now = LAST
    assert run("plan", *DEV, "--out", "plan.json").code == 0
    saved = json.loads(Path("plan.json").read_text())
    assert saved["at"] == "2027-01-31T23:59:59+00:00"
    before = tenant.directory.dump()
    given = ("plan.json",) if how == "file" else ("--digest", saved["digest"])

    time.now = AFTER
    late = run("apply", *DEV, *given, "--auto-approve")
    assert late.code == 1
    assert "nothing was changed" in late.err
    if how == "file":
        assert "made for 2027-01-31 23:59:59 UTC, and an `until` lies between" in late.err
        assert "bob@contoso.com holds Reader of api until 31 Jan 2027, which was not over then" in late.err
    assert tenant.directory.dump() == before

    time.now = LAST
    assert run("apply", *DEV, *given, "--auto-approve").code == 0
    assert "bob@contoso.com" in holders(tenant)


def test_a_plan_for_another_time_is_made_and_applied_when_it_is_one(
    run: Run, tenant: Embedded, time: Time, ending: Path
) -> None:
    """`--at` plans ahead: what has ended by then goes, and apply refuses it while that lies ahead."""
    assert run("apply", *DEV, "--auto-approve").code == 0
    ahead = run("plan", *DEV, "--at", "2027-02-01", "--out", "plan.json")
    assert "planned for 2027-02-01 00:00:00 UTC, not for now" in " ".join(ahead.out.split())
    assert "its last day was 31 Jan 2027" in " ".join(ahead.out.split())
    early = run("apply", *DEV, "plan.json", "--auto-approve")
    assert early.code == 1
    assert "which is not over yet" in early.err
    assert "bob@contoso.com" in holders(tenant)

    time.now = datetime(2027, 3, 1, tzinfo=UTC)
    assert run("apply", *DEV, "plan.json", "--auto-approve").code == 0
    assert "bob@contoso.com" not in holders(tenant)
    assert run("plan", *DEV, "--at", "soon").code == 1
    back = run("plan", *DEV, "--at", "2027-01-31T23:59:59Z")
    assert NOTE in back.out


def test_a_question_that_waits_across_an_end_changes_nothing(
    run: Run, tenant: Embedded, time: Time, ending: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever says yes after midnight said it to another plan."""
    from entra_config.cli import carrying

    time.now = LAST

    def agreed(_question: str, _response: str) -> bool:
        time.now = AFTER
        return True

    monkeypatch.setattr(carrying, "agreed", agreed)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    before = tenant.directory.dump()
    late = run("apply", *DEV)

    assert late.code == 1
    assert "an `until` lies between" in late.err
    assert tenant.directory.dump() == before


def test_expiries_alone_leave_whatever_else_differs(
    run: Run, tenant: Embedded, time: Time, ending: Path
) -> None:
    """`apply --expired` takes what is over; `many` is never lifted, by no option and no policy."""
    assert run("apply", *DEV, "--auto-approve").code == 0
    time.now = AFTER
    ending.write_text(ending.read_text().replace("[alice@contoso.com,", "[carol@contoso.com,"))
    planned = run("plan", *DEV, "--expired", "--out", "plan.json")
    assert "only what is over by its `until` is taken away" in " ".join(planned.out.split())
    assert "carol" not in planned.out
    # The file knows that it was made with --expired.
    assert run("apply", *DEV, "plan.json", "--auto-approve").code == 0
    assert "bob@contoso.com" not in holders(tenant)
    assert "alice@contoso.com" in holders(tenant)
    assert "carol@contoso.com" not in holders(tenant)
    assert run("plan", *DEV, "--expired", "--detailed-exitcode").code == 0

    ending.write_text("appRoleAssignments: { api: { Reader: { users: [alice@contoso.com] } } }\n")
    assert run("apply", *DEV, "--auto-approve").code == 0
    root = Path("manifests/entra-config.yaml")
    root.write_text(
        root.read_text().replace(
            "  dev:\n",
            "  dev:\n    policy: { allow: [many, last], limits: { maxPeople: 0 } }\n",
            1,
        )
    )
    ending.write_text(
        "appRoleAssignments:\n  api:\n    Reader:\n"
        "      users: [{ name: alice@contoso.com, until: 2027-01-31 }]\n"
    )
    assert run("plan", *DEV, "--detailed-exitcode").code == 2
    refused = run("apply", *DEV, "--expired", "--allow", "many", "--auto-approve")
    assert refused.code == 3
    assert "alice@contoso.com" in holders(tenant)


@pytest.mark.parametrize("command", ["plan", "drift"])
def test_a_comment_that_silences_the_rule_of_lint_silences_the_warning(
    run: Run, time: Time, ending: Path, command: str
) -> None:
    """Two weeks ahead, in a plan and in drift alike."""
    ending.write_text(
        "appRoleAssignments:\n  api:\n    Reader:\n      users:\n"
        "        - { name: bob@contoso.com, until: 2027-01-31 }\n"
    )
    assert run("apply", *DEV, "--auto-approve").code == 0
    time.now = datetime(2027, 1, 18, tzinfo=UTC)
    assert "user bob@contoso.com holds Reader of api" in " ".join(run(command, *DEV).out.split())

    silenced = "until: 2027-01-31 }  # entra-config: ignore[until-over] because Bob leaves then"
    ending.write_text(ending.read_text().replace("until: 2027-01-31 }", silenced))

    assert "bob@contoso.com" not in run(command, *DEV).out


APART = {72.0: "3 days ahead of", 0.1: "6 minutes ahead of", -0.1: "6 minutes behind", -72.0: "3 days behind"}


@pytest.mark.parametrize("hours", APART)
@pytest.mark.parametrize(
    "command",
    [
        "plan -e dev",
        "apply -e dev",
        "apply plan.json -e dev",
        "drift -e dev",
        "credentials -e dev",
        "credentials rotate --due -e dev",
    ],
)
@pytest.mark.usefixtures("ending")
def test_nothing_is_decided_by_a_clock_that_is_wrong(
    run: Run, tenant: Embedded, clock: SharedTime, command: str, hours: float
) -> None:
    """With a clock three days ahead, an apply would take a role away three days too early, and drift would
    name an actor while records may be missing.
    """
    assert run("apply", *DEV, "--auto-approve").code == 0
    assert run("plan", *DEV, "--out", "plan.json").code == 0
    before = holders(tenant)
    clock.offset = timedelta(hours=-hours)

    ran = run(*command.split(), *(["--auto-approve"] if command.startswith("apply") else []))

    assert ran.code == 3
    assert f"the clock of this machine is {APART[hours]} Microsoft Graph's" in ran.err
    assert holders(tenant) == before


@pytest.mark.usefixtures("ending")
def test_clocks_that_are_less_than_five_minutes_apart_are_alike(run: Run, clock: SharedTime) -> None:
    """Entra itself accepts five minutes."""
    clock.offset = timedelta(minutes=4)
    assert run("apply", *DEV, "--auto-approve").code == 0


@pytest.mark.usefixtures("folder")
def test_a_plan_without_dates_does_not_depend_on_the_clock(run: Run, clock: SharedTime) -> None:
    """An apply is refused all the same: it writes dates."""
    clock.offset = timedelta(days=3)
    assert run("plan", *DEV).code == 0
    assert run("apply", *DEV, "--auto-approve").code == 3
