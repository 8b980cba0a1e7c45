"""The stand-in follows rules as is documented of the real one; what no document says, it refuses.

Pages of AWS are named as in `listener`.
"""

from typing import Any

import pytest

from options.alb.stand_in.deployed import DeployedError
from options.alb.tests.listener import (
    FORWARD,
    VALIDATION,
    World,
    checking,
    header,
    made,
    path,
    rule,
    run,
    signing_in,
)


def test_a_preflight_passes_by_a_rule_before_it_alone() -> None:
    """ELB-rules: the smaller number is tried first. A browser asks without a token (CORS)."""

    async def story(world: World) -> None:
        assert (await world.browser.options("/x")).status_code == 200
        assert (await world.browser.get("/x")).status_code == 401

    options = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["OPTIONS"]}}
    run(story, rule(10, checking()), rule(9, [FORWARD], options))


@pytest.mark.parametrize(("drop", "arrives"), [("true", False), ("false", True)])
def test_invalid_header_fields_are_dropped_where_it_is_on(drop: str, arrives: bool) -> None:
    """ELB-attributes: names that are not [-A-Za-z0-9]+, such as OIDC_CLAIM_roles."""

    async def story(world: World) -> None:
        await world.browser.get("/", headers={"OIDC_CLAIM_roles": "Admin", "X-Fine": "1"})
        assert ("oidc_claim_roles" in world.seen, world.seen["x-fine"]) == (arrives, "1")

    run(story, drop=drop)


def test_rules_are_tried_by_their_number_and_by_all_conditions() -> None:
    """ELB-rules: lowest number first, the default last; hosts without case, paths with it, * and ?."""
    host = {"Field": "host-header", "HostHeaderConfig": {"Values": ["API.example.*"]}}
    responses = [
        rule(30, [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "203"}}], path("/a*")),
        rule(
            20,
            [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "202"}}],
            path("/a?c", "/q"),
            host,
        ),
        rule(40, [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "204"}}], path("/[x]")),
    ]

    async def story(world: World) -> None:
        api, app = "https://api.example.com:8443", "https://app.example.com"
        for address, status in (
            (f"{api}/abc", 202),
            (f"{app}/abc", 203),
            (f"{api}/aXXc", 203),
            (f"{api}/q", 202),
            (f"{api}/Abc", 200),
            (f"{app}/x", 200),
            (f"{app}/", 200),
        ):
            assert (await world.browser.get(address)).status_code == status, address

    run(story, *responses)


