"""The settings of the application that answers this request."""

from flask import current_app

from ..domain.stamps import StampKeys
from ..settings import Settings


def settings() -> Settings:
    found: Settings = current_app.extensions["trace.settings"]
    return found


def public_url() -> str:
    """Where shoppers reach the service; what every label carries."""
    return settings().public_url


def stamp_keys() -> StampKeys:
    found: StampKeys = current_app.extensions["trace.stamp_keys"]
    return found
