"""What stands of a pipeline, row by row: identities, consents, and what GitHub is set to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.bootstrap import standing
from entra_config.bootstrap.github import CLAIMS
from entra_config.bootstrap.github_settings import Environment, HubState
from entra_config.bootstrap.identities import least_of_reader, least_of_writer, writer_key
from entra_config.bootstrap.model import READER
from entra_config.checks.examination import Examination
from entra_config.manifest.model import Application, Manifest, Named, Setting
from entra_config.manifest.parts import ApiPermission
from tests.unit.plan.estates import manifest

TENANT, WRITER_ID, READER_ID = "ENTRA_TENANT_ID", "ENTRA_WRITER_CLIENT_ID", "ENTRA_READER_CLIENT_ID"
DONE = Environment((("Team", 7),), no_self_review=True, custom_branches=True, branches=("main",))
PINNED = Environment(custom_branches=True, branches=("main",))
STATE = HubState(
    CLAIMS,
    {"prod": DONE, "pins": PINNED},
    {TENANT: "t", READER_ID: "r"},
    {"prod": {WRITER_ID: "w"}},
)
IDS = {READER: "r", writer_key("prod"): "w"}
OWN = "GitHub does not show"


def rows(state: HubState, ids: dict[str, str] | None = None, **more: Any) -> list[tuple[str, str, str]]:
    """Return what is said of a repository."""
    found = standing.repository(state, ("prod",), "t", IDS if ids is None else ids, **more)
    return [(each.state, each.what, each.text) for each in found]


ALL_GOOD = [
    ("good", "subjects", "say repo, context, job_workflow_ref"),
    ("good", "environment", "prod opens to main alone"),
    ("good", "environment", "pins opens to main alone"),
    ("good", "variable", f"{TENANT} is t"),
    ("good", "variable", f"{READER_ID} is r"),
    ("good", "variable", f"{WRITER_ID} of prod is w"),
]


def test_a_repository_that_is_as_it_shall_be() -> None:
    """Hold every row, and that without jobs that propose pins there is no row for them."""
    assert rows(STATE) == ALL_GOOD
    assert rows(STATE, pins=False) == [*ALL_GOOD[:2], *ALL_GOOD[3:]]


@pytest.mark.parametrize(
    ("claims", "row"),
    [
        (None, ("note", "subjects", f"{OWN} their form to this job; its own token shows it")),
        ((), ("bad", "subjects", "say the default, not repo, context, job_workflow_ref")),
        (("repo", "ref"), ("bad", "subjects", "say repo, ref, not repo, context, job_workflow_ref")),
    ],
)
def test_the_form_of_subjects(claims: Any, row: tuple[str, str, str]) -> None:
    """Hold that what is not shown is no error, and that another form is said."""
    assert rows(replace(STATE, claims=claims)) == [row, *ALL_GOOD[1:]]


@pytest.mark.parametrize(
    ("environment", "wrong"),
    [
        (None, "is not there"),
        (replace(DONE, reviewers=()), "nobody reviews what is applied"),
        (replace(DONE, no_self_review=False), "whoever starts a run may approve it"),
        (replace(DONE, custom_branches=False, branches=()), "lets every branch in"),
        (replace(DONE, branches=()), "lets in no branch, not main alone"),
        (replace(DONE, branches=("main", "x")), "lets in main, x, not main alone"),
        (
            Environment(),
            "nobody reviews what is applied; whoever starts a run may approve it; lets every branch in",
        ),
    ],
)
def test_what_an_environment_lacks(environment: Environment | None, wrong: str) -> None:
    """Hold each guard by its own words; the environment for pins needs nobody who reviews."""
    environments = {"pins": PINNED, **({"prod": environment} if environment else {})}
    found = rows(replace(STATE, environments=environments))

    assert found == [ALL_GOOD[0], ("bad", "environment", f"prod: {wrong}"), *ALL_GOOD[2:]]


def test_environments_that_are_not_shown() -> None:
    """Hold that it is noted, with what would show them."""
    note = ("note", "environments", f"{OWN} them to this job (`actions: read`)")
    assert rows(replace(STATE, environments=None)) == [ALL_GOOD[0], note, *ALL_GOOD[3:]]


@pytest.mark.parametrize(
    ("state", "ids", "expected"),
    [
        (
            replace(STATE, variables=None),
            IDS,
            [("note", "variables", f"{OWN} them to this job; the job's own values are compared")],
        ),
        (
            replace(STATE, variables={TENANT: "x"}),
            IDS,
            [
                ("bad", "variable", f"{TENANT} is x, expected t"),
                ("bad", "variable", f"{READER_ID} is not set, expected r"),
                ALL_GOOD[5],
            ],
        ),
        (
            STATE,
            {},
            [
                ALL_GOOD[3],
                ("bad", "variable", f"{READER_ID} is r, expected one that nobody pinned yet"),
                ("bad", "variable", f"{WRITER_ID} of prod is w, expected one that nobody pinned yet"),
            ],
        ),
        (
            replace(STATE, environment_variables={"prod": {}}),
            {READER: "r"},
            [
                *ALL_GOOD[3:5],
                ("bad", "variable", f"{WRITER_ID} of prod is not set, expected one that nobody pinned yet"),
            ],
        ),
        (replace(STATE, environment_variables={"prod": None}), IDS, ALL_GOOD[3:5]),
        (
            replace(STATE, variables={**(STATE.variables or {}), WRITER_ID: "w"}),
            IDS,
            [
                (
                    "bad",
                    "variable",
                    (
                        f"{WRITER_ID} of the whole repository: every job has it; it belongs into each "
                        "environment alone"
                    ),
                ),
                *ALL_GOOD[3:],
            ],
        ),
    ],
    ids=["not shown", "others", "nobody pinned", "neither", "not shown in one", "for every job"],
)
def test_variables_are_compared_with_what_is_pinned(
    state: HubState, ids: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    """Hold each value, and that nothing set and nothing pinned is not well."""
    assert rows(state, ids) == [*ALL_GOOD[:3], *expected]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (None, ("bad", "Shop is not in the tenant, or its service principal is not")),
        (
            ["B"],
            (
                "bad",
                (
                    "Shop lacks consent to A: an administrator gives it with `entra-config apply -f pipeline "
                    "--allow dangerous`"
                ),
            ),
        ),
        (["A", "B", "C"], ("good", "Shop may: A, B")),
    ],
)
def test_consent_to_what_an_identity_requests(held: list[str] | None, expected: tuple[str, str]) -> None:
    """Hold that what it lacks is named, and the command that gives it."""
    found = standing.consent("key", "Shop", ["A", "B"], held)
    assert found == Examination(expected[0], "key", expected[1])  # type: ignore[arg-type]  # two of the states


def identity(key: str, permissions: tuple[str, ...], name: str = "") -> Application:
    """Return an identity that requests permissions of Microsoft Graph."""
    asked = {"Microsoft Graph": ApiPermission("Microsoft Graph", own=False, application=permissions)}
    return Application(key, "daemon", {"displayName": Setting(name or key)}, api_permissions=asked)


def pipeline(*identities: Application) -> Manifest:
    """Return the manifest of a pipeline."""
    return replace(manifest(), applications={each.key: each for each in identities})


WRITER = writer_key("prod")
WHOLE = pipeline(
    identity(READER, least_of_reader()), identity(WRITER, least_of_writer(manifest()), "Shop Writer")
)


@pytest.mark.parametrize(
    ("made", "deployers", "expected"),
    [
        (WHOLE, (Named("other", "i"), Named("shop writer", "i")), []),
        (WHOLE, (Named("Shop Writer"),), [(WRITER, "Shop Writer is not pinned in the lock file of prod")]),
        (WHOLE, None, [(WRITER, "`deployers` of prod does not name Shop Writer")]),
        (
            pipeline(),
            (Named(WRITER, "i"),),
            [
                (READER, "is not declared: run `entra-config bootstrap` again"),
                (WRITER, "is not declared: run `entra-config bootstrap` again"),
            ],
        ),
        (
            pipeline(identity(READER, least_of_reader()), Application(WRITER, "daemon", {})),
            (Named(WRITER, "i"),),
            [
                (
                    WRITER,
                    (
                        f"the manifest needs {', '.join(sorted(least_of_writer(manifest())))} by now: run "
                        "`entra-config bootstrap` again, and apply what it writes"
                    ),
                )
            ],
        ),
    ],
    ids=["all is well", "not pinned", "not named", "not declared", "asks for nothing"],
)
def test_each_identity_is_declared_and_deploys_its_environment(
    made: Manifest, deployers: Any, expected: list[tuple[str, str]]
) -> None:
    """Hold what is said of each, in order."""
    found = standing.declared(made, [replace(manifest(), deployers=deployers)])
    assert list(found) == [Examination("bad", key, text) for key, text in expected]


@pytest.mark.parametrize(
    ("deployers", "live", "expected"),
    [
        ((Named("SHOP WRITER", "p"),), "p", [("good", "prod pins Shop Writer as it is: p")]),
        (
            (Named("Shop Writer", "x"),),
            "p",
            [
                (
                    "bad",
                    (
                        "prod pins Shop Writer as x, and its service principal is p: look whose the "
                        "other is, then run `entra-config bootstrap` again"
                    ),
                )
            ],
        ),
        (
            (Named("other", "x"), Named("Shop Writer", "p")),
            "p",
            [("good", "prod pins Shop Writer as it is: p")],
        ),
        ((Named("Shop Writer"),), "p", []),
        ((Named("Shop Writer", "x"),), "", []),
        (None, "p", []),
    ],
)
def test_a_pin_is_compared_with_the_principal(
    deployers: Any, live: str, expected: list[tuple[str, str]]
) -> None:
    """Hold that only a pin of the identity itself, where there is a principal, is looked at."""
    principals = {WRITER: live} if live else {}
    found = standing.pins(WHOLE, [replace(manifest(), deployers=deployers)], principals)
    assert [(each.state, each.text) for each in found] == expected


def test_an_identity_that_is_not_declared_is_called_by_its_key() -> None:
    """Hold that its display name comes first."""
    assert [standing.display_name(WHOLE, key) for key in (WRITER, READER, "x")] == [
        "Shop Writer",
        READER,
        "x",
    ]
    bare = pipeline(Application("x", "daemon", {}))
    assert standing.display_name(bare, "x") == "x"
