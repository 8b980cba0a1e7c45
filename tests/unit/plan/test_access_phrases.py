"""The phrases of who gains and loses what: in the values that tokens carry, people and applications apart."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.plan import access
from entra_config.plan.model import AccessChange, Affected

ANN, BOB, CAT = (Affected(f"id-{name}", name, "direct") for name in ("ann", "bob", "cat"))
VIA = Affected("id-dan", "dan", "group Audit")
JOB, ETL = (Affected(f"id-{name}", name, "direct") for name in ("job", "etl"))


def role(name: str, sign: Any, *people: Affected, count: int | None = -1, **more: Any) -> AccessChange:
    """Make a change of who has a role; as many people as are named, unless told otherwise."""
    return AccessChange("api", name, sign, len(people) if count == -1 else count, people, **more)


def other(kind: Any, sign: Any = "gain", application: str = "api", **more: Any) -> AccessChange:
    """Make a change of another kind."""
    return AccessChange(application, more.pop("role", ""), sign, more.pop("count", 0), kind=kind, **more)


SENTENCES: list[tuple[list[AccessChange], str]] = [
    ([], "Nobody gains or loses anything."),
    ([role("Admin", "gain", ANN)], "1 person gains Admin."),
    ([role("Admin", "gain", ANN, BOB)], "2 people gain Admin."),
    ([role("Admin", "gain", count=None)], "an unknown number of people gain Admin."),
    ([role("Admin", "lose", count=None, applications=(JOB,))],
     "an unknown number of people and 1 application lose Admin."),
    ([role("Admin", "lose", applications=(JOB,))], "1 application loses Admin."),
    ([role("Admin", "lose", applications=(JOB, ETL))], "2 applications lose Admin."),
    ([role("Admin", "gain", ANN, applications=(JOB,))], "1 person and 1 application gain Admin."),
    # Losses first, and the noun once.
    ([role("Admin", "gain", ANN, BOB), role("Auditor", "lose", count=3)],
     "3 people lose Auditor, 2 gain Admin."),
    ([role("Admin", "gain", ANN), role("Auditor", "lose", count=3)],
     "3 people lose Auditor, 1 person gains Admin."),
    ([role("A", "lose", count=3), role("B", "gain", ANN, BOB, applications=(JOB,))],
     "3 people lose A, 2 people and 1 application gain B."),
    # The manifest's label beside the value where it is another; the application where there are several.
    ([role("admin", "gain", ANN, label="Admin")], "1 person gains admin (Admin)."),
    ([role("Admin", "gain", ANN, label="Admin")], "1 person gains Admin."),
    ([role("Admin", "gain", ANN), AccessChange("web", "Admin", "gain", 2)],
     "1 person gains api/Admin, 2 gain web/Admin."),
    # Who gains a role may sign in: that goes without saying. Whoever else may does not.
    ([role("Admin", "gain", ANN), other("signIn", count=1, people=(ANN,))], "1 person gains Admin."),
    ([role("Admin", "gain", ANN), other("signIn", count=2, people=(ANN, BOB))],
     "2 people can sign in to api, 1 person gains Admin."),
    ([role("Admin", "gain", ANN), other("signIn", count=2, people=(ANN,))],
     "2 people can sign in to api, 1 person gains Admin."),
    ([role("Admin", "gain", ANN), other("signIn", "lose", count=1, people=(ANN,))],
     "1 person can no longer sign in to api, 1 person gains Admin."),
    ([role("Admin", "lose", ANN), other("signIn", count=1, people=(ANN,))],
     "1 person loses Admin, 1 person can sign in to api."),
    ([role("Admin", "gain", applications=(JOB,)), other("signIn", applications=(JOB,))],
     "1 application gains Admin."),
    ([role("Admin", "gain", applications=(JOB,)), other("signIn", applications=(ETL,))],
     "1 application can sign in to api, 1 application gains Admin."),
    ([role("Admin", "gain", ANN), other("signIn", "gain", "web", count=1, people=(ANN,))],
     "1 person gains api/Admin, 1 person can sign in to web."),
    # Consents by client and API, whose scopes are told together.
    ([other("scope", role="write", applications=(JOB,)), other("scope", role="read", applications=(JOB,)),
      other("scope", "lose", role="old", client="spa")],
     "spa loses old of api, job gains read, write of api."),
    ([other("scope", role="read", client="spa"), role("Admin", "gain", ANN)],
     "1 person gains Admin, spa gains read of api."),
    # What nobody can read before.
    ([other("restored")],
     ("api comes back with what it held and who held its roles, and can be used at whatever APIs of others "
     "authorize it (not known before).")),
    ([other("authorized")], "api can be used at whatever APIs of others authorize it (not known before)."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "sentence"), SENTENCES)
def test_one_sentence_over_all(changes: list[AccessChange], sentence: str) -> None:
    """It reads as a person would say it, whatever order the changes come in."""
    assert access.sentence(changes) == sentence
    assert access.sentence(changes[::-1]) == sentence


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ([], []),
        (
            [role("Admin", "gain", ANN, BOB), role("old", "lose", count=1, label="Old")],
            [("1 person", "loses", "api/old (Old)"), ("2 people", "gain", "api/Admin")],
        ),
        ([other("signIn", "lose", count=2)], [("2 people", "can no longer sign in to", "api")]),
        (
            [other("scope", role="read", client="spa"), other("restored")],
            [
                ("spa", "gains", "read of api"),
                (
                    "api",
                    "gains",
                    (
                        "comes back with what it held and who held its roles, and can be used at whatever "
                        "APIs of others authorize it (not known before)"
                    ),
                ),
            ],
        ),
    ],
)
def test_the_same_as_a_table(changes: list[AccessChange], rows: list[tuple[str, str, str]]) -> None:
    """Who, gains or loses, what: losses first; each with its noun and its application."""
    assert access.rows(changes) == rows


@pytest.mark.parametrize(
    ("change", "named", "counted"),
    [
        (role("A", "gain", BOB, ANN), "ann (direct), bob (direct)", "direct (2)"),
        (role("A", "gain", VIA, ANN), "group Audit (1), ann (direct)", "group Audit (1), direct (1)"),
        (role("A", "gain", applications=(JOB, ETL)), "etl, job", "etl, job"),
        (
            role("A", "gain", *(Affected(str(n), f"p{n}", "direct") for n in range(7))),
            "p0 (direct), p1 (direct), p2 (direct), p3 (direct), p4 (direct), 2 more (direct)",
            "direct (7)",
        ),
        (
            role("A", "gain", *(Affected(str(n), f"p{n}", "direct") for n in range(5))),
            "p0 (direct), p1 (direct), p2 (direct), p3 (direct), p4 (direct)",
            "direct (5)",
        ),
        (role("A", "gain", VIA, ANN, applications=(JOB,)),
         "group Audit (1), job, ann (direct)", "group Audit (1), job, direct (1)"),
        (role("A", "gain", VIA, Affected("9", "eve", "group All"), Affected("8", "flo", "group Audit")),
         "group All (1), group Audit (2)", "group All (1), group Audit (2)"),
        (role("A", "lose", count=3), "", ""),
    ],
)  # fmt: skip
def test_through_what(change: AccessChange, named: str, counted: str) -> None:
    """Groups with their numbers, applications, then who holds it directly: five by name, or all counted."""
    assert access.through(change, names=True) == named
    assert access.through(change, names=False) == counted


def test_the_phrase_of_one_change() -> None:
    """Where the role is named besides, it says through what; `whole` always does, with the application."""
    change = role("admin", "lose", ANN, VIA, label="Admin")
    assert access.phrase(change) == "2 people lose admin (Admin)"
    assert access.phrase(change, "it") == "2 people lose it: group Audit (1), ann (direct)"
    assert access.phrase(change, "it", names=False) == "2 people lose it: group Audit (1), direct (1)"
    assert access.phrase(role("A", "lose", count=2), "it") == "2 people lose it"
    assert access.whole(change, names=True) == (
        "2 people lose api/admin (Admin): group Audit (1), ann (direct)"
    )
    assert access.whole(role("A", "lose", count=2), names=True) == "2 people lose api/A"
    by_name = other("scope", role="read", client="spa-id", applications=(Affected("1", "spa", "direct"),))
    assert access.whole(by_name, names=True) == "spa gains api/read"
    assert access.whole(other("scope", "lose", role="read", client="spa"), names=True) == "spa loses api/read"


def test_each_gain_of_a_role_has_its_sentence() -> None:
    """A loss has none, nor has a sign-in; people are counted where names are not to be shown."""
    gain = role("Admin", "gain", ANN)
    (found,) = access.gains([gain, role("Auditor", "lose", BOB), other("signIn", count=1, people=(BOB,))])
    assert found[0] is gain
    assert str(found[1]) == "1 person gains api/Admin: ann (direct)"
    assert found[1].unnamed == "1 person gains api/Admin: direct (1)"
