"""The Markdown of a plan."""

from __future__ import annotations

import re
from dataclasses import replace

from entra_config.phrase import Person, Phrase
from entra_config.plan.model import Create, FieldChange, ItemChange, Notice, Refusal
from entra_config.report import markdown
from entra_config.resource import Address
from tests.unit.report.plans import API, HERE, resource, worked_example


def test_the_worked_example_as_markdown() -> None:
    """Heading, counts, access, and the changes as a diff whose first column is the sign."""
    shown = markdown.render(worked_example())

    assert shown.startswith("### entra-config plan: `myapp/prod`\n")
    assert "**1 to add, 1 to change, 1 to remove, 41 unchanged.**" in shown
    assert "- 6 people gain `api/Admin`" in shown
    assert '\n!  application api "MyApp API"' in shown
    assert "\n+          user.delete" in shown
    assert "\n-          Auditor" in shown


def test_people_are_counted_unless_names_are_asked_for() -> None:
    """A comment may be public: no sign-in name without `names`."""
    alice = Address("appRoleAssignment", "api/Writer/user:1")
    title = Phrase.of("api/Writer ← ", Person('user "Alice Archer" (1…)', "1"))
    plan = replace(
        worked_example(),
        changes=(*worked_example().changes, Create(resource(alice, title))),
        warnings=(
            Notice(
                Phrase.of(
                    "created by ", Person("mallory@contoso.com", "5c1b2f7e-0000-4000"), ", beside a URI"
                ),
                API,
            ),
        ),
    )

    silent, named = markdown.render(plan), markdown.render(plan, names=True)

    assert "direct (1)" in silent
    assert "api/Writer ← a user (1…)" in silent
    assert "created by a user (5c1b2f7e…), beside a URI" in silent
    assert not re.search("li@|Alice|mallory@", silent)
    assert all(name in named for name in ("li@contoso.com", "Alice Archer", "mallory@contoso.com"))


def test_two_users_stay_two_and_a_group_is_no_user() -> None:
    """A person is one by sort: whatever a role or a group is called, it is shown; people without their
    names differ.
    """
    user, other = (Person(f'user "{name}" (…)', f"{name}2345678") for name in ("ann", "bob"))
    changes = [
        Create(
            resource(
                Address("appRoleAssignment", "api/user:x/group:1"),
                Phrase.of("api/user:x ← ", 'group "a@contoso.com"'),
            )
        ),
        Create(resource(Address("owner", "api/user:2"), Phrase.of("api ← ", user))),
        Create(resource(Address("owner", "api/user:3"), Phrase.of("api ← ", other))),
    ]
    shown = markdown.render(replace(worked_example(), changes=tuple(changes)))

    assert 'app role assignment api/user:x ← group "a@contoso.com"' in shown
    assert "owner api ← a user (ann23456…)" in shown
    assert "owner api ← a user (bob23456…)" in shown


def test_nothing_is_masked_by_its_text() -> None:
    """A URI that holds an @ is no person, whoever reads the comment."""
    uris = ("https://evil.example/@app.contoso.com/cb", "https://issuer.example/a@b.com")
    items = tuple(ItemChange("add", uri) for uri in uris)
    change = Create(resource(API, "api", "API", HERE), (FieldChange("web.redirectUris", items=items),))
    shown = markdown.render(
        replace(worked_example(), changes=(change,), warnings=(Notice(f"see {uris[0]}", API),))
    )

    assert all(shown.count(uri) == expected for uri, expected in zip(uris, (2, 1), strict=True))


def test_a_refused_plan_says_so_first() -> None:
    """Refusal and way forward stand above the changes."""
    plan = replace(worked_example(), refusals=(Refusal("many", "8 of 8 would go", API),))
    shown = markdown.render(plan)

    assert shown.index(
        "nothing of this will be applied, or `--allow many` if that is intended"
    ) < shown.index("What would change")
    more = replace(
        worked_example(), refusals=(*plan.refusals, Refusal("unseen", "much"), Refusal("", "never"))
    )
    assert "will be applied; too much to review at once: split it.**" in markdown.render(more)
    assert "- refused: `api`: `8 of 8 would go` Lifted by `--allow many`." in shown


def test_a_huge_plan_is_whole() -> None:
    """It is the artifact and the summary too: who writes a comment cuts it to the comment's room, below
    the border.
    """
    many = tuple(
        Create(resource(Address("application", f"a{index}"), f"a{index}", "n" * 50)) for index in range(2000)
    )
    shown = markdown.render(replace(worked_example(), changes=many))

    assert all(f'application a{index} "' in shown for index in range(2000))
    assert shown.count(f"\n{markdown.REST}\n") == 1
