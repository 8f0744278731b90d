"""The front door."""

from flask import render_template

from ...request.access import public
from .blueprint import bp


@bp.get("/")
@public
def home() -> str:
    return render_template("public/home.html")
