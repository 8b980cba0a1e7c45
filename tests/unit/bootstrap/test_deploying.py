"""Who applies an environment is named in the manifest, and pinned in its lock file."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.bootstrap import deploying
from entra_config.bootstrap.model import JobIdentity, Pipeline
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Pin
from entra_config.manifest.reading.problems import Problems

TENANT = "11111111-1111-1111-1111-111111111111"
OLD, NEW = "22222222-2222-2222-2222-222222222222", "33333333-3333-3333-3333-333333333333"
HEAD = f"project: shop\nenvironments:\n  live:\n    tenantId: {TENANT}\n"
JOB = "    variables: { job: writer }\n"
READER = JobIdentity("reader", "Shop Reader", "", ("B", "A"), ())
WRITER = JobIdentity("writer-live", "Shop Writer", "live", ("B", "C"), ())
AUDIT = JobIdentity("writer-audit", "Audit Writer", "audit", (), ())
PIPELINE = Pipeline("shop", TENANT, "https://i", (READER, WRITER, AUDIT), ())
ONE = Pipeline("shop", TENANT, "https://i", (READER, WRITER), ())


def test_a_pipeline_has_a_reader_and_writers() -> None:
    """Hold who is which, and each permission once, by name."""
    assert (PIPELINE.reader, PIPELINE.writers) == (READER, (WRITER, AUDIT))
    assert PIPELINE.permissions == ("A", "B", "C")


@pytest.mark.parametrize(
    ("deployers", "after"),
    [
        ("", "    deployers: [Shop Writer]\n"),
        ("    deployers: [ann@contoso.com]\n", "    deployers: [ann@contoso.com, Shop Writer]\n"),
        ("    deployers: [shop WRITER]\n", "    deployers: [shop WRITER]\n"),
        ("    deployers: [{ name: Shop Writer }]\n", "    deployers: [{ name: Shop Writer }]\n"),
        (
            "    deployers: [{ name: Other }]\n",
            "    deployers: [{ name: Other }, Shop Writer]\n",
        ),
        ('    deployers: ["Shop ${job}"]\n' + JOB, '    deployers: ["Shop ${job}"]\n' + JOB),
        (
            '    deployers: ["${environment}"]\n',
            '    deployers: ["${environment}", Shop Writer]\n',
        ),
    ],
    ids=["nobody", "another", "in another case", "as a map", "another as a map", "variable", "another's"],
)
def test_a_writer_is_named_once(deployers: str, after: str, tmp_path: Path) -> None:
    """Hold that whoever is named there stays."""
    root = tmp_path / "entra-config.yaml"
    root.write_text(HEAD + deployers, encoding="utf-8")
    edit = deploying.named(root, ONE)

    assert list(edit.after.values()) == ([HEAD + after] if deployers != after else [])


def pinned(folder: Path, principals: dict[str, str], before: dict[str, Pin]) -> dict[str, dict[str, Pin]]:
    """Return the service principals that each lock file which changes pins, by the file's name."""
    root = folder / "entra-config.yaml"
    root.write_text(HEAD, encoding="utf-8")
    if before:
        rows = "".join(f"  {name}: {pin.id}\n" for name, pin in before.items())
        (folder / "entra-config.live.lock.yaml").write_text(
            f"tenantId: {TENANT}\nservicePrincipals:\n{rows}", encoding="utf-8"
        )
    found = {}
    for file, text in deploying.locked(root, PIPELINE, principals).items():
        file.write_text(text, encoding="utf-8")
        problems = Problems()
        read = lock.read(file, problems)
        problems.finish()
        assert read.tenant_id == TENANT
        found[file.name] = dict(read.service_principals)
    return found


LIVE, AUDITED = "entra-config.live.lock.yaml", "entra-config.audit.lock.yaml"


@pytest.mark.parametrize(
    ("principals", "before", "expected"),
    [
        ({}, {}, {}),
        ({"writer-live": NEW}, {}, {LIVE: {"Shop Writer": Pin(NEW)}}),
        (
            {"writer-live": NEW, "writer-audit": OLD},
            {},
            {LIVE: {"Shop Writer": Pin(NEW)}, AUDITED: {"Audit Writer": Pin(OLD)}},
        ),
        (
            {"writer-live": NEW},
            {"Other": Pin(OLD), "shop writer": Pin(OLD)},
            {LIVE: {"Other": Pin(OLD), "Shop Writer": Pin(NEW)}},
        ),
        ({"writer-live": NEW}, {"Shop Writer": Pin(NEW)}, {}),
        ({"writer-live": NEW}, {"SHOP writer": Pin(NEW)}, {}),
        ({"writer-audit": OLD}, {"Shop Writer": Pin(NEW)}, {AUDITED: {"Audit Writer": Pin(OLD)}}),
    ],
    ids=["nobody is there", "new", "both", "another", "the same", "in another case", "only one is there"],
)
def test_a_writer_is_pinned_to_its_principal(
    principals: dict[str, str], before: dict[str, Pin], expected: dict[str, dict[str, Pin]], tmp_path: Path
) -> None:
    """Hold which lock files change, and that others' pins stay."""
    assert pinned(tmp_path, principals, before) == expected
