"""What an apply made, as its lock file and the document for another job have it; and that document, taken."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from entra_config.apply.events import Event, StepDone, StepFailed
from entra_config.cli.options import Common
from entra_config.errors import UsageError
from entra_config.graph.request import Request
from entra_config.manifest import loader
from entra_config.manifest.environments.pins import Lock, PinnedApplication
from entra_config.manifest.model import Manifest
from entra_config.pinning import document as documents
from entra_config.pinning import made
from entra_config.pinning.document import MadeSecret
from entra_config.pinning.made import Pins
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Address, Ref
from tests.unit.pinning.pinned_ids import ROOT, TENANT, A, B, C

AT = "2026-11-25T12:00:00Z"
LATER = "2026-11-25T13:00:00Z"
STEP = Step("s1", (Address("application", "api"),), Phase.EXTEND, Request("PATCH", "/applications/x", {}))


@pytest.fixture
def common(tmp_path: Path) -> Common:
    """Write a manifest with an API and a web application whose secret has a life."""
    root = tmp_path / "checkout/manifests/entra-config.yaml"
    root.parent.mkdir(parents=True)
    root.write_text(ROOT)
    return Common("dev", root)


@pytest.fixture
def manifest(common: Common) -> Manifest:
    """Load it."""
    return loader.load(common.manifest, "dev")


def locked(common: Common) -> Path:
    """Return where its lock file is."""
    return common.manifest.with_name("entra-config.dev.lock.yaml")


def done(*made: tuple[str, str, str, str]) -> Event:
    """Return a completed step with the values of its response."""
    return StepDone(STEP, produced={Ref(Address(kind, key), name): id_ for kind, key, name, id_ in made})


def say(message: str) -> None:
    """Report to stderr."""
    print(message, file=sys.stderr)  # as the command does


def noted(manifest: Manifest, maker: str, *, lock: bool, file: Path | None = None) -> Pins:
    """Return the observer that writes the pins of a run."""
    return Pins(manifest, maker, say, lock=lock, file=file)


def taken(common: Common, path: Path) -> tuple[Path, Lock, Lock]:
    """Take a document as `lock --pins` does."""
    found = documents.read(path)
    manifest = loader.load(common.manifest, common.environment, pins=Lock())
    return made.take(path, found, manifest, say)


def created(key: str, app_id: str, at: str) -> Event:
    """Return a completed creation of an application, as Graph answers it."""
    values = (("id", "o1"), ("appId", app_id), ("createdDateTime", at))
    return done(*(("application", key, name, value) for name, value in values))


CREATED = created("api", A, "2026-11-25T12:00:00.9876543Z")


def test_each_application_is_pinned_as_soon_as_it_is_there(common: Common, manifest: Manifest) -> None:
    """With when, and by whom where that is known; a service principal is none, nor a step that failed."""
    notes = noted(manifest, B, lock=True)
    notes.begin()
    notes(StepFailed(STEP, "no"))
    notes(done(("servicePrincipal", "api", "id", "p1"), ("enterpriseApplication", "api", "appId", C)))
    assert (notes.ids, notes.made, locked(common).exists()) == (frozenset(), {}, False)

    notes(CREATED)
    noted(manifest, "", lock=True)(created("web", C, LATER))

    assert (notes.ids, [each.app_id for each in notes.made.values()]) == (frozenset({"o1"}), [A])
    assert locked(common).read_text().splitlines()[1:] == [
        f"tenantId: {TENANT}",
        "applications:",
        "  api:",
        f"    appId: {A}  # created {AT} by application {B}",
        "  web:",
        f"    appId: {C}  # created {LATER}",
    ]


@pytest.mark.parametrize(("maker", "by"), [(B, B), ("", None)])
def test_the_document_is_written_from_the_beginning(
    common: Common, manifest: Manifest, tmp_path: Path, maker: str, by: str | None
) -> None:
    """So that it is never an older run's; without a lock file where none is wanted."""
    file = tmp_path / "pins.json"
    file.write_text("an older run's")
    notes = noted(manifest, maker, lock=False, file=file)
    head = {
        "version": 1, "kind": "pins", "project": "myapp", "environment": "dev", "tenantId": TENANT,
        "renamed": [], "secrets": [],
    }  # fmt: skip

    notes.begin()
    assert json.loads(file.read_text()) == {**head, "pins": []}
    notes(CREATED)

    pin = {"key": "api", "appId": A, "createdDateTime": AT, "createdByAppId": by, "replaces": None}
    assert json.loads(file.read_text()) == {**head, "pins": [pin]}
    assert file.read_text().startswith('{\n  "version": 1,')
    assert file.read_text().endswith("}\n")
    assert not locked(common).exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("content", ["tenantId: [", None])
