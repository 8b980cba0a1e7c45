"""A public client that takes passwords from anybody."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View

PATH = "isFallbackPublicClient"


def check(view: View) -> Iterator[Hit]:
    """Yield each public client that asks for no assignment."""
    for subject in view.subjects:
        if subject.public and not subject.assignment_required:
            yield Hit(
                subject.spot(PATH),
                f"anybody's password can be tried through `{subject.key}`",
                subject.key,
                PATH,
            )


RULE = Rule(
    id="ropc-possible",
    severity="I",
    confidence="medium",
    on=("manifest", "live"),
    finds="A public client that takes passwords from anybody.",
    why=(
        "A public client may send a name and a password straight to Entra, past the sign-in page. Who is "
        "not assigned "
        "cannot be tried with it."
    ),
    fix="Set `enterpriseApplication: { assignmentRequired: true }`.",
    source="Microsoft Learn, v2-oauth-ropc",
    bad="""\
applications:
  app:
    type: publicClient
    displayName: App
    «allowPublicClientFlows: true
""",
    good="""\
applications:
  app:
    type: publicClient
    displayName: App
    allowPublicClientFlows: true
    enterpriseApplication: { assignmentRequired: true }
""",
    check=check,
)
