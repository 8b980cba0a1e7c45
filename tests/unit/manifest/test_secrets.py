"""`credentials`: secrets and generated certificates with a life, and all that is noted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.reading.node import Map, to_data
from entra_config.manifest.sections import secrets
from entra_config.manifest.sinks import DeclaredSecret
from tests.unit.manifest.one_value import found, node


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
