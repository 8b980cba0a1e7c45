"""What was deployed, and where its names and tasks are on this machine, in; what the load balancer's
stand-in reads, out. No rule is written here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.infra import control, resolved
from tests.infra.templates import Json, read

# Of what is described, what the load balancer's stand-in reads.
READ = ("LoadBalancer", "Attributes", "Listener", "TargetGroups")
# Of an action, what MiniStack does not keep.
DROPPED = {"jwt-validation": "JwtValidationConfig", "authenticate-oidc": "AuthenticateOidcConfig"}


def of(
    parameters: Mapping[str, str],
    *,
    hosts: Mapping[str, str],
    targets: Mapping[str, int],
    secrets: Mapping[str, str] | None = None,
) -> Json:
    """Deploy an option with these parameters. `hosts` says which name and port of loopback stand for a host
    of the stacks, `targets` which port has the tasks of a target group by the name of its export, `secrets`
    what Secrets Manager would hold, by name or ARN.
    """
    described = control.shared().deployed(parameters)
    written = resolved.rules(read(parameters["Option"]), parameters, secrets or {})
    places = {f"{parameters['Name']}:{name}": port for name, port in targets.items()}
    exports = described["Exports"]
    assert places.keys() <= exports.keys(), f"no such target group: {places.keys() - exports.keys()}"
    return {
        **{name: described[name] for name in READ},
        "Rules": [_rule(each, written, hosts) for each in described["Rules"]],
        "TargetHealthDescriptions": {
            exports[name]: [{"Target": {"Id": "127.0.0.1", "Port": port}}] for name, port in places.items()
        },
    }


def _rule(rule: Json, written: Mapping[str, Json], hosts: Mapping[str, str]) -> Json:
    """Return a rule with what was dropped of it, and hosts as they are called here."""
    said = {each["Type"]: each for each in written.get(rule["Priority"], {}).get("Actions", ())}
    actions = []
    for action in rule["Actions"]:
        lost = DROPPED.get(action["Type"], "")
        more = {lost: _addressed(said[action["Type"]][lost], hosts)} if lost else {}
        actions.append({**action, **more})
    return {**rule, "Actions": actions, "Conditions": [_here(each, hosts) for each in rule["Conditions"]]}


def _addressed(config: Json, hosts: Mapping[str, str]) -> Json:
    found = json.dumps(config)
    for host, here in hosts.items():
        found = found.replace(f"https://{host}/", f"https://{here}/")
    moved: Json = json.loads(found)
    # A template has it as text, an answer of AWS as a number.
    return {key: int(value) if key == "SessionTimeout" else value for key, value in moved.items()}


def _here(condition: Json, hosts: Mapping[str, str]) -> Json:
    if condition["Field"] != "host-header":
        return condition
    # A rule compares the name alone.
    values = [hosts[each].partition(":")[0] for each in condition["HostHeaderConfig"]["Values"]]
    return {"Field": "host-header", "HostHeaderConfig": {"Values": values}}
