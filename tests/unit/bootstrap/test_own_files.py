"""This repository runs what it writes for others: its own workflows and its example's pipeline come of the
same templates.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.bootstrap import declared, github, identities, templates
from entra_config.bootstrap.model import JobIdentity
from entra_config.manifest import loader
from entra_config.manifest.model import Named

ROOT = Path(__file__).parents[3]
REPOSITORY = github.repository("example/myapp", "9919", "1296269")
ENVIRONMENTS = ("dev", "prod")
DEPLOYERS = (Named("alice@contoso.com", "25d0ea81-fc34-48a5-8035-eeec824b983f"),)


def expected() -> dict[str, str]:
    """Return the files that bootstrap writes with this repository's values."""
    texts = github.workflows(REPOSITORY, ENVIRONMENTS, "manifests", "pipeline", weekly=True)
    signs = github.sign_ins(REPOSITORY, ENVIRONMENTS, weekly=True)
    manifests = loader.load_all(ROOT / "manifests")
    made = identities.pipeline(manifests, signs, deployers=DEPLOYERS, title="MyApp")
    return texts | {f"pipeline/{name}": text for name, text in declared.files(made, github.HOST).items()}


@pytest.mark.parametrize("path", expected())
def test_own_file_is_what_the_template_makes(path: str) -> None:
    """Nobody edits a copy: python -m tests.unit.bootstrap.test_own_files writes them."""
    assert (ROOT / path).read_text(encoding="utf-8") == expected()[path]


def test_no_workflow_of_a_pipeline_stands_beside_the_template() -> None:
    """All that begins with entra- in this repository is written by it."""
    found = {f".github/workflows/{path.name}" for path in (ROOT / ".github/workflows").glob("entra-*")}

    assert found == {path for path in expected() if path.startswith(".github/workflows/")}


def test_each_script_is_shipped() -> None:
    """What stands below .github/scripts and .github/actions is what other repositories get."""
    own = {
        path
        for part in ("scripts", "actions")
        for path in (ROOT / ".github" / part).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }

    assert {str(path.relative_to(ROOT / ".github")) for path in own} == set(templates.shipped(github.HOST))


def test_the_examples_deployers_are_the_pipelines_writers() -> None:
    """The worked example names the writers that its pipeline declares."""
    made: dict[str, JobIdentity] = {
        each.environment: each
        for each in identities.pipeline(
            loader.load_all(ROOT / "manifests"),
            github.sign_ins(REPOSITORY, ENVIRONMENTS),
            deployers=DEPLOYERS,
            title="MyApp",
        ).writers
    }
    for manifest in loader.load_all(ROOT / "manifests"):
        assert made[manifest.environment].name in [each.name for each in manifest.deployers or ()]


if __name__ == "__main__":
    for name, text in expected().items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(text, encoding="utf-8")
