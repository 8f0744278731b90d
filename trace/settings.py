"""Everything an operator may set, read once at start.

Values come from ``TRACE_*`` environment variables. In development the secrets are made once and kept in the
instance folder; in production they must be given, and a weak one is refused.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ("secret_key", "password_salt", "totp_secret", "device_salt", "stamp_keys")
WEAK = frozenset({"", "secret", "changeme", "dev", "development", "password", "test"})


class SettingsError(RuntimeError):
    """The service must not start with these settings."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One immutable set of settings. Field ``x`` is read from ``TRACE_X``."""

    instance_path: Path
    database_url: str
    secret_key: str
    password_salt: str
    totp_secret: str
    device_salt: str
    """Keys the rotating hash that tells one phone's scans from another's; never an IP address is kept."""
    stamp_keys: tuple[str, ...]
    """The master keys of stamps, newest first. One that stamps were issued with stays for as long as they are scanned."""
    public_url: str = "http://127.0.0.1:8000"
    """Where shoppers reach the service; printed on every label, so it must never change afterwards."""
    production: bool = False
    redis_url: str = ""
    smtp_host: str = ""
    """Mail is written to the console where this is empty."""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: bool = True
    mail_from: str = "truyxuat@localhost"
    proxy_hops: int = 0
    """How many reverse proxies stand in front; their X-Forwarded-* headers are believed."""
    testing: bool = False

    @property
    def uploads_path(self) -> Path:
        return self.instance_path / "uploads"

    @property
    def labels_path(self) -> Path:
        """Files of stamps, which are removed after some days."""
        return self.instance_path / "labels"

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings; raise SettingsError naming the variable that is missing, weak or malformed."""
        instance = Path(environ.get("TRACE_INSTANCE_PATH", ROOT / "instance")).resolve()
        production = _flag(environ, "TRACE_PRODUCTION")
        instance.mkdir(parents=True, exist_ok=True)
        kept = {} if production else _development_secrets(instance)
        values: dict[str, str] = {}
        for name in SECRETS:
            variable = f"TRACE_{name.upper()}"
            values[name] = environ.get(variable, kept.get(name, ""))
            parts = _keys(values[name]) if name == "stamp_keys" else (values[name],)
            if production and any(len(part) < 32 or part.lower() in WEAK for part in parts):
                raise SettingsError(f"{variable} must be set to at least 32 random characters in production")
        public_url = environ.get("TRACE_PUBLIC_URL", cls.public_url).rstrip("/")
        if production and not public_url.startswith("https://"):
            raise SettingsError("TRACE_PUBLIC_URL must start with https:// in production")
        return cls(
            instance_path=instance,
            database_url=environ.get("TRACE_DATABASE_URL") or f"sqlite:///{instance / 'trace.sqlite'}",
            public_url=public_url,
            production=production,
            redis_url=environ.get("TRACE_REDIS_URL", ""),
            smtp_host=environ.get("TRACE_SMTP_HOST", ""),
            smtp_port=_number(environ, "TRACE_SMTP_PORT", cls.smtp_port),
            smtp_user=environ.get("TRACE_SMTP_USER", ""),
            smtp_password=environ.get("TRACE_SMTP_PASSWORD", ""),
            smtp_tls=_flag(environ, "TRACE_SMTP_TLS", default=True),
            mail_from=environ.get("TRACE_MAIL_FROM", cls.mail_from),
            proxy_hops=_number(environ, "TRACE_PROXY_HOPS", 0),
            secret_key=values["secret_key"],
            password_salt=values["password_salt"],
            totp_secret=values["totp_secret"],
            device_salt=values["device_salt"],
            stamp_keys=_keys(values["stamp_keys"]),
        )


def _flag(environ: Mapping[str, str], variable: str, *, default: bool = False) -> bool:
    text = environ.get(variable, "").strip().lower()
    if text in {"", "0", "1", "true", "false", "yes", "no"}:
        return text in {"1", "true", "yes"} if text else default
    raise SettingsError(f"{variable} must be 1 or 0, not {text!r}")


def _number(environ: Mapping[str, str], variable: str, default: int) -> int:
    text = environ.get(variable, "").strip()
    if not text:
        return default
    if not text.isdecimal():
        raise SettingsError(f"{variable} must be a whole number, not {text!r}")
    return int(text)


def _keys(text: str) -> tuple[str, ...]:
    """Separated by commas; an empty one counts, so that it is found to be weak."""
    return tuple(part.strip() for part in text.split(","))


def _development_secrets(instance: Path) -> dict[str, str]:
    """Made once: signed cookies and passwords stay valid across restarts of a developer's server."""
    file = os.open(instance / "secrets.json", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(file, "r+") as secrets_file:
        fcntl.flock(secrets_file, fcntl.LOCK_EX)  # the first process makes them; the others read what it wrote
        kept: dict[str, str] = json.loads(secrets_file.read() or "{}")
        if missing := [name for name in SECRETS if name not in kept]:
            kept |= {name: secrets.token_urlsafe(48) for name in missing}
            secrets_file.seek(0)
            secrets_file.write(json.dumps(kept))
    return kept
