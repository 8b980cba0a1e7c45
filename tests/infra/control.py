"""Parameters of an option's stacks in; what MiniStack then says of their load balancer, out. One MiniStack
serves a whole run of the tests, in a network namespace where nothing but its own loopback is.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.infra import ministack
from tests.infra.templates import ROOT, Json, read

HOSTED = "example.com"


class Control:
    """One running MiniStack."""

    def __init__(self) -> None:
        """Start it."""
        script = 'ip link set lo up && exec "$0" -m tests.infra.control'
        self._process = subprocess.Popen(
            ["unshare", "--net", "--map-root-user", "sh", "-c", script, sys.executable],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )

    def deployed(self, parameters: Mapping[str, str], *, by_scripts: bool = False) -> Json:
        """Deploy the stacks of an option, and return what is described: nothing of an earlier deployment.
        By the workflow's scripts, what those say of a change is there too.
        """
        requested, responses = self._process.stdin, self._process.stdout
        assert requested is not None
        assert responses is not None
        requested.write(json.dumps([dict(parameters), by_scripts]) + "\n")
        requested.flush()
        response = responses.readline()
        assert response, "MiniStack's process ended; what it said is above"
        found: Json = json.loads(response)
        return found

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(ministack.WAIT)


@cache
def shared() -> Control:
    """Return the one of this process, which ends it."""
    control = Control()
    atexit.register(control.close)
    return control


def _main() -> None:
    with ministack.served():
        for line in sys.stdin:
            given, by_scripts = json.loads(line)
            print(json.dumps(_deployed(given, by_scripts=by_scripts), default=str), flush=True)
            ministack.forget()


def settled(formation: Any, label: str) -> Json:
    """Return a stack once it is made or failed: MiniStack makes some of what stands in it later."""
    until = time.monotonic() + ministack.WAIT
    while True:
        (made,) = formation.describe_stacks(StackName=label)["Stacks"]
        if not made["StackStatus"].endswith("_IN_PROGRESS") or time.monotonic() > until:
            return dict(made)
        time.sleep(0.05)


def _deployed(given: dict[str, str], *, by_scripts: bool) -> Json:
    zone = ministack.client("route53").create_hosted_zone(Name=HOSTED, CallerReference="1")["HostedZone"][
        "Id"
    ]
    given = ministack.keeping({**given, "HostedZoneId": zone.rpartition("/")[2]})
    if by_scripts:
        return {"Change": ministack.by_scripts(given), **_described(given["Name"], zone)}
    formation = ministack.client("cloudformation")
    for name, stack in read(given["Option"]).items():
        label = f"{given['Name']}-{name}"
        requested: list[dict[str, Any]] = [
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in given.items()
            if key in stack.parameters
        ]
        body = json.dumps(ministack.known(stack.body)[0])
        formation.create_stack(StackName=label, TemplateBody=body, Parameters=requested)
        made = settled(formation, label)
        assert made["StackStatus"] == "CREATE_COMPLETE", f"{label}: {made}"
    return _described(given["Name"], zone)


def _described(name: str, zone: str) -> Json:
    client = ministack.client
    formation, balancing, ecs = client("cloudformation"), client("elbv2"), client("ecs")
    (balancer,) = balancing.describe_load_balancers()["LoadBalancers"]
    arn = balancer["LoadBalancerArn"]
    listeners = balancing.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    (listener,) = (each for each in listeners if each["Protocol"] == "HTTPS")
    services = ecs.describe_services(cluster=name, services=ecs.list_services(cluster=name)["serviceArns"])
    tasks = [each["taskDefinition"] for each in services["services"]]
    return {
        "LoadBalancer": balancer,
        "Attributes": balancing.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"],
        "Listener": listener,
        "Listeners": listeners,
        "Rules": balancing.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"],
        "TargetGroups": balancing.describe_target_groups()["TargetGroups"],
        "Exports": {each["Name"]: each["Value"] for each in formation.list_exports()["Exports"]},
        "Stacks": {each["StackName"]: each["StackStatus"] for each in formation.describe_stacks()["Stacks"]},
        "Services": services["services"],
        "Tasks": [ecs.describe_task_definition(taskDefinition=each)["taskDefinition"] for each in tasks],
        "Subnets": client("ec2").describe_subnets()["Subnets"],
        "Caches": client("elasticache").describe_replication_groups()["ReplicationGroups"],
        "Secrets": client("secretsmanager").list_secrets()["SecretList"],
        "Records": client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"],
    }


if __name__ == "__main__":
    os.environ.setdefault("AWS_MAX_ATTEMPTS", "2")
    _main()
