"""A secret that nobody accepted."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each secret whose key id the lock file does not name."""
    for subject, secret in each.credentials(view, "secret"):
        if secret.key_id not in view.manifest.accepted_of(subject.app_id):
            yield each.hit(subject, secret, f"nobody accepted the secret `{secret.name}` of `{subject.key}`")


RULE = Rule(
    id="secret-undeclared",
    severity="E",
    confidence="high",
    on=("live",),
    finds="A secret that nobody accepted.",
    why=(
        "The lock file names the secrets that somebody looked at, and those that a rotation made. Another "
        "one was added "
        "by hand, by whom the audit log says, or is what a rotation left behind."
    ),
    fix="Remove it (`entra-config credentials remove`), or accept it with `entra-config lock --accept`.",
    source="this project; drift tells who made it",
    bad=examples.secret("2026-09-01", "2026-12-31", reported=True),
    good=examples.secret("2026-09-01", "2026-12-31", key="22222222-0000-4000-8000-000000000002"),
    check=check,
)
