"""What the service refuses to start with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from trace.settings import Settings, SettingsError

STRONG = "k7Qz" * 12
PRODUCTION = {
    "TRACE_PRODUCTION": "1",
    "TRACE_PUBLIC_URL": "https://truyxuat.example.vn",
    "TRACE_SECRET_KEY": STRONG,
    "TRACE_PASSWORD_SALT": STRONG,
    "TRACE_TOTP_SECRET": STRONG,
    "TRACE_DEVICE_SALT": STRONG,
    "TRACE_STAMP_KEYS": STRONG,
}


def load(folder: Path, **environ: str) -> Settings:
    return Settings.load({"TRACE_INSTANCE_PATH": str(folder), **environ})


def test_development_needs_no_setting_and_keeps_its_secrets(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first == second
    assert first.database_url == f"sqlite:///{tmp_path / 'trace.sqlite'}"
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_two_installations_never_share_a_secret(tmp_path: Path) -> None:
    assert load(tmp_path / "a").secret_key != load(tmp_path / "b").secret_key


def test_production_starts_with_every_secret_given(tmp_path: Path) -> None:
    settings = load(tmp_path, **PRODUCTION)
    assert settings.production
    assert settings.secure_cookies
    assert not (tmp_path / "secrets.json").exists()


@pytest.mark.parametrize("variable", [name for name in PRODUCTION if PRODUCTION[name] == STRONG])
@pytest.mark.parametrize("value", ["", "changeme", "short"])
def test_production_refuses_a_weak_secret_by_name(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        load(tmp_path, **PRODUCTION | {variable: value})


def test_production_refuses_a_weak_key_of_stamps_behind_a_strong_one(tmp_path: Path) -> None:
    assert load(tmp_path, **PRODUCTION | {"TRACE_STAMP_KEYS": f"{STRONG}, {STRONG}2"}).stamp_keys == (
        STRONG,
        f"{STRONG}2",
    )
    with pytest.raises(SettingsError, match="TRACE_STAMP_KEYS"):
        load(tmp_path, **PRODUCTION | {"TRACE_STAMP_KEYS": f"{STRONG},"})


def test_a_server_without_a_key_of_stamps_does_not_start_and_says_which(tmp_path: Path) -> None:
    environ = PRODUCTION | {"TRACE_INSTANCE_PATH": str(tmp_path), "TRACE_STAMP_KEYS": ""}
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"], env=environ, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr == "TRACE_STAMP_KEYS must be set to at least 32 random characters in production\n"


def test_a_secret_that_came_later_joins_those_that_were_made(tmp_path: Path) -> None:
    first = load(tmp_path)
    path = tmp_path / "secrets.json"
    path.write_text(
        json.dumps({name: value for name, value in json.loads(path.read_text()).items() if name != "stamp_keys"})
    )
    second = load(tmp_path)
    assert second.stamp_keys != first.stamp_keys
    assert second == load(tmp_path)
    assert second.secret_key == first.secret_key


def test_production_refuses_an_address_without_encryption(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TRACE_PUBLIC_URL"):
        load(tmp_path, **PRODUCTION | {"TRACE_PUBLIC_URL": "http://truyxuat.example.vn"})


@pytest.mark.parametrize(("variable", "value"), [("TRACE_PRODUCTION", "maybe"), ("TRACE_SMTP_PORT", "five")])
def test_a_malformed_value_is_named(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        load(tmp_path, **{variable: value})
