"""Write what Terraform's own pull request needs to give up the resources that were imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from entra_config import quoting
from entra_config.importing.terraform.claims import Belonging
from entra_config.importing.terraform.state import Instance

FILE = "terraform-transfer.tf"
_HEADER = """\
# Written by `entra-config import --terraform-state`, for a pull request in Terraform's repository.
# Needs Terraform 1.7 or OpenTofu 1.10; OpenTofu 1.7 to 1.9 take the blocks without `lifecycle`.
#
# 1. Run `entra-config apply` first: from then on the manifest manages these applications.
# 2. In one commit, add this file to the root module and delete the resource blocks that it lists.
#    Terraform refuses a `removed` block as long as the resource block is there.
# 3. `terraform plan` must say that it destroys nothing. Then apply, and delete the `removed` blocks.
#
# A state does not have `prevent_destroy`. If a resource block below has it, add `preventDestroy: true` to the
# application in the manifest.
"""
_PARTLY = """\
# Of these resources only some instances were imported, and `from` accepts no instance key. Remove the
# imported keys from `for_each` or `count`, and run these commands before the next plan (with `tofu` alike):
"""
_STAYING = """\
# These stay with Terraform, because a manifest has no key for them. They refer to a resource that is removed:
# take the id of its service principal from `data "azuread_service_principal"` by `client_id`.
"""
_DATA = """\
# For what refers to `.client_id`. azuread before 2.44 calls the argument `application_id`.
"""


def write(instances: Sequence[Instance], belonging: Belonging, keys: Mapping[str, str]) -> str:
    """Return the file: `removed` blocks for resources of which every instance belongs to an imported
    application, commands for the others, and a data source for each application by its client id.
    """
    every = _by_resource([each for each in instances if not each.deposed])
    ours = _by_resource(belonging.transferred)
    complete = [name for name in ours if len(ours[name]) == len(every[name])]
    partly = [str(each.address) for name in ours if name not in complete for each in ours[name]]
    sections = [_HEADER]
    if complete:
        sections.append("# Delete these resource blocks:\n" + "".join(f"#   {name}\n" for name in complete))
    if partly:
        commands = [f"#   terraform state rm {quoting.sh(address)}\n" for address in partly]
        sections.append(_PARTLY + "".join(commands))
    if belonging.staying:
        sections.append(_STAYING + "".join(f"#   {each.address}\n" for each in belonging.staying))
    sections += [
        f"removed {{\n  from = {name}\n  lifecycle {{\n    destroy = false\n  }}\n}}\n" for name in complete
    ]
    if keys:
        data = [
            f'data "azuread_application" "{key}" {{\n  client_id = {quoting.hcl(app_id)}\n}}\n'
            for app_id, key in keys.items()
        ]
        sections.append(_DATA + "\n".join(data))
    return "\n".join(sections)


def _by_resource(instances: Sequence[Instance]) -> dict[str, list[Instance]]:
    found: dict[str, list[Instance]] = {}
    for each in instances:
        found.setdefault(each.address.resource, []).append(each)
    return found
