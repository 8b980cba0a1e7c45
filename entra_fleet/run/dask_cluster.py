"""How many shards at once, and perhaps where a cluster is, in; a client of Dask that may use it out.

Whoever reaches a scheduler runs code. So nothing is reached without certificates, and no page is served.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entra_config import extras
from entra_config.cli.options import CLOUD, CREDENTIAL
from entra_config.errors import UsageError
from entra_fleet.run import dask_worker

if TYPE_CHECKING:
    from entra_config.cli.options import Common

_THREADS = 4  # of a worker at least, before there is another
_TIMEOUT = 10  # seconds: with a wrong certificate a client would try for ever
# Even with certificates and without a dashboard Dask serves pages over plain HTTP, with what failed in them.
QUIET = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.preload": [dask_worker.__name__],
}
NO_DASHBOARD = {"dashboard": False}  # wherever bokeh is installed, too


@contextmanager
def local(common: Common, results: Path, parallel: int) -> Iterator[Any]:
    """Start a cluster on this machine, with certificates that are made for it alone; end it."""
    extras.require("fleet")
    import dask
    from distributed import Client, LocalCluster, Security

    where = {
        dask_worker.FLEET_FILE: str(common.fleet),
        dask_worker.RESULTS: str(results.absolute()),
        CLOUD: common.cloud,
    }
    if common.credential is not None:
        where[CREDENTIAL] = common.credential
    # A worker only waits for processes: a few are enough.
    workers = min(os.cpu_count() or 1, -(-parallel // _THREADS))
    with (
        dask.config.set(QUIET),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=-(-parallel // workers),
            processes=True,
            security=Security.temporary(),
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs=NO_DASHBOARD,
            env=where,
            silence_logs=logging.ERROR,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def security() -> Any:
    """Return the certificates that Dask's configuration names, for TLS and nothing else."""
    from distributed import Security

    return Security(require_encryption=True)


@contextmanager
def remote(address: str) -> Iterator[Any]:
    """Use a cluster that exists, by the certificates that Dask's configuration names."""
    extras.require("fleet")
    from distributed import Client

    # A lost scheduler is an error of ours; Dask would log a traceback too.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    found = security()
    missing = [
        name
        for name, value in (
            ("DASK_DISTRIBUTED__COMM__TLS__CA_FILE", found.tls_ca_file),
            ("DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT", found.tls_client_cert),
            ("DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY", found.tls_client_key),
        )
        if not value
    ]
    if not address.startswith("tls://"):
        raise UsageError(f"--scheduler {address}: whoever reaches a scheduler runs code; only tls:// is used")
    if missing:
        raise UsageError(f"--scheduler {address}: needs a client certificate: set {', '.join(missing)}")
    try:
        client = Client(address, security=found, timeout=_TIMEOUT)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"--scheduler {address}: nobody answers there within {_TIMEOUT} seconds, or not to this "
            f"certificate: {error}"
        ) from error
    with client:
        yield client
