"""What is *not verified*: files that cannot be read or do not fit together; and what a lock file may be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import entra_verify
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from tests.unit.verify.documents import LOCK, TENANT, WEB, Documents, change, guid, listed, scalar

Change = Callable[[Documents], object]


def run(made: Documents, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the command; return its exit code and what it says."""
    code = entra_verify.main(made.write(folder))
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        (lambda made: made.plan.update(version=5), "not a plan document of version 3 or 4"),
        (lambda made: made.plan.update(kind="drift"), "not a plan document"),
        (lambda made: made.plan.pop("access"), "the plan is not complete: KeyError('access')"),
        (
            lambda made: made.plan["changes"][0]["address"].update(kind="policy"),
            "a change of a kind that cannot be checked: policy",
        ),
        (
            lambda made: made.plan["changes"].append(change("restore", "application", "web", object=WEB)),
            "the plan restores web, and a restore cannot be checked",
        ),
        (
            lambda made: made.plan["changes"].append(
                change("update", "application", "web", listed("keyCredentials", add=("ci (AB)",)), object=WEB)
            ),
            "the plan adds a certificate, whose key cannot be checked",
        ),
        (
            lambda made: made.plan["changes"].append(
                change("update", "application", "web", scalar("optionalClaims", {"idToken": []}), object=WEB)
            ),
            "the plan changes optionalClaims, which cannot be checked",
        ),
        (lambda made: made.plan.update(tenant={"id": guid(9)}), "files of different tenants"),
        (lambda made: made.before["tenant"].update(id=guid(9)), "files of different tenants"),
        (lambda made: setattr(made, "lock", LOCK.replace(TENANT, guid(9))), "files of different tenants"),
        (
            lambda made: setattr(made, "lock", LOCK.replace("Deployer (prod)", "X")),
            "does not pin each --deployer",
        ),
        (lambda made: made.after.update(version=2), "AFTER: not a file of `entra-verify read` of version 1"),
        (
            lambda made: made.after["collections"].pop("owners"),
            "AFTER: unknown or missing collections: owners",
        ),
        (
            lambda made: made.after["collections"].update(more={}),
            "AFTER: unknown or missing collections: more",
        ),
        (lambda made: made.after["collections"]["owners"].pop("unknown"), "AFTER: not complete"),
        (lambda made: made.items("applications")[0].pop("appId"), "AFTER: not complete: KeyError('appId')"),
        (lambda made: setattr(made, "after", made.before), "AFTER was read before BEFORE was complete"),
    ],
)
def test_documents_that_do_not_fit(
    variant: Change, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 3, and the message names the reason."""
    made = Documents()
    variant(made)
    code, said = run(made, tmp_path, capsys)
    assert code == 3
    assert said.startswith("not verified: ")
    assert message in said


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"version": 1, "version": 1}', "duplicate key 'version'"),
        (b'{"version": 1', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"a":' + b"[" * 50 + b"]" * 50 + b"}", "nested deeper than 40 levels"),
        (b"[]", "not a JSON object"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b'"\xff"', "not valid JSON"),
        (b" " * 2_000, "larger than"),
    ],
)
def test_files_that_are_not_read(
    content: bytes,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the place of each file: cut, deep, with duplicate keys, too large."""
    words = Documents().write(tmp_path)
    if message == "larger than":
        monkeypatch.setattr(entra_verify, "LARGEST_FILE", 1_000)
    for name in ("before.json", "after.json", "plan.json"):
        words = Documents().write(tmp_path)
        (tmp_path / name).write_bytes(content)
        words[1] = hashlib.sha256((tmp_path / "plan.json").read_bytes()).hexdigest()
        assert entra_verify.main(words) == 3
        assert message in capsys.readouterr().err


def test_another_plan_is_not_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The digest is that of the reviewed file, not of what it says; no file is none."""
    words = Documents().write(tmp_path)
    plan = tmp_path / "plan.json"
    plan.write_text(plan.read_text() + " ")
    assert entra_verify.main(words) == 3
    assert "expected" in capsys.readouterr().err
    plan.unlink()
    assert entra_verify.main(words) == 3
    with pytest.raises(SystemExit) as ended:
        entra_verify.main(["--plan-digest"])
    assert ended.value.code == 3


def test_what_was_not_read_is_not_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A read that Graph did not permit leaves the apply unverified, and does not hide a violation."""
    made = Documents()
    made.after["collections"]["owners"]["unknown"].append("GET /v1.0/applications/x/owners: 403")
    assert entra_verify.main(made.write(tmp_path)) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["result"] == "not verified"
    assert document["unknown"] == ["AFTER: GET /v1.0/applications/x/owners: 403"]
    made.items("appRoleAssignments").pop(1)
    assert entra_verify.main(made.write(tmp_path)) == 1


ODD = (
    "On call",
    "yes",
    "a: b",
    "é\u202eü\n",
    "- x",
    "it's",
    "007",
    'it\'s "q" \\ ',
    "x #y",
    "#z",
    "é: ",
    "x" * 300,
)


def test_each_lock_file_that_lock_writes_is_read(tmp_path: Path) -> None:
    """Names with every sign; owners, key ids, secrets, renamed and rejected applications."""
    path = tmp_path / "e.lock.yaml"
    written = Lock(
        guid(1),
        users={"ann@a.org": Pin(guid(2)), "o'brien@a.org": Pin(guid(3))},
        groups={name: Pin(guid(100 + n), was='Old: # "x"' if n else "") for n, name in enumerate(ODD)},
        service_principals={"P (prod)": Pin(guid(4), organization=guid(5))},
        applications={
            "api": PinnedApplication(
                guid(6),
                (guid(7), guid(8)),
                (guid(9),),
                "created then",
                "web",
                (("main", (guid(10), guid(11))),),
            ),
            "spa": PinnedApplication(None, owners=(guid(12),)),
        },
        rejected=(guid(13), guid(14)),
    )
    lock.save(path, written, "dev")
    found = entra_verify.parse_lock(path.read_bytes(), "e")
    assert found.tenant_id == guid(1)
    assert found.names == {
        "users": {"ann@a.org": guid(2), "o'brien@a.org": guid(3)},
        "groups": {name: guid(100 + n) for n, name in enumerate(ODD)},
        "servicePrincipals": {"P (prod)": guid(4)},
    }
    assert found.app_ids == {"api": guid(6)}
    assert dict(found.accepted) == {"api": {guid(n) for n in (7, 8, 9, 10, 11)}, "spa": {guid(12)}}
    assert found.rejected == {guid(13), guid(14)}


@pytest.mark.parametrize(
    "line",
    [
        "applications: {api: {appId: x}}",
        "applications:\n  api:\n    appId: not-an-id",
        "applications:\n    api: x",
        "groups: &anchor\n  a: b",
        f"groups:\n  ? a\n  : {guid(1)}",
        f"groups:\n  'a': {guid(1)}",
        f"groups:\n  a: !str {guid(1)}",
        f"groups:\n  a: {guid(1)}\n  a: {guid(2)}",
        f"groups:\n  a: {guid(1)}\ngroups:\n  b: {guid(1)}",
        f"groups:\n\ta: {guid(1)}",
        f"rejected:\n  - {guid(1)}\n  - *anchor",
        f'groups:\n  "a\\q": {guid(1)}',
        "owners:\n  a: b",
        "--- x",
    ],
)
def test_other_yaml_is_not_read(line: str) -> None:
    """Only the narrow form of `entra-config lock` is."""
    with pytest.raises(entra_verify.NotVerifiedError):
        entra_verify.parse_lock(f"tenantId: {TENANT}\n{line}\n".encode(), "e")
