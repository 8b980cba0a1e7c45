"""A file with one access test as a text, and what its run failures."""

from __future__ import annotations

from entra_config.testing.results import Failure, Results

HEAD = """\
people:
  alice@contoso.com: { memberOf: [Clerks] }
  bob@contoso.com: {}
  carol@contoso.com: { memberOf: [Night shift] }
groups: { Night shift: { memberOf: [Bosses] } }
tests:
"""


def one(
    expect: str,
    *,
    who: str = "alice@contoso.com",
    client: str = "page",
    asks: str = "api/read",
    more: str = "",
) -> str:
    """Return a file with one test."""
    return f"{HEAD}- {{ it: holds, as: {who}, client: {client}, asks: [{asks}], expect: {expect}{more} }}\n"


def failures(results: Results) -> tuple[Failure, ...]:
    """Return what the only test failures."""
    (result,) = results.results
    return result.failures
