"""PostgreSQL as a host rents it out: TLS only, its certificate checked, as docs/exploitation.md tells it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scripts import find_postgres
from scripts.cluster_parts import ROOT, Cluster


def certificate(folder: Path) -> None:
    """An authority (autorite.pem) and a certificate of it for localhost (serveur.pem, serveur.cle)."""
    now = dt.datetime.now(dt.UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in ("essai", "localhost")]
    for number, (key, name) in enumerate(zip(keys, names, strict=True)):
        made = (
            x509.CertificateBuilder(names[0], name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=number == 0, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .sign(keys[0], hashes.SHA256())
        )
        (folder / ("autorite.pem", "serveur.pem")[number]).write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
        )
    (folder / "serveur.cle").write_bytes(
        keys[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "serveur.cle").chmod(0o600)


@pytest.fixture(scope="module")
def database() -> Iterator[Cluster]:
    """A PostgreSQL that refuses whoever speaks without TLS."""
    programs = find_postgres.find()
    if programs is None:
        pytest.skip("PostgreSQL n’est pas installé (python scripts/find_postgres.py)")
    made = Cluster(0)
    try:
        made._start_postgres()
        certificate(made.folder)
        data = made.folder / "data"
        lines = [
            f"ssl_cert_file = '{made.folder}/serveur.pem'",
            f"ssl_key_file = '{made.folder}/serveur.cle'",
            "ssl = on",
        ]
        with (data / "postgresql.conf").open("a") as conf:
            conf.write("\n".join(lines) + "\n")
        (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
        if made._other is not None:
            for path in made.folder.glob("serveur.*"):
                shutil.chown(path, made._other.pw_uid, made._other.pw_gid)
        subprocess.run(
            [programs / "pg_ctl", "reload", "-D", data], check=True, capture_output=True, **made._as_other()
        )
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def db(database: Cluster) -> Callable[..., int]:
    """Run `python -m ptce_data db …` on that database with these parameters; returns the exit code."""

    def run(parameters: str, *command: str, **environment: str) -> int:
        url = database.database_url.replace("127.0.0.1", "localhost").replace(
            "/postgres", "/postgres?" + parameters
        )
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SSL_CERT", "PG"))}
        return subprocess.run(
            [sys.executable, "-m", "ptce_data", "db", *command],
            cwd=ROOT, env={**kept, "PTCE_DATABASE_URL": url, **environment}, capture_output=True, check=False,
        ).returncode  # fmt: skip

    return run


def test_the_documented_addresses_work_and_the_others_are_refused(
    database: Cluster, db: Callable[..., int], tmp_path: Path
) -> None:
    authority = database.folder / "autorite.pem"
    checked = f"sslmode=verify-full&sslrootcert={authority}"
    assert db(checked, "upgrade") == 0
    assert db("sslmode=verify-full&sslrootcert=system", "check", SSL_CERT_FILE=str(authority)) == 0
    # Nobody who is not checked: no TLS, no authority, another authority.
    assert db("sslmode=disable", "check") == 2
    assert db("sslmode=verify-full", "check") == 2
    certificate(tmp_path)
    assert db(f"sslmode=verify-full&sslrootcert={tmp_path}/autorite.pem", "check") == 2
    # A night's backup, tried on an empty base and taken back in place.
    saved = str(tmp_path / "sauvegarde.zip")
    assert db(checked, "backup", "--out", saved) == 0
    assert db(checked, "restore", "--remplacer", saved) == 0
    assert db(checked, "check") == 0
