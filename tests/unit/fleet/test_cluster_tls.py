"""`fleet run --all --scheduler`: a cluster beside this process over TLS, which refuses strangers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dask
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from distributed import Client

from entra_config.cli.main import main
from entra_fleet.run import dask_cluster, tenant_run
from tests.unit.fleet.files import FILES, MYAPP, NAMES, write
from tests.unit.fleet.fleet_ran import result_of


class _Authority:
    """A certificate authority that somebody made for one cluster."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.ca = folder / f"{name}-ca.pem"
        self._write(self.ca, self._signed(self._name, self._key, ca=True))
        self.cert, self.key = folder / f"{name}.pem", folder / f"{name}.key"
        key = ec.generate_private_key(ec.SECP256R1())
        self._write(self.cert, self._signed(x509.Name([]), key, ca=False))
        self.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )

    def _signed(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, ca: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=2))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @staticmethod
    def _write(path: Path, certificate: x509.Certificate) -> None:
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def variables(self, role: str) -> dict[str, str]:
        """Return how Dask is told, for a scheduler, worker or client."""
        prefix = "DASK_DISTRIBUTED__COMM__TLS__"
        return {
            f"{prefix}CA_FILE": str(self.ca),
            f"{prefix}{role}__CERT": str(self.cert),
            f"{prefix}{role}__KEY": str(self.key),
        }

    def settings(self) -> dict[str, str]:
        """Return how Dask is told in this process, for a client."""
        tls = "distributed.comm.tls."
        return {
            f"{tls}ca-file": str(self.ca),
            f"{tls}client.cert": str(self.cert),
            f"{tls}client.key": str(self.key),
        }


@contextmanager
def _cluster(authority: _Authority, checkouts: list[Path]) -> Iterator[str]:
    """Start a scheduler and a worker for each checkout, as processes of their own."""
    quiet = {
        "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES": "[]",
        "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": "[]",
    }
    log = authority.folder / "scheduler.json"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENTRA_CONFIG")}
    started: list[subprocess.Popen[bytes]] = []

    def start(role: str, folder: Path, *words: str) -> None:
        environ = kept | quiet | authority.variables(role)
        command = [sys.executable, "-m", "distributed.cli.dask_" + role.lower(), *words]
        started.append(
            subprocess.Popen(
                command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        )

    try:
        start("SCHEDULER", authority.folder, "--protocol", "tls", "--host", "127.0.0.1", "--port", "0",
              "--no-dashboard", "--scheduler-file", str(log))  # fmt: skip
        for folder in checkouts:
            start("WORKER", folder, "--scheduler-file", str(log), "--nthreads", "1", "--no-nanny",
                  "--no-dashboard", "--preload", "entra_fleet.run.dask_worker")  # fmt: skip
        while not log.exists() or not log.read_text(encoding="utf-8"):
            assert started[0].poll() is None, "the scheduler ended"
            time.sleep(0.1)
        yield str(json.loads(log.read_text(encoding="utf-8"))["address"])
    finally:
        for each in started:
            each.kill()
            each.wait()


def test_a_remote_cluster_is_used_over_tls_and_whoever_is_wrong_is_refused(
    fleet: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No certificate, one of another authority, no TLS; a worker with another checkout refuses its shards."""
    folder = tmp_path_factory.mktemp("cluster")
    ours, theirs = _Authority(folder, "ours"), _Authority(folder, "theirs")
    other = tmp_path_factory.mktemp("other")
    elsewhere = FILES["platform/entra-config.yaml"].replace("before", "after")
    write(other, {**FILES, "platform/entra-config.yaml": elsewhere})
    write(other, {"myapp/entra-config.yaml": MYAPP.replace("Reads.", "Looks.")})
    monkeypatch.setattr(dask_cluster, "_TIMEOUT", 3)

    def ran(address: str, run: str = "one") -> tuple[int, str]:
        words = "fleet run --all --do lint --results results --parallel 2 --scheduler"
        code = main([*words.split(), address, "--run", run])
        return code, capsys.readouterr().err

    with _cluster(ours, [fleet, other]) as address:
        code, said = ran(address)
        assert (code, "needs a client certificate" in said) == (1, True), said
        with dask.config.set(theirs.settings()):
            code, said = ran(address)
            assert (code, "nobody answers there within 3 seconds, or not to this certificate" in said) == (
                1,
                True,
            ), said
        with dask.config.set(ours.settings()):
            code, said = ran(address.replace("tls://", "tcp://"))
            assert (code, "only tls:// is used" in said) == (1, True), said
            with Client(address, security=dask_cluster.security()) as client:
                client.wait_for_workers(2)
            code, said = ran(address)
    assert code == 0, said
    refused = {tenant_run.OTHER: True, "": False}
    assert {refused[result_of(each)["error"]] for each in NAMES} == {True, False}, said
