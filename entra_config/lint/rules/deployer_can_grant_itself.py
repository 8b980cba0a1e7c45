"""The identity that applies is an application that it applies."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application that a deployer is, by its name or its appId."""
    deployers = view.manifest.deployers or ()
    names = {word.casefold() for each in deployers for word in (each.name, each.id or "")} - {""}
    for subject in view.subjects:
        if {subject.name.casefold(), subject.app_id.casefold()} & names:
            message = f"`{subject.key}` applies this manifest, and is in it"
            yield Hit(subject.spot("displayName"), message, subject.key, "deployer")


RULE = Rule(
    id="deployer-can-grant-itself",
    severity="E",
    confidence="high",
    on=("manifest",),
    finds="The identity that applies is an application that it applies.",
    why=(
        "Then a pull request that changes that application changes the pipeline's own power, with "
        "the pipeline's own power."
    ),
    fix="Keep the pipeline's identities in a manifest of their own, which people apply.",
    source="this project; zizmor",
    bad="""\
project: myapp
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111, deployers: [MyApp Writer] }
applications:
  writer:
    type: daemon
    «displayName: MyApp Writer
""",
    good="""\
project: myapp
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111, deployers: [MyApp Writer] }
applications:
  writer:
    type: daemon
    displayName: MyApp Nightly Writer
""",
    check=check,
)
