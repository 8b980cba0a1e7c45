"""Ways past a reviewer's eyes, by name: each as it went, and what the plan and its comments show now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from entra_config.plan import file as plan_file
from entra_config.plan.model import Plan
from entra_config.report import markdown, text
from entra_emulator import seed
from tests.oracle.review import estate
from tests.oracle.review.story import ISSUER, ROLE, Story
from tests.workflows import scripts

RUN = "https://github.example/runs/1"


def comments(folder: Path, *plans: Plan) -> list[str]:
    """Return the comments of a pull request with these plans."""
    folder.mkdir()
    for number, plan in enumerate(plans):
        name = ("prod", "dev")[number]
        (folder / f"{name}.md").write_text(markdown.render(plan), encoding="utf-8")
        (folder / f"{name}.json").write_text(plan_file.text(plan), encoding="utf-8")
    found: list[str] = scripts.load("comment").bodies(folder, ["prod", "dev"], RUN)
    return found


def powers(bodies: list[str]) -> list[str]:
    """Return the lines about what gives power, of all comments."""
    return [line.removeprefix("! ") for body in bodies for line in body.splitlines() if line.startswith("! ")]


def test_story_01_what_looks_like_a_mark_is_shown_in_a_creation(story: Story, tmp_path: Path) -> None:
    """A redirect URI `entra-config://evil/cb` and a role `entra-config:Admin` are created, and stand in
    every report.
    """
    phone = {"type": "publicClient", "displayName": "Phone", "redirectUris": ["entra-config://evil/cb"]}
    role = {"value": "entra-config:Admin", **ROLE}
    desk = {"type": "api", "displayName": "Desk", "appRoles": {"Boss": role}}
    story.apps.update({"phone": phone, "desk": desk})
    story.main["appRoleAssignments"] = {"desk": {"Boss": {"users": ["mallory@contoso.com"]}}}
    plan = story.plan()

    for shown in (text.render(plan), "\n".join(comments(tmp_path / "plans", plan))):
        assert "entra-config://evil/cb" in shown
        assert "desk/entra-config:Admin" in shown
        assert "entra-config:owner=shop/dev" not in shown


def test_story_02_a_uri_with_an_at_sign_is_whole_in_the_comment(story: Story, tmp_path: Path) -> None:
    """Nothing is taken for a person by its text: not a URI, not an issuer, not the name of a group; a
    person is by kind.
    """
    uri = "https://evil.example/@app.contoso.com/cb"
    story.apps["web"]["redirectUris"] = [uri]
    story.apps["job"]["federatedCredentials"] = {
        "one": {"issuer": "https://evil.example/a@contoso.com", "subject": "x@contoso.com"}
    }
    seed.add_group(story.tenant.rows, "ops@contoso.com")
    story.main["appRoleAssignments"] = {
        "api": {"Admin": {"groups": ["ops@contoso.com"], "users": ["mallory@contoso.com", "bob@contoso.com"]}}
    }
    found = powers(comments(tmp_path / "plans", story.plan()))

    assert any(uri in line for line in found)
    assert any(
        'issuer "https://evil.example/a@contoso.com", subject "x@contoso.com"' in line for line in found
    )
    assert any('api/Admin ← group "ops@contoso.com"' in line for line in found)
    assert len({line for line in found if "api/Admin ← a user (" in line}) == 2
    assert not any("mallory@" in line or "bob@" in line for line in found)


def test_story_03_what_gives_power_is_not_pushed_out_of_the_comment(story: Story, tmp_path: Path) -> None:
    """Thousands of lines of noise and long labels stand behind an external credential, and what is cut is
    said to be cut.
    """
    for number in range(290):
        story.apps[f"{'quiet' * 8}{number}"] = {"type": "daemon", "displayName": f"{'long ' * 40}{number}"}
    story.apps["job"]["federatedCredentials"] = {
        "evil": {"issuer": ISSUER, "subject": "repo:stranger/evil:ref:refs/heads/main"}
    }
    (body,) = comments(tmp_path / "plans", story.plan())

    assert powers([body]) == [
        (
            f'federated credential  job/evil: issuer "{ISSUER}", subject '
            '"repo:stranger/evil:ref:refs/heads/main", '
            'audiences ["api://AzureADTokenExchange"]'
        ),
        "redirect URI          web (web): https://shop.contoso.com/cb",
    ]
    assert "lines are cut here: the whole is the artifact `plan-prod`" in body
    assert 50_000 < len(body) <= 60_000, "the digests leave the room to the plan"


@pytest.mark.parametrize(
    "char", ["\u200b", "\u00ad", "\ufe0f", "\u3164", "\u2800", "\u00a0", "\U000e0041", "\u115f"]
)
def test_story_04_two_groups_never_print_alike(story: Story, tmp_path: Path, char: str) -> None:
    """What is invisible is spelled out, in the text and in the comment, so that two names are two."""
    for name in ("On call", f"On{char} call"):
        seed.add_group(story.tenant.rows, name, row_id=seed.fixed_id("x", name))
    id_ = seed.fixed_id("x", f"On{char} call")
    story.main["appRoleAssignments"] = {"api": {"Admin": {"groups": [{"name": f"On{char} call", "id": id_}]}}}
    plan = story.plan()

    for shown in (text.render(plan), *comments(tmp_path / "plans", plan)):
        assert f'group "On\\u{{{ord(char):x}}} call"' in shown
        assert char not in shown.replace("\u00a0", char if char == "\u00a0" else "")


def test_story_10_a_pin_to_anothers_id_does_not_pass_silently(story: Story) -> None:
    """`hr` is led to Payroll by the lock file: told with both names, and `policy.consent` for hr gives
    nothing of Payroll.
    """
    for number, name in enumerate(("HR", "Payroll")):
        estate.external(story.tenant.rows, name, str(number))
    story.root["environments"]["dev"]["policy"] = {"consent": {"hr": {"application": ["Read"]}}}
    story.main["enterpriseApplications"] = {"hr": "HR"}
    story.apps["job"]["apiPermissions"] = {"hr": {"application": ["Read"], "adminConsent": True}}
    story.lock["servicePrincipals"] = {"HR": story.row("service_principals", "Payroll")["id"]}
    plan = story.plan()

    assert not [each for each in plan.effects if each.type in {"role", "consent"}]
    for shown in (text.render(plan), markdown.render(plan)):
        assert "'HR' is called 'Payroll' now" in shown
        assert "`policy.consent` means 'HR', and hr is 'Payroll' in this tenant" in shown


def test_story_11_what_is_ignored_is_read(story: Story) -> None:
    """`ignoreChanges: [federatedCredentials]` hides no planted credential: it is told, and the grant
    beside it waits.
    """
    story.applied()
    app = story.row("applications", "Job")
    seed.add_federated_credential(
        story.tenant.rows, app, "planted", ISSUER, "repo:stranger/evil:ref:refs/heads/main"
    )
    story.apps["job"] |= {
        "ignoreChanges": ["federatedCredentials"],
        "apiPermissions": {"api": {"application": ["Admin"], "adminConsent": True}},
    }
    plan = story.plan()

    assert not [each for each in plan.effects if each.type == "role"]
    assert len(plan.withheld) == 1
    assert "repo:stranger/evil:ref:refs/heads/main" in text.render(plan)


@pytest.mark.parametrize("render", [text.render, markdown.render])
def test_story_12_a_swapped_group_shows_who_gains_and_who_loses_at_its_lines(
    story: Story, render: Callable[[Plan], str]
) -> None:
    """The group that goes shows who loses the role, the group that comes shows who gains it; whoever is in
    both does neither.
    """
    rows = story.tenant.rows
    for name, members in (("Readers", "bc"), ("Auditors", "cde")):
        group = seed.add_group(rows, name)
        for each in members:
            user = rows.user_by_name(f"{each}@contoso.com")
            user = user or seed.add_user(rows, f"{each}@contoso.com", each)
            rows.members.add(group["id"], user["id"])
    story.main["appRoleAssignments"] = {"api": {"Admin": {"groups": ["Readers"]}}}
    story.applied()
    story.main["appRoleAssignments"] = {"api": {"Admin": {"groups": ["Auditors"]}}}

    shown = render(story.plan()).splitlines()
    comes, goes = (
        next(number for number, line in enumerate(shown) if sign in line and name in line)
        for sign, name in (("+", "Auditors"), ("-", "Readers"))
    )

    assert "2 people gain" in " ".join(shown[comes : comes + 6]), "\n".join(shown)
    assert "1 person loses" in " ".join(shown[goes : goes + 6]), "\n".join(shown)
