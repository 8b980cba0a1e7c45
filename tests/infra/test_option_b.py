"""Option B in the stacks: its rules sign in by what `settings` writes, in a safe order, with a secret that
can be read.
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
from tests.infra.edge_rules import actions
from tests.infra.resolved import rules
from tests.infra.stack_parameters import ALB, KEPT, SECRET, VALIDATED, manifest, resolved, tenant, written
from tests.infra.templates import only, read


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

    assert len(signing) == 6
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
    found, requested = manifest(tmp_path, option="B"), tenant()
    requested = replace(requested, applications={**requested.applications, "alb": Registered(ALB)})
    with pytest.raises(TenantError, match="run `entra-config credentials rotate alb`"):
        writers.tenant_values(found, requested, Path())


def test_on_each_host_a_rule_with_more_conditions_comes_before_those_with_fewer(tmp_path: Path) -> None:
    """What signs nobody in, or answers 401, is not reached behind what signs in whoever comes."""
    made = rules(read("B"), written(manifest(tmp_path, VALIDATED, option="B")), {KEPT: "x"})
    for host, wanted in (("app.example.com", [4, 2, 2, 2, 2, 2, 1]), ("api.example.com", [2, 2, 1])):
        ordered = [
            len(rule["Conditions"])
            for _, rule in sorted(made.items(), key=lambda one: int(one[0]))
            if rule["Conditions"][0]["HostHeaderConfig"]["Values"] == [host]
        ]
        assert ordered == wanted, host
