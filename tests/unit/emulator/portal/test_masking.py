"""What a request holds is shown by its fields; what is secret there is masked, wherever it stands again."""

import json
from typing import Any

import pytest

from entra_emulator.portal import masking

TOKEN = "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("value", "name", "shown"),
    [
        ("Correct-Horse-9", "password", "masked"),
        ("Correct-Horse-9", "PassWord", "masked"),
        (1234, "password", "masked"),
        (["a"], "password", "masked"),
        (None, "password", None),
        ("", "password", ""),
        ([], "password", []),
        ("invalid_grant", "code", "invalid_grant"),
        ("BadRequest", "Code", "BadRequest"),
        ("abc", "code", "abc"),
        ("ab", "code", "masked"),
        ("a" * 60, "code", "a" * 60),
        ("a" * 61, "code", "masked"),
        ("0.AbC", "code", "masked"),
        (400, "code", "masked"),
        ("letters", "password", "masked"),
        (f"Bearer {TOKEN}.", "message", "Bearer masked"),
        ("eyJshort", "message", "eyJshort"),
        ([TOKEN, 1, None], "all", ["masked", 1, None]),
        ({"a": [{"secretText": "x"}]}, "", {"a": [{"secretText": "masked"}]}),
    ],
)
def test_a_value_under_a_secret_name_is_masked_and_a_token_anywhere(
    value: Any, name: str, shown: Any
) -> None:
    """What is empty is no secret, and an error's `code` is a word."""
    assert masking.value_of(value, name) == shown


@pytest.mark.parametrize(
    ("data", "content_type", "shown"),
    [
        (b"", "application/json", ""),
        (b"user=bob&password=x&state=", FORM, "user = bob\npassword = masked\nstate = "),
        (b"user=bob", f" {FORM.upper()} ; charset=utf-8", "user = bob"),
        (b'{"a":1}', "application/json; charset=utf-8", '{\n  "a": 1\n}'),
        ('{"a":"ü"}'.encode(), "", '{\n  "a": "ü"\n}'),
        (b"[1]", "application/json", "[\n  1\n]"),
        (b'{"a":1}', "text/html", "7 bytes of text/html: not shown"),
        (b'"a text"', "application/json", "8 bytes of application/json: not shown"),
        (b"{broken", "", "7 bytes of no type: not shown"),
        (b"\xff", FORM, f"1 bytes of {FORM}: not shown"),
        (b"[" * 200_000, "application/json", "200,000 bytes of application/json: not shown"),
        (b"12", "text/plain", "12"),
        (b"1" * 19, "text/plain", "1" * 19),
        (b"1" * 20, "text/plain", "20 bytes of text/plain: not shown"),
        (b"a word", "text/plain", "6 bytes of text/plain: not shown"),
        (b"12", "text/html", "2 bytes of text/html: not shown"),
    ],
)
def test_a_body_is_shown_by_its_fields_or_by_its_size(data: bytes, content_type: str, shown: str) -> None:
    """JSON, forms and a number; nothing else."""
    assert masking.body(data, content_type) == shown


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"user_code": "ABCD-EFGH", "message": "Enter ABCD-EFGH."}, "Enter masked."),
        ({"all": [{"user_code": "ABCD-EFGH"}], "message": "Enter ABCD-EFGH."}, "Enter masked."),
        ({"user_code": "ABCDEF", "message": "Enter ABCDEF."}, "Enter masked."),
        ({"user_code": "ABCDE", "message": "Enter ABCDE."}, "Enter ABCDE."),
        ({"user_code": 123456, "message": "Enter 123456."}, "Enter masked."),
        ({"user_code": "ABCDEF", "nonce": "ABCDEFGH", "message": "ABCDEFGH ABCDEF"}, "masked masked"),
        ({"password": 'Two"quotes"', "message": 'Two"quotes" is weak'}, "masked is weak"),
        ({"password": "Grüße-9", "message": "Grüße-9 is weak"}, "masked is weak"),
        ({"name": "ABCD-EFGH", "message": "Enter ABCD-EFGH."}, "Enter ABCD-EFGH."),
    ],
)
def test_a_secret_is_masked_in_the_sentences_beside_it(given: dict[str, Any], message: str) -> None:
    """However it is written there, and the longer one first; what is short could be a part of any word."""
    assert json.loads(masking.body(json.dumps(given).encode(), ""))["message"] == message


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("", ""),
        ("https://a.example:8/x", "https://a.example:8/x"),
        ("/login?user=bob&empty=", "/login\n  user = bob\n  empty = "),
        ("https://a/?code=0.A#state=s&e=no", "https://a/\n  code = masked\n  state = masked\n  e = no"),
        (f"/at/{TOKEN}", "/at/masked"),
        ("https://[", "masked"),
    ],
)  # fmt: skip
def test_where_it_leads_has_its_parameters_line_by_line(address: str, shown: str) -> None:
    """Without what they are worth; what is no address is masked whole."""
    assert masking.location(address) == shown
