"""What a machine must have for the tests beside Python packages: found, else installed where we may."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """``TRACE_CHROMIUM``, else one on PATH, else the one that Playwright downloaded."""
    if named := os.environ.get("TRACE_CHROMIUM"):
        return named
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    return _playwright_chromium()


def install_chromium() -> str | None:
    """Debian's package where we are root, else Playwright's download; None where neither worked."""
    if not install_package("chromium"):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find_chromium()


def find_redis() -> str | None:
    return shutil.which("redis-server") or (shutil.which("redis-server") if install_package("redis-server") else None)


def install_package(name: str) -> bool:
    """Install a Debian package; False where this is not Debian, we are not root, or it failed."""
    if platform.system() != "Linux" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing Debian package {name} …", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", name]):
        done = subprocess.run(
            ["apt-get", *arguments], env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(done.stderr.strip(), flush=True)
    return done.returncode == 0


def _playwright_chromium() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.exists() else None
