"""Option B in the stacks: its rules are those of `options/alb`, with what `settings` writes, and a secret
that can be read.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from entra_config.errors import TenantError, UsageError
from entra_config.settings import alb, writers
from entra_config.settings.tenant import Registered
from options.alb import rules as option_b
from tests.infra.edge_rules import actions
from tests.infra.resolved import rules
from tests.infra.templates import Json, only, read
from tests.infra.test_parameters import (
    ALB,
    API,
    KEPT,
    SECRET,
    TENANT,
    VALIDATED,
    manifest,
    resolved,
    tenant,
    written,
)


def test_a_load_balancer_signs_in_by_what_alb_json_says(tmp_path: Path) -> None:
    """Each rule of option B, filled with the parameters, is that file with the secret by its version."""
    found = manifest(tmp_path, option="B")
    parameters = written(found)
    page = next(app for app in found.settings.apps if app.key == "alb")
    said = json.loads(alb.action(found, page, tenant()))
    signing = [
        action["AuthenticateOidcConfig"]
        for rule in only("B")["edge"].every("AWS::ElasticLoadBalancingV2::ListenerRule").values()
        for action in actions(rule, "authenticate-oidc")
    ]

    assert len(signing) == 5
    for each in signing:
        made = {
            name: value if isinstance(value, str) else resolved(value, parameters)
            for name, value in each.items()
        }
        assert made.pop("OnUnauthenticatedRequest") in {"allow", "authenticate", "deny"}
        assert made.pop("ClientSecret") == f"{{{{resolve:secretsmanager:{KEPT}:SecretString:::{SECRET}}}}}"
        assert made == {name: str(value) for name, value in said.items()}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            [("myapp-prod/alb-AbCdEf", "other/alb-AbCdEf")],
            "reads `myapp-prod/alb` in AWS Secrets Manager alone",
        ),
        ([("-AbCdEf", "")], "by its whole ARN"),
        (
            [
                ("sinks: { alb:", "sinks: { more: { file: /x }, alb:"),
                ("        alb: { sink", "        b: { sink: more }\n        alb: { sink"),
            ],
            "`alb` has 2 secrets, and a load balancer has one",
        ),
    ],
)
def test_a_secret_that_the_stacks_could_not_read_is_told(
    tmp_path: Path, changes: list[tuple[str, str]], said: str
) -> None:
    """It is at one place, which the role of CloudFormation may read."""
    with pytest.raises(UsageError, match=re.escape(said)):
        written(manifest(tmp_path, *changes, option="B"))


def test_a_load_balancer_without_a_secret_in_the_tenant_is_told(tmp_path: Path) -> None:
    """A rotation makes the first."""
    found, asked = manifest(tmp_path, option="B"), tenant()
    asked = replace(asked, applications={**asked.applications, "alb": Registered(ALB)})
    with pytest.raises(TenantError, match="run `entra-config credentials rotate alb`"):
        writers.tenant_values(found, asked, Path())


def test_the_rules_of_option_b_are_those_that_its_browser_stories_run_on(tmp_path: Path) -> None:
    """Those of `options/alb/rules.py`, in their order, with what `settings` writes in both."""
    found = manifest(tmp_path, VALIDATED, option="B")
    parameters = written(found)
    page = next(app for app in found.settings.apps if app.key == "alb")
    action = {**json.loads(alb.action(found, page, tenant())), "ClientSecret": "x"}
    made = rules(read("B"), parameters, {KEPT: "x"})
    claims = {"aud": API, "tid": TENANT}
    validation = {
        "JwksEndpoint": parameters["JwksUri"],
        "Issuer": parameters["Issuer"],
        "AdditionalClaims": [
            {"Name": name, "Format": "single-string", "Values": [value]} for name, value in claims.items()
        ],
    }
    (*wanted, _) = option_b.of(
        action,
        app_host="app.example.com",
        api_host="api.example.com",
        spa="SpaTargets",
        api="ApiTargets",
        validation=validation,
    )

    assert sorted(map(meaning, made.values())) == sorted(meaning(each) for each in wanted)
    # On each host the same order: a rule with a path, or a method, before the one of the whole host.
    for host in ("app.example.com", "api.example.com"):
        ordered = [meaning(each) for _, each in sorted(made.items(), key=lambda one: int(one[0]))]
        of_host = [each for each in ordered if f'"{host}"' in each]
        assert of_host == [each for each in map(meaning, wanted) if f'"{host}"' in each]


def meaning(rule: Json) -> str:
    """Return what a rule does for whom, in one spelling."""
    actions = []
    for each in sorted(rule["Actions"], key=lambda one: int(one.get("Order", 0))):
        groups = each.get("ForwardConfig", {}).get("TargetGroups", [])
        group = each.get("TargetGroupArn") or (groups[0]["TargetGroupArn"] if groups else None)
        config = {
            key: value for key, value in each.items() if key.endswith("Config") and key != "ForwardConfig"
        }
        target = group["Ref"] if isinstance(group, dict) else group
        actions.append([each["Type"], target, config])
    text = json.dumps([rule["Conditions"], rule.get("Transforms") or [], actions], sort_keys=True)
    return text.replace(f'"{alb.SESSION_SECONDS}"', str(alb.SESSION_SECONDS))
