"""Numbers of tenants in; what a shard of such a fleet costs in CPU, and the report on all of it, out.

The verb is `lint`, which asks no tenant: what is left is the process, and what the size of a fleet adds.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from entra_config.manifest.tenants import reading
from entra_fleet.run import run_results, tenant_result
from entra_fleet.run.deciding import Flags
from entra_fleet.run.tenant_process import ShardProcesses

SIZES = (100, 1000)
HEAD = """\
| tenants | CPU of a shard's process, ms (median of 9) | of one that does nothing, ms | CPU of the report, s |
|---|---|---|---|"""
_FLEET = """\
projects: {{ myapp: {{ manifest: myapp, environment: customer }} }}
credential: {{ kind: github, clientId: 5c1b2f7e-0000-4000-8000-000000000001 }}
tenants:
{tenants}"""
_TENANT = "  t{0}: {{ tenantId: 11111111-1111-4111-8111-{0:012d}, projects: [myapp] }}\n"
_APPLICATION = "  app{0}: {{ type: api, displayName: Application {0}, appRoles: {{ Reader: Reads. }} }}\n"
_MANIFEST = """\
project: myapp
environments: {{ customer: {{ fleet: true, deployers: credential }} }}
applications:
{applications}"""


def report(*, quick: bool) -> Iterator[str]:
    """Yield a row for each number of tenants, each with twenty applications."""
    for size in SIZES[:1] if quick else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            yield _row(Path(folder), size)


def _row(folder: Path, size: int) -> str:
    (folder / "myapp").mkdir()
    applications = "".join(map(_APPLICATION.format, range(20)))
    (folder / "myapp/entra-config.yaml").write_text(_MANIFEST.format(applications=applications))
    fleet = folder / "fleet.yaml"
    fleet.write_text(_FLEET.format(tenants="".join(map(_TENANT.format, range(size)))))
    results = folder / "results"
    results.mkdir()
    with ShardProcesses(fleet) as processes:
        worked = [_cpu(processes, results, f"t{number}/myapp") for number in range(9)]
        idle = [_cpu(processes, results, "") for _ in range(9)]
    began = time.process_time()
    found = run_results.of_folder(reading.read(fleet), results, None)
    reported = found.report(None, names=False)
    assert reported.shards == size  # each once, whether it has a result or not
    seconds = time.process_time() - began
    return f"| {size:,} | {statistics.median(worked):.0f} | {statistics.median(idle):.0f} | {seconds:.1f} |"


def _cpu(processes: ShardProcesses, results: Path, shard: str) -> float:
    """Return milliseconds of CPU of one shard's process; one without a name ends at once."""
    task = tenant_result.Task(shard, "lint", "one", results, Flags())
    request = {
        "fleet": str(processes.fleet),
        "cloud": "global",
        "credential": None,
        "results": str(results),
        "task": task.json() if shard else {},
    }
    end = processes.run(request, seconds=600, grace=1)
    assert end.code == (0 if shard else 1), end.said
    return end.cpu * 1000
