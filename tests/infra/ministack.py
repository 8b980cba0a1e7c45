"""The stacks of an option in, deployed on a stand-in for AWS, less what that does not know.

Run inside a network namespace of its own (`control`), where there is nothing but loopback: the stand-in
listens on every address it finds.
"""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.infra.templates import Json, inside, read

PROGRAM = Path(sys.prefix) / "tools/ministack/bin/ministack"
PORT = "4566"
# Types that MiniStack 1.5 refuses.
UNKNOWN = {
    "AWS::EC2::EIP",
    "AWS::EC2::NatGateway",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::WAFv2::IPSet",
    "AWS::WAFv2::WebACLAssociation",
}
WAIT = 120  # seconds, for the stand-in and for each stack


def known(body: Json) -> tuple[Json, set[str]]:
    """Return a template without what the stand-in does not know and what refers to it, and what that was."""
    kept = dict(body["Resources"])
    gone = {name for name, each in kept.items() if each["Type"] in UNKNOWN}
    while more := {name for name, each in kept.items() if name not in gone and _refers(each, gone)}:
        gone |= more
    outputs = {name: each for name, each in body.get("Outputs", {}).items() if not _refers(each, gone)}
    resources = {name: _escaped(each) for name, each in kept.items() if name not in gone}
    return {**body, "Resources": resources, "Outputs": outputs}, gone


def _escaped(resource: Json) -> Json:
    """Return a resource with a fixed response escaped: the stand-in puts its text into XML as it is."""
    if resource["Type"] != "AWS::ElasticLoadBalancingV2::ListenerRule":
        return resource
    said: Json = json.loads(json.dumps(resource))
    for action in said["Properties"]["Actions"]:
        response = action.get("FixedResponseConfig", {})
        response |= {key: html.escape(each) for key, each in response.items() if key == "MessageBody"}
    return said


def _refers(resource: Json, gone: set[str]) -> bool:
    return any(
        (key == "Ref" and value in gone)
        or (key == "Fn::GetAtt" and value[0] in gone)
        or (key == "Fn::Sub" and any(f"${{{name}." in str(value) for name in gone))
        for key, value in inside(resource)
    )


@contextmanager
def served() -> Iterator[None]:
    """Run the stand-in while the block does, in the network namespace of this process."""
    environ = os.environ | {"GATEWAY_PORT": PORT, "BIND_HOST": "127.0.0.1"}
    server = subprocess.Popen(
        [str(PROGRAM)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ
    )
    try:
        _wait()
        yield
    finally:
        server.terminate()
        server.wait(WAIT)


def forget() -> None:
    """Have the stand-in forget all that was deployed."""
    requested = urllib.request.Request(f"http://127.0.0.1:{PORT}/_ministack/reset", method="POST")
    urllib.request.urlopen(requested, timeout=WAIT).close()


def _wait() -> None:
    end = time.monotonic() + WAIT
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_ministack/health", timeout=2).close()
        except OSError:
            assert time.monotonic() < end, "the stand-in does not answer"
            time.sleep(0.2)
        else:
            return


def client(name: str) -> Any:
    """Return Amazon's own client of one service."""
    import boto3

    return boto3.client(
        name,
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{PORT}",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # the stand-in asks for any
    )


def keeping(given: dict[str, str]) -> dict[str, str]:
    """Have the stand-in keep option B's secret, of its version, and return the parameters with its ARN."""
    if "AlbSecret" not in given:
        return given
    name = given["AlbSecret"].rpartition(":")[2].rpartition("-")[0]
    secrets, version = client("secretsmanager"), given["AlbSecretVersion"]
    arn = secrets.create_secret(Name=name, SecretString="before")["ARN"]
    secrets.put_secret_value(SecretId=arn, ClientRequestToken=version, SecretString="of-entra")
    return {**given, "AlbSecret": arn}


def by_scripts(given: dict[str, str]) -> str:
    """Run what the workflow runs, by Amazon's own command line: a deployment, then what it says of a pull
    request that changes one stack, which is returned.
    """
    with tempfile.TemporaryDirectory() as folder:
        _deploy(Path(folder), given)
        return _requested(Path(folder), given["Name"])


def _deploy(folder: Path, given: dict[str, str]) -> None:
    for name, stack in read(given["Option"]).items():
        (folder / f"{name}.yaml").write_text(json.dumps(known(stack.body)[0]), encoding="utf-8")
    (folder / "given.json").write_text(json.dumps({"Parameters": given}), encoding="utf-8")
    parameters = folder / "parameters.json"
    _run(sys.executable, "-I", "infra/scripts/parameters.py", "infra", parameters, folder / "given.json")
    _run("bash", "infra/scripts/deploy.sh", folder, parameters, AWS_STACK=given["Name"])


def _requested(folder: Path, name: str) -> str:
    network = json.loads((folder / "network.yaml").read_text(encoding="utf-8"))
    network["Resources"]["Another"] = {"Type": "AWS::EC2::InternetGateway"}
    (folder / "network.yaml").write_text(json.dumps(network), encoding="utf-8")
    summary = folder / "summary.md"
    _run("bash", "infra/scripts/change_sets.sh", folder, AWS_STACK=name, GITHUB_STEP_SUMMARY=str(summary))
    return summary.read_text(encoding="utf-8")


def _run(*words: str | Path, **more: str) -> None:
    environ = {
        "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{PORT}",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_STACK_ROLE": "arn:aws:iam::000000000000:role/myapp-prod-stacks",
        **more,
    }
    done = subprocess.run(list(map(str, words)), env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
