"""The list of credentials and what became of each, in a terminal's words, as JSON and as Markdown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import credentials as command
from entra_config.cli import formats
from entra_config.cli.options import Common
from entra_config.credentials.listing import ListedKey
from entra_config.credentials.rotation import Rotated
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.report import credentials, lines
from tests.unit.credentials.rotated_secret import MADE, SUBJECT

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEY = ListedKey(
    "web", "secret", "web", "k1", "current",
    start=NOW - timedelta(days=3, hours=1), end=datetime(2026, 12, 24, 8, 30, 5, tzinfo=UTC),
    place="file kept/web", used=datetime(2026, 11, 24, 23, tzinfo=UTC), due="it ends soon",
)  # fmt: skip
NONE = "No application of this environment has a secret, certificate or federated credential."
BARE = ListedKey("api", "certificate", "c|t", "", "missing", object="servicePrincipal")
FEDERATED = ListedKey("web", "federated credential", "main", "f1", "declared", place="https://i.example s")


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """Load a manifest that declares nothing."""
    path = tmp_path / "entra-config.yaml"
    path.write_text(
        "project: myapp\nenvironments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }\n"
    )
    return loader.load(path, "dev")


def shown(found: list[ListedKey]) -> str:
    """Return a list as a terminal without colours has it."""
    return lines.format_lines(credentials.lines(found, NOW))


def test_each_application_has_its_credentials_below_it() -> None:
    """Once its name, then each with standing, age, end and last use; where it stands and why it is due."""
    assert shown([BARE, KEY, FEDERATED, replace(KEY, used=None, place="", due="")]).splitlines() == [
        "api",
        f"  {'certificate c|t':44}there is none yet, on the service principal",
        "web",
        f"  {'secret web':44}its sink keeps it  3 days old, ends 24 Dec 2026, last used 24 Nov 2026",
        "      k1 · file kept/web",
        "      due: it ends soon",
        f"  {'federated credential main':44}declared",
        "      f1 · https://i.example s",
        f"  {'secret web':44}its sink keeps it  3 days old, ends 24 Dec 2026",
        "      k1",
    ]


def test_a_place_stands_there_before_anything_is_in_it() -> None:
    """A secret that is missing has no key id, and no dates either."""
    assert shown([replace(BARE, place="file a", due="there is none")]).splitlines()[2:] == [
        "      file a",
        "      due: there is none",
    ]


def test_where_nothing_signs_in_it_is_said() -> None:
    """An empty list is a sentence."""
    assert shown([]) == NONE + "\n"


@pytest.mark.parametrize(
    ("each", "standing", "dates"),
    [
        (replace(KEY, standing="rotated"), "made by a rotation, as the lock file says", "3 days old, ends"),
        (replace(KEY, standing="undeclared"), "undeclared", "3 days old, ends"),
        (replace(KEY, standing="accepted", start=None), "accepted", "of unknown age, ends"),
        (replace(KEY, standing="overlapping", start=NOW), "the one before, in its overlap", "0 days old"),
        (replace(KEY, end=NOW), "its sink keeps it", "3 days old, ended 25 Nov 2026"),
        (replace(KEY, end=NOW + timedelta(seconds=1)), "its sink keeps it", "3 days old, ends 25 Nov 2026"),
        (replace(KEY, end=None), "its sink keeps it", "3 days old, without an end"),
    ],
)
@pytest.mark.parametrize("read_uses", [True, False])
def test_one_credential_is_a_sentence(each: ListedKey, standing: str, dates: str, *, read_uses: bool) -> None:
    """What it is, how it stands, its age, its end and its last use."""
    said = credentials.reported(each, NOW, read_uses=read_uses)
    assert said.startswith(f"secret web of web: {standing}, {dates}")
    assert said.endswith(", last used 24 Nov 2026")


@pytest.mark.parametrize(
    ("read_uses", "words"), [(True, "no use is known"), (False, "its last use could not be read")]
)
def test_no_use_is_one_thing_and_not_to_know_is_another(words: str, *, read_uses: bool) -> None:
    """A tenant that does not say is not one that says never."""
    assert credentials.reported(replace(KEY, used=None), NOW, read_uses=read_uses).endswith(f", {words}")


@pytest.mark.parametrize(
    ("standing", "colour"),
    [
        ("undeclared", "yellow"), ("orphan", "yellow"), ("missing", "yellow"),
        ("current", ""), ("declared", ""), ("done", ""),
    ],
)  # fmt: skip
def test_what_somebody_must_look_at_is_yellow(standing: Any, colour: str) -> None:
    """An application's name is bold, ids are dim, and why it is due is yellow."""
    rows = list(credentials.lines([replace(KEY, standing=standing)], NOW))
    assert [row.spans[0][1] for row in rows] == ["bold", "", "", ""]
    assert rows[1].spans[2][1] == colour
    assert [row.spans[1][1] for row in rows[2:]] == ["dim", "yellow"]


