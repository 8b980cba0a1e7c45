"""What AWS documents of a load balancer that signs in or checks tokens, a line each, and the test that holds
the stand-in to it; no line without a test, and no test without a line.

Pages of AWS are named as in `listener`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SILENT = "no page says"

MODULES = ("test_rules.py", "test_signing_in.py", "test_validation.py")
FACTS: dict[str, tuple[str, ...]] = {
    # jwt-validation
    "ELB-jwt: HTTPS listeners only": ("test_only_https_listeners_check_who_calls",),
    "ELB-jwt: signature, iss and exp are checked, nbf and iat where they are; else 401": (
        "test_a_token_is_validated",
    ),
    "ELB-jwt: the token goes on to the target as it is": ("test_a_token_is_validated",),
    "ELB-jwt: the issuer is one text, so tokens of version 1 are refused": ("test_a_token_is_validated",),
    "ELB-jwt: claims are compared in three formats": ("test_claims_have_three_formats",),
    "ELB-jwt: the audience is a claim like others: undeclared, any passes": (
        "test_without_an_audience_any_token_of_the_tenant_passes",
    ),
    "ELB-jwt: JwksEndpoint is an https URL, with its query": (
        "test_the_address_of_keys_is_asked_as_it_stands",
        "test_what_no_load_balancer_takes_is_refused",
    ),
    "ELB-limits: ten claims of a rule, 256 characters of a value and of the address": (
        "test_a_rule_may_be_as_large_as_is_documented",
        "test_what_no_load_balancer_takes_is_refused",
    ),
    "ELB-limits: ten keys of an endpoint, 150 KB": ("test_a_load_balancer_reads_ten_keys",),
    "ELB-rules: OPTIONS comes without a token, and needs a rule of its own before": (
        "test_a_preflight_passes_by_a_rule_before_it_alone",
    ),
    # authenticate-oidc
    "ELB-auth: HTTPS listeners only, endpoints by https": (
        "test_only_https_listeners_check_who_calls",
        "test_what_no_load_balancer_takes_is_refused",
    ),
    "ELB-auth: code at the authorization endpoint, tokens, user info, back": (
        "test_a_sign_in_is_by_code_at_the_configured_endpoints",
    ),
    "ELB-auth: three headers: access token, `sub`, and a JWT by ES256": (
        "test_the_target_gets_three_headers_and_the_data_is_es256_with_padding",
    ),
    "ELB-auth: its header has alg, kid, signer, iss, client, exp; its parts have their padding": (
        "test_the_target_gets_three_headers_and_the_data_is_es256_with_padding",
    ),
    "ELB-auth: its key is PEM, by the kid": ("test_the_key_is_at_its_id_and_at_no_other",),
    "ELB-auth: its claims are those of user info, so roles of the ID token do not arrive": (
        "test_what_only_the_id_token_says_does_not_arrive",
    ),
    "ELB-auth: authenticate, deny or allow whom it does not know": (
        "test_what_a_stranger_meets_is_the_rules_choice",
    ),
    "ELB-auth: the ID token is validated": ("test_an_id_token_for_somebody_else_is_refused",),
    "ELB-auth: a session of more than 4K is in several cookies": (
        "test_a_session_larger_than_a_cookie_is_sharded_and_nobody_reads_it",
    ),
    "ELB-auth: 11K of claims and access token at most": (
        "test_more_than_11k_of_claims_and_token_is_an_error",
    ),
    "ELB-auth: tokens are renewed as they end, until the session times out": (
        "test_tokens_are_renewed_when_they_end_until_the_session_does",
    ),
    "ELB-auth: without a refresh token the session goes on": (
        "test_without_a_refresh_token_a_session_outlives_its_access_token",
    ),
    "ELB-auth: a session is in its cookie alone": (
        "test_a_deleted_cookie_that_somebody_kept_works_until_its_end",
    ),
    "ELB-errors: an error of the identity provider is 561": (
        "test_an_error_of_the_identity_provider_is_561",
    ),
    "ELB-errors: an invalid state, a missing nonce or code is 401": (
        "test_an_answer_belongs_to_the_browser_that_left",
    ),
    # what stands around both
    "ELB-attributes: header fields that are invalid are dropped where that is on": (
        "test_invalid_header_fields_are_dropped_where_it_is_on",
    ),
    "ELB-rules: the lowest priority first; hosts without case, paths with it, * and ?": (
        "test_rules_are_tried_by_their_number_and_by_all_conditions",
    ),
    "ELB-rules: a header's name and values are compared without case, values by * and ?": (
        "test_a_header_is_compared_without_case_and_by_wildcards",
    ),
    "ELB-rules: 40 characters of a header's name, which is not Host, 128 of a value": (
        "test_what_no_load_balancer_takes_is_refused",
    ),
    "ELB-rules: redirects name parts of the address, fixed answers are fixed": (
        "test_redirects_fill_in_parts_of_the_address_and_fixed_answers_are_fixed",
    ),
    "ELB-rules: a path is rewritten by a regular expression": (
        "test_a_path_may_be_rewritten_and_the_host_stays",
    ),
    f"{SILENT} what several values of a claim mean: a rule with them is refused": (
        "test_what_no_load_balancer_takes_is_refused",
    ),
    f"{SILENT} that a browser's own x-amzn-oidc-* are taken away: here they are where a rule signs in, and "
    "nowhere else": (
        "test_who_is_signed_in_cannot_say_to_be_another",
        "test_a_rule_that_signs_nobody_in_takes_no_header_away",
    ),
    f"{SILENT} whose sessions open for whom: here those of one client and one load balancer": (
        "test_a_session_is_of_one_client_and_of_one_load_balancer",
    ),
}


def test_each_line_has_its_test_and_each_test_its_line() -> None:
    """And the test names the page that its line is from."""
    found = [*_tests()]
    described = dict(found)
    assert len(described) == len(found)
    assert {test for tests in FACTS.values() for test in tests} == described.keys()
    for line, tests in FACTS.items():
        page = line.partition(":")[0]
        assert page.startswith(SILENT) or any(page in described[test] for test in tests), line


def _tests() -> Iterator[tuple[str, str]]:
    """Yield each test of the modules, and what it says that it holds."""
    for module in MODULES:
        for node in ast.parse(Path(__file__).with_name(module).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name, ast.get_docstring(node, clean=False) or ""
