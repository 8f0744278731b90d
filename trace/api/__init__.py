"""The same verbs for machines."""

from flask import Flask
from flask_wtf import CSRFProtect

from ..settings import Settings
from . import errors

__all__ = ["errors", "init_app"]


def init_app(app: Flask, settings: Settings, csrf: CSRFProtect) -> None:
    """Mount the API under /api/v1; its callers bring a key, not a cookie, so it needs no CSRF token."""
