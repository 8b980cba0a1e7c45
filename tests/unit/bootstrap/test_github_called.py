"""The lines that call a pipeline, and who signs in for them: one commit, no tag, no other workflow."""

from __future__ import annotations

import pytest
import yaml

from entra_config.bootstrap import github, github_called
from entra_config.errors import UsageError

REPOSITORY = github.repository("example/myapp", "1", "2")
OLD, NEW = (github_called.Called("acme/entra-config", each * 40) for each in "ab")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "acme/tool",
        "acme/tool@v1",
        "acme/tool@main",
        f"acme/tool@{'A' * 40}",
        f"acme/tool@{'a' * 39}",
        f"tool@{'a' * 40}",
        f"a/b/c@{'a' * 40}",
        f"acme/tool@{'a' * 40}\n",
        f"acme/to:ol@{'a' * 40}",
    ],
)
def test_what_is_no_commit_of_a_repository_is_refused(text: str) -> None:
    """A tag moves, and with it who signs in."""
    with pytest.raises(UsageError, match="OWNER/REPO@COMMIT"):
        github_called.called(text)


def test_subjects_name_the_called_workflow_and_its_commit() -> None:
    """Not the caller's own workflow, which a branch may rewrite; the repository stays the caller's."""
    signs = github_called.sign_ins(REPOSITORY, ["dev", "prod"], NEW)
    end = f":job_workflow_ref:acme/entra-config/.github/workflows/pipeline.yml@{'b' * 40}"

    assert [each.subject for each in signs.reader] == [
        f"repo:example@1/myapp@2:pull_request{end}",
        f"repo:example@1/myapp@2:ref:refs/heads/main{end}",
    ]
    assert [each.subject for each in signs.writers["prod"]] == [
        f"repo:example@1/myapp@2:environment:prod{end}"
    ]


def test_what_main_still_calls_signs_in_beside_it() -> None:
    """Else the pipeline stands still until the merge; and where it is the same, nothing is there twice."""
    both = github_called.sign_ins(REPOSITORY, ["prod"], NEW, OLD)

    alone = github_called.sign_ins(REPOSITORY, ["prod"], OLD)
    assert set(alone.reader) < set(both.reader), "by the same names: Entra is asked to change nothing of them"
    assert len(both.reader) == 4
    assert len({each.name for each in both.reader}) == 4
    assert all(github_called.is_way(each.name) for each in (*both.reader, *both.writers["prod"]))
    assert github_called.sign_ins(REPOSITORY, ["prod"], NEW, NEW) == github_called.sign_ins(
        REPOSITORY, ["prod"], NEW
    )


@pytest.mark.parametrize("folder", ["manifests", "infra/entra"])
def test_the_lines_say_folder_and_environments(folder: str) -> None:
    """As they are applied; a folder of another name is the one that starts an apply, too."""
    (text,) = github_called.files(NEW, ("dev", "prod"), folder).values()
    read = yaml.safe_load(text)

    assert len(text.splitlines()) == 11
    assert read["jobs"]["entra"]["uses"] == NEW.workflow
    assert read["jobs"]["entra"]["with"]["environments"] == "dev prod"
    assert read["jobs"]["entra"]["with"].get("manifest", "manifests") == folder
    assert read[True]["push"]["paths"] == [f"{folder}/**"]
    assert github_called.standing(text) == NEW


@pytest.mark.parametrize(
    ("names", "folder", "said"),
    [
        (("a", "b", "c", "d"), "manifests", "3 environments at most"),
        (("a_b",), "manifests", "letters, digits and hyphens"),
        (("prod",), "my manifests", "letters, digits"),
    ],
)
def test_what_the_called_workflow_does_not_take_is_refused(
    names: tuple[str, ...], folder: str, said: str
) -> None:
    """Before anything is written, and not by a run that is red."""
    with pytest.raises(UsageError, match=said):
        github_called.files(NEW, names, folder)


def test_a_file_that_calls_by_a_tag_is_none_of_ours() -> None:
    """It says no commit that an identity could trust."""
    (text,) = github_called.files(NEW, ("prod",), "manifests").values()

    assert github_called.standing(text.replace(NEW.commit, "v1")) is None
    assert github_called.is_called([f"x:job_workflow_ref:{NEW.workflow}"])
    assert not github_called.is_called(each.subject for each in github.sign_ins(REPOSITORY, ["a"]).reader)