def test_a_header_is_compared_without_case_and_by_wildcards() -> None:
    """ELB-rules: name and values without case, `*` (nothing too) and `?` in values; of several headers of one
    name, and of several values, one is enough; a header that is not there matches nothing.
    """
    responses = [
        rule(number, [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": status}}], condition)
        for number, status, condition in (
            (1, "202", header("X-Kind", "a?c", "*Text/html*")),
            (2, "203", header("authorization", "*")),
        )
    ]

    async def story(world: World) -> None:
        for given, status in (
            ([("x-kind", "ABC")], 202),
            ([("X-KIND", "x, TEXT/HTML;q=0.9")], 202),
            ([("X-Kind", "none"), ("X-Kind", "abc")], 202),
            ([("X-Kind", "abcd")], 200),
            ([("aUTHORIZATION", "Bearer x")], 203),
            ([("Authorization", "")], 203),
            ([("Authorization", ""), ("Authorization", "Bearer x")], 203),
            ([("X-Authorization", "Bearer x")], 200),
            ([], 200),
        ):
            assert (await world.browser.get("/", headers=given)).status_code == status, given

    run(story, *responses)


def test_redirects_fill_in_parts_of_the_address_and_fixed_answers_are_fixed() -> None:
    """ELB-rules: #{host}, #{path}, #{query}, …; HTTP to HTTPS keeps the rest."""

    async def story(world: World) -> None:
        response = await world.browser.get("http://app.example.com/a/b?c=d")
        assert (response.status_code, response.headers["location"]) == (
            301,
            "https://app.example.com/a/b?c=d",
        )
        text = await world.browser.get("/bye")
        assert (text.status_code, text.text, text.headers["content-type"]) == (
            200,
            "Bye.",
            "text/html; charset=utf-8",
        )

    to_https = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    bye = {"StatusCode": "200", "ContentType": "text/html", "MessageBody": "Bye."}
    run(
        story,
        rule(2, [{"Type": "redirect", "RedirectConfig": to_https}]),
        rule(1, [{"Type": "fixed-response", "FixedResponseConfig": bye}], path("/bye")),
        protocol="HTTP",
    )


def test_a_path_may_be_rewritten_and_the_host_stays() -> None:
    """ELB-rules: url-rewrite by a regular expression."""
    rewrite = {
        "Type": "url-rewrite",
        "UrlRewriteConfig": {"Rewrites": [{"Regex": "^/api/(.*)$", "Replace": "/$1"}]},
    }

    async def story(world: World) -> None:
        await world.browser.post("/api/records?q=%2F", json={"a": 1})
        (reached,) = world.entra.reached
        assert reached.url.raw_path == b"/records?q=%2F"
        # What is asked on the wire: a client would make another path of `/./`.
        assert reached.extensions["target"] == b"/records?q=%2F"
        assert (reached.method, reached.content, world.seen["host"]) == (
            "POST",
            b'{"a":1}',
            "app.example.com",
        )
        assert (world.seen["x-forwarded-proto"], world.seen["x-forwarded-for"]) == ("https", "127.0.0.1")

    run(story, rule(1, [FORWARD], path("/api/*"), Transforms=[rewrite]))


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([rule(1, [FORWARD, {**FORWARD, "Type": "redirect"}])], "one action ends"),
        ([rule(1, checking()[:1])], "one action ends"),
        ([rule(1, [{"Type": "authenticate-cognito"}, FORWARD])], "is no action"),
        ([rule(1, [FORWARD], {"Field": "source-ip"})], "is no condition"),
        ([rule(1, [FORWARD], header("", "x"))], "a header is named"),
        ([rule(1, [FORWARD], header("x" * 41, "x"))], "in at most 40 characters"),
        ([rule(1, [FORWARD], header("X-*", "x"))], "without wildcards"),
        ([rule(1, [FORWARD], header("host", "x"))], "Host has a condition of its own"),
        ([rule(1, [FORWARD], header("X-Kind"))], "needs values"),
        ([rule(1, [FORWARD], header("X-Kind", "x" * 129))], "at most 128 characters"),
        ([rule(1, signing_in("allow", ClientSecret=""))], "without ClientSecret"),
        ([rule(1, signing_in("perhaps"))], "authenticate, deny or allow"),
        ([rule(1, signing_in("deny", UserInfoEndpoint="http://x"))], "no https URL"),
        ([rule(1, checking(Issuer=""))], "needs Issuer"),
        ([rule(1, checking(JwksEndpoint="http://x"))], "as an https URL"),
        ([rule(1, checking(JwksEndpoint="https://" + "x" * 249))], "256 characters"),
        ([rule(1, checking(AdditionalClaims=VALIDATION["AdditionalClaims"] * 11))], "at most 10 claims"),
        (
            [rule(1, checking(AdditionalClaims=[{"Name": "a", "Format": "single", "Values": ["b"]}]))],
            "format",
        ),
        (
            [
                rule(
                    1,
                    checking(
                        AdditionalClaims=[{"Name": "a", "Format": "single-string", "Values": ["b", "c"]}]
                    ),
                )
            ],
            "needs one value",
        ),
        (
            [
                rule(
                    1,
                    checking(
                        AdditionalClaims=[{"Name": "a", "Format": "single-string", "Values": ["b" * 257]}]
                    ),
                )
            ],
            "needs one value",
        ),
    ],
)
def test_what_no_load_balancer_takes_is_refused(rules: list[dict[str, Any]], said: str) -> None:
    """ELB-rules, ELB-limits: and what AWS does not say, whether of several values any is enough."""
    with pytest.raises(DeployedError, match=said):
        made(*rules)


def test_only_https_listeners_check_who_calls() -> None:
    """ELB-auth and ELB-jwt."""
    for actions in (checking(), signing_in("deny")):
        with pytest.raises(DeployedError, match="only an HTTPS listener"):
            made(rule(1, actions), protocol="HTTP")
