"""A name that people take for Microsoft's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from entra_config.characters import invisible
from entra_config.confusables import skeleton
from entra_config.lint.model import Hit, Rule, View
from entra_config.lint.words import split_words

BRANDS = (
    "microsoft", "office 365", "office365", "azure ad", "azure active directory", ("entra "
"id"), "outlook", "onedrive", "sharepoint",
)  # fmt: skip


def check(view: View) -> Iterator[Hit]:
    """Yield each name that begins like a product of Microsoft's, to the eye, and each with what cannot be
    seen in it.
    """
    brands = frozenset(skeleton(brand.replace(" ", "")) for brand in BRANDS)
    for subject in view.subjects:
        where = subject.spot("displayName")
        if any(map(invisible, subject.name)):
            yield Hit(
                where,
                f"the name of `{subject.key}` holds characters that nobody sees",
                subject.key,
                "invisible",
            )
        elif brands & {skeleton(beginning) for beginning in accumulate(split_words(subject.name))}:
            yield Hit(
                where, f"`{subject.name}` is taken for an application of Microsoft's", subject.key, "brand"
            )


RULE = Rule(
    id="name-looks-like-microsoft",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="A name that people take for Microsoft's.",
    why=(
        "The consent page shows the name, and people say yes to Microsoft. Phishing does it on purpose, "
        "and then "
        "nobody tells the two apart."
    ),
    fix="Begin with your own product's name; `MyApp for Microsoft Teams` says what it is.",
    source="Microsoft Learn, terms of the branding guidelines; Unicode TR 39",
    bad="""\
applications:
  app:
    type: web
    «displayName: Microsоft Teams Sync
""",
    good="""\
applications:
  app:
    type: web
    displayName: MyApp for Microsoft Teams
""",
    check=check,
)
