"""`bootstrap gitlab` in a repository without a pipeline: what it makes, and what it leaves as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from tests.pipelines import gitlab
from tests.pipelines.company import Company

pytestmark = pytest.mark.pipelines


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Return the company: a repository with a manifest, and nothing of a pipeline."""
    made = Company(tmp_path_factory.mktemp("company"))
    yield made
    made.close()


def test_one_command_makes_the_pipeline_and_a_second_changes_nothing(company: Company) -> None:
    """Identities with a subject of main alone, an audience for each writer; the commands that set the
    variables.
    """
    done = company.bootstrap("--title", "GitLab", "--apply", "--allow", "dangerous", "--auto-approve")
    company.push("A pipeline")

    declared = yaml.safe_load((company.desk / "pipeline/identities.yaml").read_text())["applications"]
    ways = {key: each["federatedCredentials"]["main"] for key, each in declared.items()}
    assert {each["subject"] for each in ways.values()} == {
        f"project_path:{gitlab.PROJECT_PATH}:ref_type:branch:ref:main"
    }
    assert {key: each["audience"] for key, each in ways.items()} == {
        "reader": "api://AzureADTokenExchange",
        "writer-dev": "api://AzureADTokenExchange/dev",
        "writer-prod": "api://AzureADTokenExchange/prod",
    }
    apps = company.variables()
    assert (
        f"glab variable set ENTRA_WRITER_CLIENT_ID {apps['writer-prod']} --protected --scope prod"
        in done.stdout
    )
    company.bootstrap("--check")
    company.bootstrap("--auto-approve")
    assert not company.git("status", "--porcelain")
    assert company.command("lint", "-f", "pipeline").returncode == 0


def test_identities_that_somebody_else_applied_are_pinned_first(company: Company) -> None:
    """The variables are printed once the pins know them; until then it says how to pin them."""
    company.start()
    pins = company.desk / "pipeline/entra-config.tenant.lock.yaml"
    kept = pins.read_bytes()
    pins.unlink()
    done = company.bootstrap("--auto-approve")
    assert "next: nothing pins the identities: entra-config lock -f pipeline, " in done.stderr
    assert "variable set" not in done.stdout

    assert company.command("lock", "-f", "pipeline").returncode == 0
    done = company.bootstrap("--auto-approve")
    assert "glab variable set ENTRA_READER_CLIENT_ID" in done.stdout
    assert "next: set the variables above" in done.stderr
    pins.write_bytes(kept)


def test_a_pipeline_of_ones_own_is_not_written_over(company: Company) -> None:
    """It is refused with the place where it may stand, and included from there."""
    company.start()
    file = company.desk / ".gitlab-ci.yml"
    (company.desk / ".gitlab/ci.yml").write_text("own: { script: [echo own] }\n", encoding="utf-8")
    company.bootstrap("--auto-approve")
    assert "include:\n  - local: .gitlab/ci.yml\n" in file.read_text(encoding="utf-8")
    file.write_text("own: { script: [echo own] }\n", encoding="utf-8")
    done = company.bootstrap("--auto-approve", code=1)

    assert "move it to .gitlab/ci.yml" in done.stderr
    assert file.read_text(encoding="utf-8") == "own: { script: [echo own] }\n"
    company.start()
