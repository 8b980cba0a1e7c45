"""The example's prod as an option has it, and the parameters that `settings` writes of it for the stacks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from entra_config.graph.clouds import OpenId
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.settings import writers
from entra_config.settings.registered import Registered, RegisteredTenant
from tests.infra.templates import ROOT

# What `settings` cannot know: of the account, of the build, of a team's wishes.
OPERATOR = {
    "VpcCidr", "NatGateways", "Fleet", "HostedZoneId", "Waf", "Deployment", "TargetTls", "Architecture",
    "AlarmTopic",
    "ApiTasksLeast", "ApiTasksMost", "SpaTasksLeast", "SpaTasksMost", "SpaImage", "ApiImage",
}  # fmt: skip
IMAGES = {
    "SpaImage": f"1.dkr.ecr.us-east-1.amazonaws.com/myapp-prod/spa@sha256:{'a' * 64}",
    "ApiImage": f"1.dkr.ecr.us-east-1.amazonaws.com/myapp-prod/api@sha256:{'b' * 64}",
}
TENANT = "11111111-1111-1111-1111-111111111111"
API, SPA, BFF, ALB, SECRET, WEB = (f"5c1b2f7e-0000-4000-8000-00000000000{number}" for number in range(1, 7))
MICROSOFT = f"https://login.microsoftonline.com/{TENANT}"


def manifest(tmp_path: Path, *changes: tuple[str, str], option: str = "D") -> Manifest:
    """Return the example's prod as an option has it, with changes of its text."""
    folder = tmp_path / "manifests"
    changes = (*OF.get(option, ()), *changes)
    for source in sorted((ROOT / "manifests").rglob("*.yaml")):
        path = folder / source.relative_to(ROOT / "manifests")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed(source, changes), encoding="utf-8")
    if name := FOLDERS.get(option):
        part = ROOT / f"options/{name}/manifest/{name}.yaml"
        (folder / f"applications/{name}.yaml").write_text(changed(part, changes), encoding="utf-8")
    return loader.load(folder / "entra-config.yaml", "prod")


def changed(source: Path, changes: Iterable[tuple[str, str]]) -> str:
    """Return the text of a file with changes, where it has what they change."""
    text = source.read_text(encoding="utf-8")
    for before, after in changes:
        text = text.replace(before, after)
    return text


def tenant(version: int = 2) -> RegisteredTenant:
    """Return a tenant that has both applications."""
    apps = {
        "api": Registered(API, f"api://{API}", 2 if version == 2 else 1),
        "spa": Registered(SPA),
        "bff": Registered(BFF),
        "alb": Registered(ALB, secrets={"alb": SECRET}),
        "web": Registered(WEB),
        "nightly": Registered(SPA),
    }
    issuer = f"{MICROSOFT}/v2.0" if version == 2 else f"https://sts.windows.net/{TENANT}/"
    keys = f"{MICROSOFT}/discovery/v2.0/keys"
    open_id = OpenId(f"{MICROSOFT}/v2.0/.well-known/openid-configuration", issuer, keys)
    return RegisteredTenant(MICROSOFT, apps, {2 if version == 2 else 1: open_id})


def written(found: Manifest, version: int = 2) -> dict[str, str]:
    """Return the parameters that are written."""
    text = writers.tenant_values(found, tenant(version), Path())[Path("aws.json")]
    parameters: dict[str, str] = json.loads(text)["Parameters"]
    return parameters


ROLE = "arn:aws:iam::123456789012:role/myapp-prod-bff"
ISSUER = "https://0a1b2c3d-1111-2222-3333-444455556666.tokens.sts.global.api.aws"
# As the README of the option says, for prod alone.
FOLDERS = {"B": "alb", "C": "bff", "E": "httpd"}
KEPT = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:myapp-prod/alb-AbCdEf"


def settings_of(name: str) -> tuple[str, str]:
    """Return the change that puts an option's settings beside those of the page."""
    part = (ROOT / f"options/{name}/manifest/settings.yaml").read_text(encoding="utf-8")
    page = "  spas:\n    spa:\n      url"
    return page, part.partition("\n")[2] + page


AFTER = "    overrides:\n      settings:"
OF_B = (
    ("spas: { spa: { awsStack: aws.json } }", "webs: { alb: { awsStack: aws.json } }"),
    (
        AFTER,
        f'    sinks: {{ alb: {{ aws: {{ secret: "{KEPT}", account: "123456789012" }} }} }}\n{AFTER}',
    ),
    (
        "    overrides:\n      appRole",
        "    sinks: { alb: { file: /somewhere/else } }\n    overrides:\n      appRole",
    ),
    settings_of("alb"),
)
OF_C = (
    ("spas: { spa: { awsStack: aws.json } }", "webs: { bff: { awsStack: aws.json } }"),
    ('suffix: "" }', f'suffix: "", awsIssuer: "{ISSUER}", bffRole: "{ROLE}" }}'),
    ('suffix: " (dev)" }', f'suffix: " (dev)", awsIssuer: "{ISSUER}", bffRole: "{ROLE}" }}'),
    settings_of("bff"),
)
PAIR = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:myapp-prod/web-AbCdEf"
OF_E = (
    ("spas: { spa: { awsStack: aws.json } }", "webs: { web: { awsStack: aws.json } }"),
    (
        AFTER,
        f'    sinks: {{ web: {{ aws: {{ secret: "{PAIR}", account: "123456789012" }} }} }}\n{AFTER}',
    ),
    (
        "    overrides:\n      appRole",
        "    sinks: { web: { file: /somewhere/else } }\n    overrides:\n      appRole",
    ),
    settings_of("httpd"),
)
OF = {"B": OF_B, "C": OF_C, "E": OF_E}
SECRET_ONLY = "credentials:\n      secrets: { web: { sink: web } }"
ONE_HOST = ('apiUrl: "https://api.example.com"', 'apiUrl: "https://app.example.com/api"')
VALIDATED = ("      url: ${apiUrl}\n", "      url: ${apiUrl}\n      jwtValidation: true\n")


def filled(text: str, parameters: dict[str, str]) -> str:
    """Return a text with parameters in it."""
    return re.sub(r"\$\{(\w+)\}", lambda found: parameters[found[1]], text)


def resolved(value: dict[str, str], parameters: dict[str, str]) -> str:
    """Return a reference to a parameter, or a text with some, as CloudFormation would."""
    return parameters[value["Ref"]] if "Ref" in value else filled(value["Fn::Sub"], parameters)
