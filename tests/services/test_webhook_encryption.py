"""The way out is encrypted, to the name that was registered, at the very address that was checked."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from tests.client import Clock
from tests.farm import Farm
from trace.services import webhook_transport, webhooks
from trace.settings import Settings
from trace.storage.webhooks import WebhookDelivery

HOST = "kho.example.vn"
ADDRESS = "127.0.0.1"


class Machine:
    """Answers at ``HOST`` under a certificate for ``name``; ``asked`` is what reached it."""

    def __init__(self, folder: Path, authority: "Authority", name: str) -> None:
        asked = self.asked = list[bytes]()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.issue(folder / "machine.pem", name))
        self.server = ThreadingHTTPServer((ADDRESS, 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Authority:
    """Signs certificates; ``path`` holds its own, for those who are to trust it."""

    def __init__(self, folder: Path) -> None:
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Thử nghiệm")])
        self.key = ec.generate_private_key(ec.SECP256R1())
        usage = dict.fromkeys(USAGES, False) | {"key_cert_sign": True, "crl_sign": True}
        made = (
            self._certificate(self.name, self.key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.path = folder / "authority.pem"
        self.path.write_bytes(made.public_bytes(Encoding.PEM))

    def issue(self, path: Path, host: str) -> Path:
        """A certificate for ``host`` and its key, in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            self._certificate(x509.Name([]), key)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(private + made.public_bytes(Encoding.PEM))
        return path

    def _certificate(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        today = datetime.now(UTC)
        return (
            x509.CertificateBuilder(self.name, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(today - timedelta(days=1))
            .not_valid_after(today + timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )


USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """``HOST`` is at ``ADDRESS`` while it is registered and when it is told; asked once more it has moved inside."""
    looked_up: list[str] = []
    look_up = socket.getaddrinfo

    def answer(host: Any, *rest: Any, **options: Any) -> Any:
        if host == HOST:
            looked_up.append(host)
            host = ADDRESS if len(looked_up) <= 2 else "10.0.0.7"
        return look_up(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(webhook_transport, "is_public", lambda address: address == ADDRESS)
    return looked_up


@pytest.fixture
def machine(request: pytest.FixtureRequest, tmp_path: Path, authority: Authority) -> Iterator[Machine]:
    machine = Machine(tmp_path, authority, request.param)
    yield machine
    machine.close()


def tell(farm: Farm, settings: Settings, machine: Machine) -> WebhookDelivery:
    url = f"https://{HOST}:{machine.server.server_port}/thu-hoi"
    webhook, _ = webhooks.register(farm.session, farm.owner, farm.business.id, url, settings=settings)
    webhooks.send_test(farm.session, farm.owner, farm.business.id, webhook.id)
    webhooks.deliver(farm.session, settings)
    return farm.session.scalars(select(WebhookDelivery)).one()


@pytest.mark.parametrize("machine", [HOST], indirect=True)
def test_the_machine_of_the_registered_name_is_told_where_its_address_was_checked(
    farm: Farm,
    settings: Settings,
    machine: Machine,
    authority: Authority,
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    delivery = tell(farm, settings, machine)
    assert (delivery.answer, len(machine.asked)) == ("204", 1)
    assert asked == [HOST, HOST], "no third time, between checking and connecting"


@pytest.mark.parametrize(("machine", "trusted"), [("khac.example.vn", True), (HOST, False)], indirect=["machine"])
def test_another_name_or_an_unknown_authority_is_told_nothing_and_tried_again(
    farm: Farm,
    settings: Settings,
    machine: Machine,
    authority: Authority,
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    trusted: bool,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    delivery = tell(farm, settings, machine)
    assert (delivery.answer, delivery.delivered_at, machine.asked) == ("SSLCertVerificationError", None, [])
    assert delivery.next_attempt_at
    asked.clear()
    clock.advance(minutes=1)
    webhooks.deliver(farm.session, settings)
    farm.session.expire_all()
    assert (delivery.attempts, machine.asked) == (2, [])
