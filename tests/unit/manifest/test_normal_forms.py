"""Keys that look exactly alike, as they differ only in their Unicode normal form, are an error at both places."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import ManifestError
from entra_config.manifest import loader
from entra_config.testing import reading
from tests.unit.manifest.conftest import TENANT

ONE, TWO = "Pr\u00e9sident", "Pre\u0301sident"
HEAD = f"project: p\nenvironments: {{ dev: {{ tenantId: {TENANT} }} }}\n"
APP = "applications: { api: { type: api, displayName: API, appRoles: { %s } } }\n"
ROLE = '"%s": { description: x, value: %s }'


def _places(error: ManifestError) -> list[str]:
    return [str(problem.position) for problem in error.problems if "normal form" in problem.message]


@pytest.mark.parametrize(
    "text",
    [
        APP % f"{ROLE % (ONE, 'A')}, {ROLE % (TWO, 'B')}",
        f'enterpriseApplications: {{ "{ONE}": {{ displayName: A }}, "{TWO}": {{ displayName: B }} }}\n',
        f'appRoleAssignments: {{ api: {{ "{ONE}": {{}}, "{TWO}": {{}} }} }}\n',
    ],
)
def test_in_one_file(text: str, folder: Path) -> None:
    """Labels of roles, keys, and what they are referred to by."""
    (folder / "entra-config.yaml").write_text(HEAD + text, encoding="utf-8")

    with pytest.raises(ManifestError) as caught:
        loader.load_all(folder / "entra-config.yaml")

    columns = [text.index(f'"{label}"') + 1 for label in (ONE, TWO)]
    assert [int(place.rpartition(":")[2]) for place in _places(caught.value)] == columns


def test_in_two_files_and_in_overrides(folder: Path) -> None:
    """Merging finds what each file alone does not show."""
    over = "overrides: { applications: { api: { appRoles: { %s } } } }"
    head = f"project: p\nfiles: [b.yaml]\nenvironments: {{ dev: {{ tenantId: {TENANT}, {over % (ROLE % (TWO, 'C'))} }} }}\n"
    (folder / "entra-config.yaml").write_text(head + APP % (ROLE % (ONE, "A")), encoding="utf-8")
    (folder / "b.yaml").write_text(
        f'appRoleAssignments: {{ api: {{ "{TWO}": {{ groups: [G] }} }} }}\n', encoding="utf-8"
    )

    with pytest.raises(ManifestError) as caught:
        loader.load_all(folder / "entra-config.yaml")

    assert len(_places(caught.value)) == 2


def test_in_access_tests(folder: Path) -> None:
    """People and groups, too."""
    (folder / "entra-config.yaml").write_text(HEAD, encoding="utf-8")
    (folder / "tests").mkdir()
    (folder / "tests/a.yaml").write_text(f'groups: {{ "{ONE}": {{}}, "{TWO}": {{}} }}\n', encoding="utf-8")

    with pytest.raises(ManifestError) as caught:
        reading.load(folder / "entra-config.yaml")

    assert len(_places(caught.value)) == 2
