"""What a collection serves of a filter: by default, by advanced queries, or never."""

import pytest

from entra_emulator.graph.clauses import Rules, check_filter
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.filters import parse

RULES = Rules(
    "application",
    "Application",
    {
        "displayName": frozenset({"eq", "in", "startswith", "ge", "le"}),
        "appId": frozenset({"eq", "in"}),
        "ours": frozenset({"eq"}),
        "info/logoUrl": frozenset({"eq"}),
        "createdDateTime": frozenset({"gt"}),
        "tags/any": frozenset({"eq", "startswith"}),
        "keyCredentials/any/keyId": frozenset({"eq", "in"}),
    },
    frozenset({"publisherDomain", "owners/$count", "identifierUris/any"}),
)
UNSUPPORTED = (
    "Unsupported or invalid query filter clause specified for property '{}' of resource 'Application'."
)


def refused(text: str, *, advanced: bool) -> str:
    """Give the words of a refusal, nothing where the filter is served."""
    try:
        check_filter(RULES, parse(text), advanced=advanced)
    except ODataError as error:
        return f"{error.status}: {error}"
    return ""


LONG, TOO_LONG = "x" * 120, "x" * 121
FIFTEEN, SIXTEEN = (", ".join(f"'{n}'" for n in range(most)) for most in (15, 16))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("displayName eq 'a'", ""),
        ("displayName ge 'a'", ""),
        ("displayName gt 'a'", ""),
        ("displayName lt 'a'", ""),
        ("startswith(displayName,'a')", ""),
        ("displayName in ('a','b')", ""),
        ("appId eq 'a'", ""),
        ("ours eq 'a'", ""),
        ("info/logoUrl eq 'a'", ""),
        ("tags/any(t:t eq 'a')", ""),
        ("tags/any(t:startswith(t,'a'))", ""),
        ("keyCredentials/any(k:k/keyId eq 'a')", ""),
        ("keyCredentials/any(k:k/keyId in ('a','b'))", ""),
        ("_extensions/name eq 'a'", ""),
        ("startswith(_extensions/name,'a')", ""),
        ("_extensions/schema/name eq 'a'", ""),
        (f"displayName eq '{LONG}'", ""),
        (f"displayName in ({FIFTEEN})", ""),
        ("displayName eq 'a' and appId eq 'b'", ""),
        ("displayName eq ''", UNSUPPORTED.format("displayName")),
        (f"displayName eq '{TOO_LONG}'", UNSUPPORTED.format("displayName")),
        (f"displayName in ({SIXTEEN})", "operators: 16. Max allowed: 15."),
        ("displayName in ('a','')", UNSUPPORTED.format("displayName")),
        ("displayName has 'a'", UNSUPPORTED.format("displayName")),
        ("appId ge 'a'", UNSUPPORTED.format("appId")),
        ("createdDateTime eq 'a'", UNSUPPORTED.format("createdDateTime")),
        ("startswith(createdDateTime,'a')", UNSUPPORTED.format("createdDateTime")),
        ("tags/any(t:contains(t,'a'))", UNSUPPORTED.format("tags")),
        ("tags/any(t:endswith(t,'a'))", "Operator 'EndsWith' is not supported"),
        ("keyCredentials/any(k:k/type in ('c'))", UNSUPPORTED.format("keyCredentials")),
        ("tags/any(t:t in ('a','b'))", UNSUPPORTED.format("tags")),
        ("appId gt 'a'", UNSUPPORTED.format("appId")),
        ("appId lt 'a'", UNSUPPORTED.format("appId")),
        ("createdDateTime lt 'a'", UNSUPPORTED.format("createdDateTime")),
        ("startswith(appId,'a')", UNSUPPORTED.format("appId")),
        ("info/logoUrl ge 'a'", UNSUPPORTED.format("info")),
        ("info/termsOfServiceUrl eq 'a'", UNSUPPORTED.format("info")),
        (
            "keyCredentials/any(k:k/keyId in ('a','b') and k/type eq 'c')",
            UNSUPPORTED.format("keyCredentials"),
        ),
        ("tags/any(t:t ge 'a')", UNSUPPORTED.format("tags")),
        ("contains(displayName,'a')", UNSUPPORTED.format("displayName")),
        ("publisherDomain eq 'a'", UNSUPPORTED.format("publisherDomain")),
        ("identifierUris/any(u:u eq 'a')", UNSUPPORTED.format("identifierUris")),
        ("identifierUris/any()", UNSUPPORTED.format("identifierUris")),
        ("owners/$count eq 0", UNSUPPORTED.format("owners")),
        ("displayName eq null", "with a null value is not supported for property 'displayName'."),
        ("displayName ne 'a'", "Operator 'NotEqualsMatch' is not supported"),
        ("endswith(displayName,'a')", "Operator 'EndsWith' is not supported"),
        ("not (displayName eq 'a')", "Operator 'not' is not supported"),
        ("tags/any(t:not (t eq 'a'))", "Operator 'not' is not supported"),
        ("appId eq 'b' and displayName ne 'a'", "Operator 'NotEqualsMatch'"),
        (
            "nothing eq 'a'",
            "Could not find a property named 'nothing' on type 'microsoft.graph.application'.",
        ),
        ("_extensions/name ne 'a'", "Operator 'NotEqualsMatch'"),
        ("_extensions/schema/name ge 'a'", UNSUPPORTED.format("schema")),
        ("startswith(_extensions/schema/name,'a')", UNSUPPORTED.format("schema")),
    ],
)
def test_what_a_collection_serves_by_default(text: str, words: str) -> None:
    """As its rules say; a refusal names the property, the operator or the number."""
    found = refused(text, advanced=False)
    assert (found.startswith("400: ") and words in found) if words else not found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("displayName ne 'a'", ""),
        ("displayName eq null", ""),
        ("displayName eq ''", ""),
        ("endswith(displayName,'a')", ""),
        ("not (displayName eq 'a')", ""),
        ("tags/any(t:not (t eq 'a'))", ""),
        ("tags/any()", ""),
        ("publisherDomain eq 'a'", ""),
        ("identifierUris/any(u:u eq 'a')", ""),
        ("owners/$count eq 0", ""),
        ("owners/$count ne 0", ""),
        (f"displayName eq '{TOO_LONG}'", ""),
        (f"displayName in ({SIXTEEN})", ""),
        ("contains(displayName,'a')", UNSUPPORTED.format("displayName")),
        ("members/$count eq 0", "Could not find a property named 'members'"),
        ("notes eq 'a'", UNSUPPORTED.format("notes")),
        ("keyCredentials/any(k:k/type eq 'c')", UNSUPPORTED.format("keyCredentials")),
        ("nothing eq 'a'", "Could not find a property named 'nothing'"),
    ],
)
def test_what_a_collection_serves_by_advanced_queries(text: str, words: str) -> None:
    """All operators of what may be filtered, but for `contains`; never what may not be."""
    found = refused(text, advanced=True)
    assert (found.startswith("400: ") and words in found) if words else not found
