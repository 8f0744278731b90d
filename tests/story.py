"""The story of the demonstration, for tests that look at it."""

import json
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from trace.services.demo.pictures import PICTURES


def tell(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What ``demo show`` says after ``demo load``."""
    for number, name in enumerate(PICTURES):  # drawing the real ones takes seconds
        drawn = BytesIO()
        Image.new("RGB", (40, 30), (10 * number, 120, 60)).save(drawn, "JPEG")
        monkeypatch.setitem(PICTURES, name, drawn.getvalue)
    assert run(app, "load").startswith("The story is told")
    return dict(json.loads(run(app, "show")))


def run(app: Flask, *arguments: str) -> str:
    return app.test_cli_runner().invoke(args=["demo", *arguments], catch_exceptions=False).output
