"""The same facts for machines: documented in docs/api.md, "Shopper's facts"."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Response, current_app, request

from ...domain.digital_link import DigitalLink
from ...domain.public_batches import PublicBatch
from ...services.resolver import Resolution
from ...services.stamps import StampCheck


def wants_json() -> bool:
    """Whether the client asks for JSON and not for a page. A browser, which asks for text/html first, never waits for this."""
    accept = request.environ.get("HTTP_ACCEPT", "")
    if "json" not in accept:
        return False
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best != "text/html"


def batch_document(batch: PublicBatch, stamp: StampCheck | None = None, status: int = 200) -> Response:
    public_url = current_app.extensions["trace.settings"].public_url
    document = asdict(batch)
    del document["id"]
    document["link"] = f"{public_url}/q/{batch.code}"
    document["complete"] = batch.completeness.complete
    if batch.photo:
        document["photo"]["link"] = f"{public_url}/files/{batch.photo.sha256}-1600.jpeg"
    if stamp:
        document["stamp"] = asdict(stamp)
    return _json(document, status)


def stamp_document(stamp: StampCheck) -> Response:
    """Of a stamp that is on no batch yet."""
    return _json({"stamp": asdict(stamp)})


def wrong_code_document(resolution: Resolution, sentence: str) -> Response:
    """RFC 9457; ``nearest`` are codes that exist and differ by one slip."""
    problem = {
        "type": "about:blank",
        "title": sentence,
        "status": 404,
        "code": resolution.fault.code if resolution.fault else "unknown-public-code",
        "nearest": resolution.nearest,
    }
    return _json(problem, 404, "application/problem+json")


def choice_document(link: DigitalLink, codes: list[str]) -> Response:
    """The batches that a GS1 Digital Link may mean; 404 where there is none."""
    public_url = current_app.extensions["trace.settings"].public_url
    batches = [f"{public_url}/q/{code}" for code in codes]
    return _json({"gtin": link.gtin.value, "lot": link.lot, "batches": batches}, 200 if codes else 404)


def _json(document: object, status: int = 200, content_type: str = "application/json") -> Response:
    return Response(json.dumps(document, default=_plain, ensure_ascii=False), status, content_type=content_type)


def _plain(value: Any) -> str:
    """Days and moments in ISO 8601; moments in UTC."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} is not for JSON")