@pytest.mark.parametrize("read_uses", [True, False])
def test_json_has_each_property(manifest: Manifest, *, read_uses: bool) -> None:
    """What is not known is null."""
    out = credentials.document(manifest, [KEY, BARE], read_uses=read_uses)
    assert json.loads(out) == (
        {
            "version": 1,
            "kind": "credentials",
            "environment": "dev",
            "usesRead": read_uses,
            "credentials": [
                {
                    "application": "web", "object": "application", "type": "secret", "name": "web",
                    "keyId": "k1", "standing": "current", "start": "2026-11-22T11:00:00Z",
                    "end": "2026-12-24T08:30:05Z", "place": "file kept/web",
                    "lastUsed": "2026-11-24T23:00:00Z", "due": "it ends soon",
                },
                {
                    "application": "api", "object": "servicePrincipal", "type": "certificate", "name": "c|t",
                    "keyId": None, "standing": "missing", "start": None, "end": None, "place": None,
                    "lastUsed": None, "due": None,
                },
            ],
        }
    )  # fmt: skip
    assert out.startswith('{\n  "version": 1,')
    assert out.endswith("}\n")


def test_markdown_is_one_table(manifest: Manifest) -> None:
    """A row each, names as code; without any it is a sentence."""
    out = "".join(credentials.markdown(manifest, found, NOW, None) for found in ([KEY, BARE], []))
    assert out.splitlines() == (
        [
            "### Credentials of `myapp/dev`",
            "",
            "| application | credential | key id | end | last use |",
            "|---|---|---|---|---|",
            "| `web` | secret `web`, its sink keeps it | `k1` | ends 24 Dec 2026 | 24 Nov 2026 |",
            "| `api` | certificate `c\\|t`, there is none yet |  | without an end | not known |",
            "### Credentials of `myapp/dev`",
            "",
            NONE,
        ]
    )


@pytest.mark.parametrize("read_uses", [True, False])
def test_text_says_what_it_takes_to_know_last_uses(
    manifest: Manifest, capsys: pytest.CaptureFixture[str], *, read_uses: bool
) -> None:
    """On stderr, where the tenant did not say; the list is on stdout."""
    report = formats.CredentialsReport(manifest, [BARE], NOW, read_uses)
    command._show(Common(), "text", report)
    out, err = capsys.readouterr()
    assert out.startswith("api\n  certificate c|t ")
    said = "last use: nobody told; it takes AuditLog.Read.All and a report that only the beta endpoint has"
    assert " ".join(err.split()) == ("" if read_uses else said)


def test_what_became_of_each_secret_is_a_line() -> None:
    """What was made, until when and where it is; or that it was not due, and what went."""
    done = [
        MADE,
        replace(MADE, ends=None),
        Rotated(SUBJECT, ("k1",), removed=("k0", "k9")),
        Rotated(SUBJECT, ("k1",)),
    ]
    assert lines.format_lines(map(credentials.rotation_line, done)) == (
        "  + web/main: k2 until 23 Feb 2027 → file kept/web, signed in\n"
        "  + web/main: k2 → file kept/web, signed in\n"
        "  = web/main: not due, 2 taken away\n"
        "  = web/main: not due\n"
    )


def test_what_became_of_each_secret_is_a_document() -> None:
    """Each property of the schema; null where nothing was made."""
    out = credentials.rotation_document([MADE, Rotated(SUBJECT, ("k1",), removed=("k0",))])
    same = {
        "application": "web", "type": "secret", "secret": "main", "sink": "vault", "place": "file kept/web"
    }  # fmt: skip
    assert out == {
        "version": 1,
        "kind": "rotation",
        "secrets": [
            {
                **same,
                "made": "k2",
                "ends": "2027-02-23T12:00:00Z",
                "signedIn": True,
                "removed": [],
                "keyIds": ["k2", "k1"],
            },
            {**same, "made": None, "ends": None, "signedIn": False, "removed": ["k0"], "keyIds": ["k1"]},
        ],
    }
