"""Plan and drift as annotations of a workflow, on a tenant in this process."""

from __future__ import annotations

from tests.unit.cli.ran import Run


def test_a_plan_and_a_drift_are_annotated_at_the_manifest_s_lines(run: Run) -> None:
    """A notice for each change; what somebody took away by hand by how grave it is, with nobody's name."""
    planned = run("plan", "-e", "dev", "--format", "github")

    assert planned.code == 0
    assert (
        "::notice file=manifests/applications/api.yaml,line=3,col=3,title=myapp/dev%3A "
        "create::application api"
    ) in planned.out
    assert "alice" not in planned.out
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    drifted = run("drift", "-e", "dev", "--format", "github")
    assert (drifted.code, [line for line in drifted.out.splitlines() if not line.startswith("::notice")]) == (
        0,
        [],
    )
