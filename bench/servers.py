"""Each contender in a server process of its own: the same server with the same settings, only the application differs."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from setup.serve import SERVER

from .client import HOST
from .databases import PUBLIC_URL, ROOT

PATIENCE = 60  # seconds to start


@contextmanager
def serving(target: str, environment: Mapping[str, str], *, factory: bool = False) -> Iterator[int]:
    """The port of a server of ``target``, an application or a ``factory`` of one; it is stopped afterwards."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    address = ("--host", HOST, "--port", str(port), "--log-level", "error")
    command = [sys.executable, "-m", *SERVER, *address, *(["--factory"] if factory else []), target]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **environment})
    try:
        _wait_for(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def environment_of_service(url: str, instance: Path) -> dict[str, str]:
    """As in production, with secrets for this run."""
    instance.mkdir(parents=True, exist_ok=True)
    names = ("SECRET_KEY", "PASSWORD_SALT", "TOTP_SECRET", "DEVICE_SALT", "STAMP_KEYS")
    return {
        "TRACE_DATABASE_URL": url,
        "TRACE_INSTANCE_PATH": str(instance),
        "TRACE_PRODUCTION": "1",
        "TRACE_PUBLIC_URL": PUBLIC_URL,
        **{f"TRACE_{name}": secrets.token_urlsafe(48) for name in names},
    }


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not open its port")
