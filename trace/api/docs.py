"""The description of this API: as OpenAPI for machines, and drawn from it for people."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, current_app, json, render_template
from flask_babel import gettext

from ..domain.errors import TraceError
from ..request.access import public

bp = Blueprint("api_docs", __name__, url_prefix="/api")
PLACE = re.compile(r"%\(\w+\)s")
METHODS = ("get", "post", "put", "delete")


def specification() -> dict[str, Any]:
    described: dict[str, Any] = current_app.extensions["trace.openapi"]
    return described


@bp.get("/openapi.json")
@public
def openapi() -> Response:
    response = Response(json.dumps(specification(), ensure_ascii=False), content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@bp.get("/docs")
@public
def docs() -> str:
    described = specification()
    return render_template(
        "api/docs.html",
        topics=[(tag, list(_operations(described, tag["name"]))) for tag in described["tags"]],
        schemas=described["components"]["schemas"],
        kind=_kind,
        problems=[
            (kind.code, kind.status, PLACE.sub("…", gettext(kind.message)))
            for kind in sorted(_problems(TraceError), key=lambda kind: kind.code)
        ],
    )


def _operations(described: dict[str, Any], tag: str) -> Iterator[dict[str, Any]]:
    for path, methods in described["paths"].items():
        for method in METHODS:
            operation = methods.get(method)
            if operation and tag in operation["tags"]:
                yield {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("summary", ""),
                    "scope": operation.get("x-scope"),
                    "takes": _name(operation.get("requestBody")),
                    "query": [each for each in operation.get("parameters", ()) if each.get("in") == "query"],
                    "gives": next(
                        (_name(answer) for status, answer in operation["responses"].items() if status[0] == "2"), ""
                    ),
                }


def _name(message: dict[str, Any] | None) -> str:
    """The name of a body's schema; empty for files and where there is no body."""
    for content in (message or {}).get("content", {}).values():
        reference: str = content.get("schema", {}).get("$ref", "")
        return reference.rpartition("/")[2]
    return ""


def _kind(field: dict[str, Any]) -> str:
    """``string (date)``, ``[Site]``, ``a | b``: the type of a field in a few words."""
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    for each in field.get("allOf", field.get("anyOf", ()))[:1]:
        return _kind(each)
    if "enum" in field:
        return " | ".join(str(each) for each in field["enum"] if each is not None)
    if field.get("type") == "array":
        return f"[{_kind(field['items'])}]"
    kinds = field.get("type", "object")
    named = " | ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return f"{named} ({field['format']})" if "format" in field else named


def _problems(kind: type[TraceError]) -> Iterator[type[TraceError]]:
    """One class for each code, as an error's ``type`` leads here."""
    seen = set()
    waiting = [kind]
    while waiting:
        current = waiting.pop()
        waiting += current.__subclasses__()
        if current.code not in seen:
            seen.add(current.code)
            yield current
