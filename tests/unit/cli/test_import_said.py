"""What an import says: what it wrote, what it left out or alone, and what its first plan would do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import import_
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.importing.manifest import Written
from entra_config.plan.model import FieldChange, Plan, Refusal, TenantInfo, Update
from tests.unit.cli.ran import Run
from tests.unit.report.plans import API, TENANT, resource, worked_example

COMMON = Common(output=Output(no_color=True))
NOTHING = Plan("imported", "prod", TenantInfo(TENANT, "contoso"), (), ())
ROW = resource(API, "api")
MARKS = replace(NOTHING, changes=(Update(ROW, ROW, (FieldChange("tags"),)),))
MORE = replace(NOTHING, changes=(*MARKS.changes, Update(ROW, ROW, (FieldChange("tags"), FieldChange("x")))))
MUCH = "the first plan would do more than add ownership tags"
ONLY = "the first plan only adds ownership tags: look at it with `entra-config plan"


def written(**changed: Any) -> Written:
    """Return what was written."""
    return replace(Written({"x": "", "y": ""}, {"a1": "api"}), **changed)


@pytest.mark.parametrize(
    ("output", "plan", "last"),
    [
        ("manifests", MARKS, f"{ONLY}`"),
        ("manifests", NOTHING, f"{ONLY}`"),
        ("my files", MARKS, f"{ONLY} -f 'my files'`"),
        (
            "manifests",
            MORE,
            f"{MUCH} (1 changes): look at it with `entra-config plan`",
        ),
        (
            "new",
            worked_example(),
            f"{MUCH} (3 changes): look at it with `entra-config plan -f new`",
        ),
    ],
)
def test_what_the_first_plan_would_do(
    capsys: pytest.CaptureFixture[str], output: str, plan: Plan, last: str
) -> None:
    """Marks, or more, with the command that shows it."""
    import_._summarize(COMMON, Path(output), written(), plan)
    assert capsys.readouterr() == ("", f"written: {output}, 1 registration in 2 files\n{last}\n")


def test_what_is_left_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """What a manifest cannot say, what is nobody's to say, and what is refused."""
    made = written(
        keys={},
        files={"x": ""},
        left_out={"Old (o1)": "no name"},
        left_alone={"api": ["a key", "b"]},
        groups={"applications/service-api.yaml": 3},
        not_grouped=("4 applications `${service}-page`, because it is large",),
        not_carried={"api": {"logo": "L"}, "web": {"logo": "L", "extension_a": "E"}},
    )
    plan = replace(MARKS, refusals=(Refusal("many", "too many"),))
    import_._summarize(COMMON, Path("manifests"), made, plan)
    assert capsys.readouterr().err.splitlines() == [
        "written: manifests, 0 registrations in 1 file",
        "grouped: 3 applications are one entry with `each` in manifests/applications/service-api.yaml",
        "not grouped: 4 applications `${service}-page`, because it is large. They are in separate files",
        "skipped: Old (o1), because a manifest cannot declare it: no name",
        "left alone: api has a key",
        "left alone: api has b",
        "not carried: extension_a of 1 application: E",
        "not carried: logo of 2 applications: L",
        f"{ONLY}`",
        "the first plan is refused: too many",
    ]


def test_import_says_that_the_first_plan_sets_marks(run: Run) -> None:
    """The marks of the enterprise application are marks too."""
    ran = run("import", "--name", "Emulator reader", "--output", "imported")

    assert ran.code == 0
    assert "only adds ownership tags: look at it with `entra-config plan -f imported`" in ran.err


def test_check_compares_with_a_new_creation(run: Run, tmp_path: Path) -> None:
    """What import read is what an emulator has after it applied the manifest; nothing is read again."""
    ran = run("import", "--name", "Emulator reader", "--output", "imported", "--check")

    assert ran.code == 0, ran.err
    assert ran.err.splitlines()[-1].startswith("checked on an emulator: ")
    assert ran.err.endswith(" of 1 application equal, 1 cannot be carried\n")
