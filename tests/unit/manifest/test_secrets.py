"""`credentials`: secrets and generated certificates with a life, and all that is noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.reading.node import Map, Node, to_data
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import secrets
from entra_config.manifest.sinks import DeclaredSecret
from tests.unit.manifest.one_value import found, node

LENGTH = "expected days or weeks such as P90D or P12W, found"


def made(label: str, column: int, days: int = 90, overlap: float = 14, **more: Any) -> DeclaredSecret:
    """Return a secret that the sink `web` keeps."""
    position = Position("f", 1, column)
    lives = {"lifetime": timedelta(days=days), "overlap": timedelta(days=overlap), "position": position}
    return DeclaredSecret(label, more.pop("sink", "web"), **{**lives, **more})


def fields(text: str) -> Map:
    """Return what an application says."""
    of = node(text)
    assert isinstance(of, Map)
    return of


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("{}", [], []),
        ("{ a: null, b: { sink: web } }", [made("b", 41)], []),
        (
            "{ a: { sink: web, lifetime: P30D, overlap: P15D, until: 2027-01-31 } }",
            [made("a", 32, 30, 15, until=date(2027, 1, 31))],
            [],
        ),
        ("{ a: { sink: web, lifetime: P2W } }", [made("a", 32, 14, 7)], []),
        ("{ a: { sink: web, lifetime: P28D } }", [made("a", 32, 28, 14)], []),
        ("{ a: { sink: web, lifetime: P27D } }", [made("a", 32, 27, 13.5)], []),
        ("{ a: { sink: web, lifetime: P730D } }", [made("a", 32, 730)], []),
        (
            "{ a: { sink: web, lifetime: P731D } }",
            [made("a", 32, 731)],
            ["f:1:48: secret `a` lives 731 days; 730 at most"],
        ),
        (
            "{ a: { sink: web, lifetime: P30D, overlap: P16D } }",
            [made("a", 32, 30, 16)],
            [
                "f:1:64: secret `a`: an overlap of 16 days is more than half of 30: the next would be due at once"
            ],
        ),
        (
            "{ a: { sink: web, lifetime: P0D, overlap: 7 } }",
            [made("a", 32)],
            [
                f'f:1:58: `lifetime`: {LENGTH} "P0D"',
                "f:1:72: `overlap`: expected a string (write it in quotes), found the number 7",
            ],
        ),
        ("{ a: { sink: web, lifetime: P1D } }", [made("a", 32, 1, 0.5)], []),
        ("{ a: { sink: web, lifetime: 1 day } }", [made("a", 32)], [f'f:1:58: `lifetime`: {LENGTH} "1 day"']),
        (
            "{ a: {}, a.b: { sink: web, in: x } }",
            [made("a", 32, sink=""), made("a.b", 39)],
            [
                "f:1:35: `sink` of secret `a` is missing: a string",
                "f:1:39: `a.b` (a secret) is no key: a letter, then letters, digits and hyphens",
                "f:1:57: `in` is not a key of a secret. Did you mean `sink`?",
            ],
        ),
        (
            "{ a: { sink: web }, A: { sink: web } }",
            [made("a", 32), made("A", 50)],
            [
                "f:1:50: `A` (a secret) and `a` at f:1:32 differ only in the case of a letter: Graph does not tell them apart"
            ],
        ),
    ],
)
def test_secrets(text: str, expected: list[DeclaredSecret], noted: list[str]) -> None:
    """Ninety days with an overlap of two weeks, or of half its life where that is less."""
    of = fields(f"{{ credentials: {{ secrets: {text} }} }}")
    value, problems = found(lambda reader, _: secrets.secrets(of, reader), None)

    assert (list(value.values()), list(value)) == (expected, [each.label for each in expected])
    assert sorted(problems) == noted


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("{}", [], []),
        ("{ a: x.pem, b: { file: x.pem }, c: null }", [], []),
        (
            "{ a: { generate: { in: web } } }",
            [made("a", 22, type="certificate")],
            [],
        ),
        (
            "{ a: { generate: { in: web, lifetime: P30D }, until: 2027-01-31 } }",
            [made("a", 22, 30, 14, type="certificate", until=date(2027, 1, 31))],
            [],
        ),
        (
            "{ a: { generate: { in: web }, usage: Verify, file: x } }",
            [made("a", 22, type="certificate")],
            [
                "f:1:50: certificate `a` is generated: `usage` has no place beside `generate`",
                "f:1:65: certificate `a` is generated: `file` has no place beside `generate`",
            ],
        ),
        (
            "{ b.c: { generate: { sink: web } } }",
            [made("b.c", 22, sink="", type="certificate")],
            [
                "f:1:22: `b.c` (a generated certificate) is no key: a letter, then letters, digits and hyphens",
                "f:1:41: `sink` is not a key of `generate`. Did you mean `in`?",
                "f:1:39: `in` of certificate `b.c` is missing: a string",
            ],
        ),
        (
            "{ WEB: { generate: { in: web } } }",
            [made("WEB", 22, type="certificate")],
            [
                "f:1:22: certificate `WEB` has the name of secret `web`. The lock file tells the two apart by name: rename one of them"
            ],
        ),
        (
            "{ a: { generate: { in: web } }, A: { generate: { in: web } } }",
            [made("a", 22, type="certificate"), made("A", 52, type="certificate")],
            [
                "f:1:52: `A` (a generated certificate) and `a` at f:1:22 differ only in the case of a letter: Graph does not tell them apart"
            ],
        ),
    ],
)
def test_generated_certificates(text: str, expected: list[DeclaredSecret], noted: list[str]) -> None:
    """A key pair with a life, beside which nothing but its end is said."""
    of = fields(f"{{ certificates: {text} }}")
    others = {"other": made("other", 1), "web": made("web", 1)}

    def read(reader: Reader, _: Node | None) -> Mapping[str, DeclaredSecret]:
        return secrets.generated(of.node("certificates"), of, others, reader)

    value, problems = found(read, None)

    assert (list(value.values()), list(value)) == (expected, [each.label for each in expected])
    assert problems == noted


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("{}", None, []),
        ("{ credentials: null }", None, []),
        ("{ certificates: { a: x.pem } }", {"a": "x.pem"}, []),
        ("{ credentials: { certificates: { a: x.pem } } }", {"a": "x.pem"}, []),
        (
            "{ certificates: { a: x.pem }, credentials: { certificates: { b: x.pem } } }",
            {"b": "x.pem"},
            ["f:1:49: `certificates` stand beside `credentials` too: say them in one place"],
        ),
        ("{ certificates: { a: x.pem }, credentials: { secrets: {} } }", {"a": "x.pem"}, []),
        (
            "{ credentials: { secret: {} } }",
            None,
            ["f:1:21: `secret` is not a key of `credentials`. Did you mean `secrets`?"],
        ),
    ],
)
def test_certificates_stand_in_one_place(text: str, expected: Any, noted: list[str]) -> None:
    """Under the application, or under its `credentials`."""
    value, problems = found(lambda reader, _: secrets.certificates(fields(text), reader), None)

    assert (None if value is None else to_data(value), problems) == (expected, noted)


def test_without_a_service_principal_nothing_signs_in() -> None:
    """What is made needs one; where nothing is made, nothing is missing."""
    text = "{ enterpriseApplication: null, credentials: { secrets: %s }, certificates: %s }"
    empty, full = (
        fields(text % ("{}", "{}")),
        fields(text % ("{ a: { sink: web } }", "{ b: { generate: { in: web } } }")),
    )

    def read(of: Map, reader: Reader) -> None:
        own = secrets.secrets(of, reader)
        secrets.generated(of.node("certificates"), of, own, reader)

    assert found(lambda reader, _: read(empty, reader), None)[1] == []
    assert found(lambda reader, _: read(full, reader), None)[1] == [
        "f:1:6: `enterpriseApplication: null`: without a service principal no secret signs in",
        "f:1:6: `enterpriseApplication: null`: without a service principal no certificate signs in",
    ]


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        (None, datetime(2027, 1, 31, 12, tzinfo=UTC)),
        (date(2027, 1, 31), datetime(2027, 1, 31, 12, tzinfo=UTC)),
        (date(2027, 1, 30), datetime(2027, 1, 31, tzinfo=UTC)),
    ],
)
def test_what_is_made_ends_after_its_lifetime(until: date | None, ends: datetime) -> None:
    """Or with the last day that is said, whichever comes first."""
    secret = made("a", 1, 30, until=until)

    assert secret.end(datetime(2027, 1, 1, 12, tzinfo=UTC)) == ends
    assert secret.collection == "passwordCredentials"
    assert made("a", 1, type="certificate").collection == "keyCredentials"
