"""Texts that hide: blanks and marks that nobody sees, look-alikes, what others take for markup, mail or a
mark of ours.
"""

from __future__ import annotations

from random import Random

# Names that people of the tenant chose; each is one group of it.
GROUPS = (
    "On\u200b call",
    "\u041en call",  # a Cyrillic O
    "Admins \u2190 user alice@contoso.com",
    "user:evil",
    "entra-config:owner=shop/prod",
    "ops@contoso.com",
    "`x` | <img src=x> @everyone",
    "Staff\u00a0",
    "Sta\u0301ff \U000e0041",
    "::set-output name=x::y",
    "```\n+ nothing",
    "</details> -->",
    "<!-- entra-config:rest -->",
)
# Values that a role or scope may have in Graph.
VALUES = ("entra-config:Admin", "user:x", "a@contoso.com", "Read.<b>", "(known", "~~~", "`", "[x]", "-->")
# URIs that a manifest may declare for a web or public client.
URIS = (
    "https://evil.example/@app.contoso.com/cb",
    "https://evil.example/alice@contoso.com",
    "https://app.contoso.com.evil.example/",
    "https://evil.example/entra-config:key=web",
    "https://evil.example/`x`",
    "https://evil.example/-->",
    "https://xn--pple-43d.example/cb",
)
PUBLIC_URIS = ("entra-config://evil/cb", "entra-config:evil", "myapp://a@contoso.com/cb", "user:evil")
SUBJECTS = (
    "repo:stranger/evil:ref:refs/heads/main",
    "repo:example/shop:environment:prod@contoso.com",
    "entra-config:owner=shop/prod",
    "repo:example/shop\u2024x:environment:prod",
    "a\u200bb",
    "system:serviceaccount:user:evil",
)
ISSUERS = (
    "https://token.actions.githubusercontent.com",
    "https://evil.example/a@contoso.com",
    "https://issuer.example/`x`/",
)
WORDS = (
    "reads",
    "writes",
    "sells",
    "a@contoso.com",
    "-->",
    "\\u{200b}",
    "\u202fx",
    "```",
    "| a |",
    "@everyone",
    "<b>",
)


def prose(random: Random, least: int, most: int) -> str:
    """Return a text for people, of any words."""
    return " ".join(random.choice(WORDS) for _ in range(random.randint(least, most)))


def long(random: Random, start: str, length: int) -> str:
    """Return a text that differs from others at its end only."""
    return f"{start}{'a' * max(0, length - len(start) - 4)}{random.randrange(10_000):04}"
