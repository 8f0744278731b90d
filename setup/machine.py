"""What a machine must have beside Python packages, to serve or to test: found, else installed where we may."""

import ctypes.util
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
from functools import cache
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


def find_program(name: str, *, package: str) -> str | None:
    """A program on PATH, else from its Debian package."""
    return shutil.which(name) or (shutil.which(name) if install_package(package) else None)


def find_library(name: str, *, package: str) -> str | None:
    """A shared library, else from its Debian package or from Homebrew, where that is named alike but for the number."""
    if found := ctypes.util.find_library(name):
        return found
    if shutil.which("brew"):
        subprocess.run(["brew", "install", "--quiet", name], check=False)
        folders = ("/opt/homebrew/lib", "/usr/local/lib")
        return next((str(path) for folder in folders for path in Path(folder).glob(f"lib{name}.dylib")), None)
    return ctypes.util.find_library(name) if install_package(package) else None


def find_vietnamese_font() -> str | None:
    """The name of a font that the browser can write Vietnamese with."""
    if platform.system() == "Darwin":
        return "of the system"
    return _vietnamese_font() or (_vietnamese_font() if install_package("fonts-dejavu-core") else None)


def free_port() -> int:
    """One that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int, *, seconds: float = 15) -> bool:
    """Wait until something listens on ``port`` of this machine; False where nothing does in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False


def install_package(name: str) -> bool:
    """Install a Debian package; False where this is not Debian, we are not root, or it failed."""
    if platform.system() != "Linux" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing Debian package {name} …", flush=True)
    _refresh_package_lists()
    return _apt("install", "--yes", "--no-install-recommends", name)


@cache
def _refresh_package_lists() -> None:
    _apt("update")


def _apt(*arguments: str) -> bool:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "--quiet=2", *arguments]
    done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip(), flush=True)
    return done.returncode == 0


def _playwright_chromium() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.exists() else None


def _vietnamese_font() -> str | None:
    program = find_program("fc-list", package="fontconfig")
    if program is None:
        return None
    fonts = subprocess.run([program, ":lang=vi", "family"], capture_output=True, text=True, check=False).stdout
    return next(iter(sorted(fonts.splitlines())), None)
