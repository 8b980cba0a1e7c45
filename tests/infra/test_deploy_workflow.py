"""`aws-deploy.yml` and its scripts: who signs in as what, what is built once, what stops a deployment.

The scripts that deploy are run by `test_ministack.py`, with Amazon's command line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.stack_parameters import OPERATOR, manifest, written
from tests.infra.templates import ROOT, read

SCRIPTS = ROOT / "infra/scripts"
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/aws-deploy.yml").read_text(encoding="utf-8"))
DIGEST = f"sha256:{'c' * 64}"
# As much of each program as the scripts call; each writes down what it was told.
AWS = f"""#!/bin/bash
echo "aws $*" >>"$CALLS"
case "$*" in
  *assume-role*) grep -q the-job-token "$RUNNER_TEMP/aws-web-identity-token" || exit 1
    echo '{{"Credentials": {{"AccessKeyId": "A", "SecretAccessKey": "S", "SessionToken": "T"}}}}' ;;
  *get-caller-identity*) echo 123456789012 ;;
  *get-login-password*) echo secret ;;
esac
case "$*" in *describe-images*) [ -e "$CALLS.${{4##*/}}" ] && echo {DIGEST} || exit 254 ;; esac
"""
DOCKER = """#!/bin/bash
echo "docker $*" >>"$CALLS"
name=${2##*/}
case "$1" in login) cat >/dev/null ;; push) touch "$CALLS.${name%%:*}" ;; esac
"""
CURL = """#!/bin/bash
echo "curl $*" >>"$CALLS"
cat >>"$CALLS.stdin"
echo '{"value": "the-job-token"}'
"""


def ran(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script with these programs in the place of the real ones."""
    for name, text in (("aws", AWS), ("docker", DOCKER), ("curl", CURL)):
        path = folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
    environ = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "CALLS": str(folder / "calls"), **more}
    return subprocess.run(
        list(words), env=environ, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def calls(folder: Path) -> list[str]:
    """Return what the programs were told."""
    return (folder / "calls").read_text(encoding="utf-8").splitlines()


def test_the_token_of_the_job_becomes_an_hour_of_the_role(tmp_path: Path) -> None:
    """In a file that nobody else reads; no token and no key is among the arguments of a program."""
    given = {
        "AWS_ROLE": "arn:aws:iam::1:role/myapp-prod-plan",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_RUN_ID": "7",
    }
    requested = {"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "asker", "ACTIONS_ID_TOKEN_REQUEST_URL": "https://x/?a=1"}
    done = ran(
        tmp_path,
        *("bash", str(SCRIPTS / "sign_in.sh")),
        GITHUB_ENV=str(tmp_path / "env"),
        **given,
        **requested,
    )

    assert done.returncode == 0, done.stderr
    kept = tmp_path / "aws-credentials"
    assert kept.read_text().splitlines() == [
        "[default]",
        "aws_access_key_id = A",
        "aws_secret_access_key = S",
        "aws_session_token = T",
    ]
    assert kept.stat().st_mode & 0o077 == 0
    assert (tmp_path / "env").read_text() == f"AWS_SHARED_CREDENTIALS_FILE={kept}\n"
    assert not (tmp_path / "aws-web-identity-token").exists()
    assert "audience=sts.amazonaws.com" in calls(tmp_path)[0]
    words = [line for line in calls(tmp_path) if line.startswith(("aws ", "curl "))]
    assert not any(secret in line for line in words for secret in ("asker", "the-job-token"))
    assert "asker" in (tmp_path / "calls.stdin").read_text()


def test_who_has_no_identity_is_told(tmp_path: Path) -> None:
    """As a fork."""
    done = ran(tmp_path, "bash", str(SCRIPTS / "sign_in.sh"), RUNNER_TEMP=str(tmp_path))
    assert done.returncode != 0
    assert "a fork has no identity" in done.stderr


@pytest.mark.parametrize(("architecture", "platform"), [("ARM64", "linux/arm64"), ("X86_64", "linux/amd64")])
def test_images_are_built_once_and_named_by_digest(tmp_path: Path, architecture: str, platform: str) -> None:
    """A second run of the same commit finds them and builds nothing."""
    out = tmp_path / "images.json"
    given = {
        "ARCHITECTURE": architecture,
        "AWS_REGION": "eu-west-1",
        "AWS_STACK": "myapp-prod",
        "GITHUB_SHA": "f00",
    }
    words = ("bash", str(SCRIPTS / "images.sh"), str(out), settings(tmp_path, "D"))
    done = ran(tmp_path, *words, **given)

    assert done.returncode == 0, done.stderr
    registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/myapp-prod"
    assert json.loads(out.read_text())["Parameters"] == {
        "SpaImage": f"{registry}/spa@{DIGEST}",
        "ApiImage": f"{registry}/api@{DIGEST}",
        "Architecture": architecture,
    }
    assert any(f"build --platform {platform} --file spa/Dockerfile" in line for line in calls(tmp_path))
    (tmp_path / "calls").unlink()
    assert ran(tmp_path, *words, **given).returncode == 0
    assert not [line for line in calls(tmp_path) if line.startswith(("docker build", "docker push"))]


@pytest.mark.parametrize(
    ("option", "name", "parameter"), [("C", "bff", "BffImage"), ("E", "httpd", "HttpdImage")]
)
def test_an_option_with_a_server_has_an_image_more(
    tmp_path: Path, option: str, name: str, parameter: str
) -> None:
    """That of its server, from its own recipe."""
    out = tmp_path / "images.json"
    given = {"ARCHITECTURE": "ARM64", "AWS_REGION": "eu-west-1", "AWS_STACK": "myapp-prod", "GITHUB_SHA": "f"}
    done = ran(tmp_path, "bash", str(SCRIPTS / "images.sh"), str(out), settings(tmp_path, option), **given)

    assert done.returncode == 0, done.stderr
    assert json.loads(out.read_text())["Parameters"][parameter].endswith(f"myapp-prod/{name}@{DIGEST}")
    assert any(f"--file options/{name}/Dockerfile" in line for line in calls(tmp_path))


def settings(folder: Path, option: str) -> str:
    """Write as much of `settings`' file as says the option."""
    path = folder / "aws.json"
    path.write_text(json.dumps({"Parameters": {"Option": option}}), encoding="utf-8")
    return str(path)


def test_an_architecture_that_is_none_builds_nothing(tmp_path: Path) -> None:
    """Before anybody is signed in anywhere."""
    words = ("bash", str(SCRIPTS / "images.sh"), str(tmp_path / "x"), settings(tmp_path, "D"))
    done = ran(tmp_path, *words, ARCHITECTURE="arm")
    assert (done.returncode, (tmp_path / "calls").exists()) == (1, False)


def together(tmp_path: Path, *files: dict[str, Any]) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Put files of parameters together."""
    out, paths = tmp_path / "out.json", []
    for number, each in enumerate(files):
        paths.append(tmp_path / f"{number}.json")
        paths[-1].write_text(json.dumps({"Parameters": each}), encoding="utf-8")
    script = str(SCRIPTS / "parameters.py")
    return ran(tmp_path, sys.executable, "-I", script, "infra", str(out), *map(str, paths)), out


@pytest.mark.parametrize(
    ("option", "built"),
    [
        ("C", ("SpaImage", "ApiImage", "BffImage")),
        ("D", ("SpaImage", "ApiImage")),
        ("E", ("SpaImage", "ApiImage", "HttpdImage")),
    ],
)
def test_settings_operator_and_build_give_all_that_has_no_default(
    tmp_path: Path, option: str, built: tuple[str, ...]
) -> None:
    """Each from its own file; the operator's stands in the repository."""
    operator = json.loads((ROOT / "infra/parameters.prod.json").read_text(encoding="utf-8"))["Parameters"]
    images = dict.fromkeys((*built, "Architecture"), "x")
    done, out = together(tmp_path, written(manifest(tmp_path, option=option)), operator, images)

    assert done.returncode == 0, done.stderr
    assert set(operator) <= OPERATOR
    needed = {
        name
        for stack in read(option).values()
        for name, each in stack.parameters.items()
        if "Default" not in each
    }
    assert needed <= set(json.loads(out.read_text())["Parameters"])


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (({"Waf": "on"}, {"Waf": "off"}), "1.json: Waf is given by a file before it"),
        (({"Option": "D", "Firewall": "on"},), "0.json: no stack of option D has a parameter Firewall"),
        (({"Option": "D"}, {"BffImage": "x"}), "1.json: no stack of option D has a parameter BffImage"),
        (({"NatGateways": 2},), "0.json: NatGateways is no text"),
    ],
)
def test_what_would_be_passed_over_is_told(
    tmp_path: Path, files: tuple[dict[str, Any], ...], said: str
) -> None:
    """`aws cloudformation deploy` drops what a template does not have, without a word."""
    done, out = together(tmp_path, *files)
    assert done.returncode == 1
    assert said in done.stderr
    assert not out.exists()


def test_a_deployment_waits_for_its_approval_and_for_entra() -> None:
    """The environment is none of Entra's, and a plan that is not empty stops it."""
    deploy, asks = WORKFLOW["jobs"]["deploy"], WORKFLOW["jobs"]["change-sets"]
    runs = [str(step.get("run", step.get("uses"))) for step in deploy["steps"]]
    order = [
        "plan --detailed-exitcode",
        "settings --values",
        "images.sh",
        "parameters.py",
        "deploy.sh",
    ]
    found = [next(number for number, text in enumerate(runs) if each in text) for each in order]

    assert deploy["environment"] == "aws-prod"
    assert "refs/heads/main" in deploy["if"]
    assert found == sorted(found)
    assert "environment" not in asks
    assert "head.repo.full_name == github.repository" in asks["if"]
    assert not [step for step in asks["steps"] if "deploy.sh" in str(step) or "DEPLOY_ROLE" in str(step)]
    assert {name for job in WORKFLOW["jobs"].values() for name in job["permissions"]} == {
        "contents",
        "id-token",
    }
