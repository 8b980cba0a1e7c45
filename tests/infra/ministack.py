"""The three stacks in, less what a stand-in for AWS does not know; what it then has, out.

Run inside a network namespace of its own (`deployed`), where there is nothing but loopback: the stand-in
listens on every address it finds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.infra.templates import ROOT, STACKS, Json, inside, read

PROGRAM = Path(sys.prefix) / "tools/ministack/bin/ministack"
PORT = "4566"
# Types that MiniStack 1.5 refuses.
UNKNOWN = {
    "AWS::EC2::EIP",
    "AWS::EC2::NatGateway",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::WAFv2::WebACLAssociation",
}
WAIT = 60  # seconds, for the stand-in and for each stack


def known(body: Json) -> tuple[Json, set[str]]:
    """Return a template without what the stand-in does not know and what refers to it, and what that was."""
    kept = dict(body["Resources"])
    gone = {name for name, each in kept.items() if each["Type"] in UNKNOWN}
    while more := {name for name, each in kept.items() if name not in gone and _refers(each, gone)}:
        gone |= more
    return {**body, "Resources": {name: kept[name] for name in kept if name not in gone}}, gone


def _refers(resource: Json, gone: set[str]) -> bool:
    return any(
        (key == "Ref" and value in gone) or (key == "Fn::GetAtt" and value[0] in gone)
        for key, value in inside(resource)
    )


def deployed(parameters: Mapping[str, str]) -> Json:
    """Deploy in a network namespace, and return what was then described."""
    script = 'ip link set lo up && exec "$0" -m tests.infra.ministack'
    ran = subprocess.run(
        ["unshare", "--net", "--map-root-user", "sh", "-c", script, sys.executable],
        input=json.dumps(dict(parameters)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=5 * WAIT,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    found: Json = json.loads(ran.stdout)
    return found


def _main() -> None:
    parameters = json.load(sys.stdin)
    environ = os.environ | {"GATEWAY_PORT": PORT, "BIND_HOST": "127.0.0.1"}
    server = subprocess.Popen(
        [str(PROGRAM)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ
    )
    try:
        _wait()
        print(json.dumps(_described(parameters), default=str))
    finally:
        server.terminate()
        server.wait(WAIT)


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


def _client(name: str) -> Any:
    import boto3

    return boto3.client(
        name,
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{PORT}",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # the stand-in asks for any
    )


def _described(given: dict[str, str]) -> Json:
    zone = _client("route53").create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    given = {**given, "HostedZoneId": zone.rpartition("/")[2]}
    formation, balancing, ecs = _client("cloudformation"), _client("elbv2"), _client("ecs")
    status = {}
    for name, stack in read().items():
        template, _ = known(stack.body)
        values = [
            {"ParameterKey": key, "ParameterValue": given[key]} for key in stack.parameters if key in given
        ]
        label = f"{given['Name']}-{name}"
        formation.create_stack(
            StackName=label,
            TemplateBody=json.dumps(template),
            Parameters=values,
            Capabilities=["CAPABILITY_IAM"],
        )
        status[name] = _ended(formation, label)
    (balancer,) = balancing.describe_load_balancers()["LoadBalancers"]
    arn = balancer["LoadBalancerArn"]
    listeners = balancing.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    services = ecs.list_services(cluster=given["Name"])["serviceArns"]
    described = ecs.describe_services(cluster=given["Name"], services=services)["services"]
    return {
        "status": status,
        "balancer": balancer,
        "attributes": balancing.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"],
        "listeners": listeners,
        "rules": {
            str(each["Port"]): balancing.describe_rules(ListenerArn=each["ListenerArn"])["Rules"]
            for each in listeners
        },
        "targets": balancing.describe_target_groups()["TargetGroups"],
        "services": described,
        "tasks": [
            ecs.describe_task_definition(taskDefinition=each["taskDefinition"])["taskDefinition"]
            for each in described
        ],
        "subnets": _client("ec2").describe_subnets()["Subnets"],
        "records": _client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"],
        "exports": formation.list_exports()["Exports"],
    }


def _ended(formation: Any, label: str) -> Any:
    end = time.monotonic() + WAIT
    while True:
        (stack,) = formation.describe_stacks(StackName=label)["Stacks"]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            events = formation.describe_stack_events(StackName=label)["StackEvents"]
            why = [each.get("ResourceStatusReason") for each in events if "FAILED" in each["ResourceStatus"]]
            return [stack["StackStatus"], why]
        assert time.monotonic() < end, f"{label} does not end"
        time.sleep(0.1)


if __name__ == "__main__":
    assert list(read()) == list(STACKS)
    _main()