def test_an_apply_goes_on_where_nothing_can_be_pinned(
    common: Common, manifest: Manifest, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """A lock file that is none or no file is left alone; what is not pinned is said."""
    if content is None:
        locked(common).mkdir()
    else:
        locked(common).write_text(content)
    noted(manifest, "", lock=True)(CREATED)
    assert capsys.readouterr().err.startswith(f"{locked(common)}: api is not pinned there: ")
    assert content is None or locked(common).read_text() == content


def test_a_document_that_cannot_be_written_is_an_error(manifest: Manifest, tmp_path: Path) -> None:
    """Whoever asked for it waits for it."""
    with pytest.raises(UsageError, match=r"gone/pins\.json: cannot be written: No such file or directory$"):
        documents.write(tmp_path / "gone/pins.json", manifest, [], [])


def document(
    path: Path, *, made: tuple[tuple[str | None, ...], ...] = (), secrets: Any = (), **changed: Any
) -> Path:
    """Write a document."""
    rows = [
        {"key": key, "appId": id_, "createdDateTime": AT, "createdByAppId": by, "replaces": replaces}
        for key, id_, by, replaces in (row if len(row) == 4 else (*row, None) for row in made)
    ]
    mine = [
        MadeSecret(key=key, app_id=app_id, label=label, key_ids=ids).model_dump(by_alias=True)
        for key, app_id, label, ids in secrets
    ]
    whole = {"version": 1, "kind": "pins", "project": "myapp", "environment": "dev", "tenantId": TENANT}
    path.write_text(json.dumps({**whole, "pins": rows, "secrets": mine, **changed}))
    return path


def test_applications_of_a_document_are_pinned(
    common: Common, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was accepted of the same one stays, what of another lapses; what nobody declares is left out."""
    locked(common).write_text(
        f"tenantId: {TENANT}\napplications:\n"
        f"  api: {{ appId: {A}, owners: [{C}] }}\n  web: {{ appId: {C}, owners: [{C}] }}\n"
    )
    path = document(tmp_path / "p", made=(("api", A, B), ("web", B, None, C), ("gone", C, None)))

    file, old, new = taken(common, path)

    at = f"created {AT}"
    assert file == locked(common)
    assert set(old.applications) == {"api", "web"}
    assert new == Lock(
        TENANT,
        applications={
            "api": PinnedApplication(A, owners=(C,), note=f"{at} by application {B}"),
            "web": PinnedApplication(B, note=at),
        },
    )
    assert capsys.readouterr().err == "gone is skipped: the manifest does not declare it\n"


def renamed(common: Common, *, previously: bool = True) -> Manifest:
    """Declare the API under the key `portal`; return the manifest."""
    field = ", previously: api" if previously else ""
    text = ROOT.replace("api: { type: api", f"portal: {{ type: api{field}")
    common.manifest.write_text(text)
    return loader.load(common.manifest, "dev")


def tagged(key: str) -> Event:
    """Return a step that is done and wrote a key on an application."""
    request = Request("PATCH", "/applications/x", {"tags": ["other", f"entra-config:key={key}"]})
    address = Address("application", key)
    return StepDone(Step("s2", (address,), Phase.EXTEND, request, of=address))


MOVE = {"key": "portal", "previously": "api", "appId": A}


@pytest.mark.parametrize("ended", [False, True])
def test_a_rename_that_is_applied_moves_the_pin(common: Common, tmp_path: Path, *, ended: bool) -> None:
    """In the lock file and in the document, with all that was accepted; as soon as the new key is written,
    and at the end where an earlier run wrote it.
    """
    lock = f"tenantId: {TENANT}\napplications:\n  api: {{ appId: {A}, owners: [{C}] }}\n"
    locked(common).write_text(lock)
    file = tmp_path / "pins.json"
    notes = noted(renamed(common), B, lock=True, file=file)
    notes.begin()
    notes(tagged("web"))
    assert locked(common).read_text() == lock
    if ended:
        notes.finish()
    else:
        notes(tagged("portal"))
    moved = loader.load(common.manifest, "dev")
    assert (moved.pinned, moved.accepted, moved.renamed) == (
        {"portal": A},
        {A: frozenset({C})},
        {"portal": "api"},
    )
    assert json.loads(file.read_text())["renamed"] == [MOVE]

    locked(common).write_text(lock)
    _, _, new = taken(common, file)
    pin = PinnedApplication(A, owners=(C,), was="api")
    assert new == Lock(TENANT, applications={"portal": pin})


def test_what_is_created_under_a_new_key_was_not_renamed(
    common: Common, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the former key is pinned to is gone: its pin is not the new key's, and the document is taken."""
    lock = f"tenantId: {TENANT}\napplications:\n  api: {{ appId: {A} }}\n"
    locked(common).write_text(lock)
    file = tmp_path / "pins.json"
    notes = noted(renamed(common), B, lock=True, file=file)
    notes.begin()
    notes(created("portal", C, AT))
    notes(tagged("portal"))
    notes.finish()

    assert json.loads(file.read_text())["renamed"] == []
    assert loader.load(common.manifest, "dev").pinned["portal"] == C
    assert capsys.readouterr().err == ""
    locked(common).write_text(lock)
    _, _, new = taken(common, file)
    assert new.applications["portal"].app_id == C


@pytest.mark.parametrize(
    ("lock", "previously", "words"),
    [
        (f"api: {{ appId: {A} }}", False, "skipped"),
        (f"portal: {{ appId: {A} }}", True, ""),
        (f"web: {{ appId: {A} }}", True, "pins that application for `web`"),
        ("", True, "pins that application for no key"),
        (f"api: {{ appId: {A} }}, portal: {{ appId: {B} }}", True, f"pins `portal` to {B}"),
    ],
)
def test_a_rename_of_a_document_is_taken_only_as_the_manifest_says_it(  # noqa: PLR0917  # columns of a table
    common: Common,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    lock: str,
    previously: bool,
    words: str,
) -> None:
    """And only where the lock file still pins the application under its old key."""
    renamed(common, previously=previously)
    locked(common).write_text(f"tenantId: {TENANT}\napplications: {{ {lock} }}\n")
    path = document(tmp_path / "p", renamed=[MOVE])
    if words in {"", "skipped"}:
        _, old, new = taken(common, path)
        assert new == old
        assert words in capsys.readouterr().err
    else:
        with pytest.raises(UsageError, match=re.escape(words)):
            taken(common, path)


def test_a_creation_never_overwrites_the_pin_of_another_application(
    common: Common, manifest: Manifest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only of one that this run did not find in the tenant any more."""
    gone = f"tenantId: {TENANT}\napplications: {{ api: {{ appId: {C} }} }}\n"
    locked(common).write_text(gone)
    for rows in ((("api", A, None),), (("api", A, None, B),), (("web", C, None),)):
        with pytest.raises(UsageError, match="is pinned"):
            taken(common, document(tmp_path / "p", made=rows))
    noted(manifest, "", lock=True)(CREATED)
    assert f"api is not pinned there: `api` is pinned to appId {C}" in capsys.readouterr().err
    assert locked(common).read_text() == gone

    noted(loader.load(common.manifest, "dev"), "", lock=True)(CREATED)
    assert loader.load(common.manifest, "dev").pinned == {"api": A}


SECRETS: list[tuple[str, tuple[str, str, str, list[str]], str]] = [
    ("", ("web", B, "main", ["k1"]), f"nothing pins web to {B}; look, then"),
    (f"applications: {{ api: {{ appId: {A} }} }}", ("web", B, "main", ["k1"]), "nothing pins web"),
    (f"applications: {{ web: {{ appId: {B} }} }}", ("web", B, "other", ["k1"]), "does not declare it"),
    (f"applications: {{ api: {{ appId: {B} }} }}", ("api", B, "main", ["k1"]), "does not declare it"),
    (f"applications: {{ web: {{ appId: {B} }} }}", ("gone", B, "main", ["k1"]), "does not declare it"),
]


@pytest.mark.parametrize(("lock", "secret", "words"), SECRETS)
def test_secrets_that_cannot_be_taken_are_left_out(  # noqa: PLR0917  # the columns of a table
    common: Common,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    lock: str,
    secret: tuple[str, str, str, list[str]],
    words: str,
) -> None:
    """Of which application a key is, a list of its secrets does not decide."""
    locked(common).write_text(f"tenantId: {TENANT}\n{lock}\n")
    _, old, new = taken(common, document(tmp_path / "p", secrets=[secret]))
    err = " ".join(capsys.readouterr().err.split())
    assert new == old
    assert err.startswith(f"secret {secret[2]} of {secret[0]} is skipped: ")
    assert words in err


@pytest.mark.parametrize("by", ["lock", "manifest"])
def test_secrets_of_a_pinned_application_are_taken(common: Common, tmp_path: Path, by: str) -> None:
    """By the lock file, or by the manifest that says its appId."""
    if by == "lock":
        locked(common).write_text(f"tenantId: {TENANT}\napplications: {{ web: {{ appId: {B} }} }}\n")
    else:
        common.manifest.write_text(ROOT.replace("displayName: Web", f"displayName: Web\n    appId: {B}"))
    path = document(tmp_path / "p", secrets=[("web", B, "main", ["k2", "k1", "k2"])])
    _, _, new = taken(common, path)
    pinned = PinnedApplication(B, secrets=(("main", ("k1", "k2")),))
    assert new == Lock(TENANT, applications={"web": pinned})


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("", {"project": "other"}, "p: made for project other, and this is project myapp"),
    ("", {"environment": "prod"}, "p: made for environment prod, and this is environment dev"),
    ("", {"tenantId": A}, f"p: made for tenant {A}, and this is tenant {TENANT}"),
    (
        "",
        {"version": 2},
        (
            "p: these pins were written by another version of entra-config. "
            "Read the tenant instead:\n  entra-config lock -e ENV"
        ),
    ),
    (f"rejected: [{A}]", {"made": (("api", A, None),)}, f"p: appId {A} of api is rejected by the lock file"),
    (
        f"rejected: [{A}]",
        {"secrets": [("web", A, "main", [])]},
        f"p: appId {A} of web is rejected by the lock file",
    ),
    (
        f"applications: {{ web: {{ appId: {A} }} }}",
        {"secrets": [("web", B, "main", [])]},
        f"p: web is pinned to {A}, and these are secrets of {B}",
    ),
]


@pytest.mark.parametrize(("lock", "changed", "words"), REFUSED)
def test_a_document_for_something_else_is_refused(
    common: Common, tmp_path: Path, lock: str, changed: dict[str, Any], words: str
) -> None:
    """Nothing of it is taken."""
    locked(common).write_text(f"tenantId: {TENANT}\n{lock}\n")
    with pytest.raises(UsageError) as refused:
        taken(common, document(tmp_path / "p", **changed))
    assert str(refused.value) == f"{tmp_path}/{words}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file or directory"),
        (b" " * 2_000_001, "larger than 2000000 bytes; these are no pins of `apply --pins`"),
        (b" " * 2_000_000, "these are no pins of `apply --pins`: it: "),
    ],
)
def test_what_is_no_document_is_refused(
    common: Common, tmp_path: Path, content: bytes | None, words: str
) -> None:
    """What is larger than one can be is not read to its end."""
    path = tmp_path / "p"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        taken(common, path)
    assert str(refused.value).startswith(f"{path}: {words}")
