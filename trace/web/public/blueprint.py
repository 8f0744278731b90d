"""The blueprint that every module of this room adds its routes to."""

from flask import Blueprint

bp = Blueprint("public", __name__)
