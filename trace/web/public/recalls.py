"""What is being recalled, for everyone: a list, a notice for each, and a feed (Atom, RFC 4287)."""

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Response, request

from ...domain.errors import NotFound
from ...domain.recalls import RecallStatus
from ...request.access import public
from ...request.database import db
from ...request.language import select_language
from ...request.settings import public_url
from ...storage.batches import Batch
from ...storage.pages import newest_first
from ...storage.recalls import PUBLIC, Recall, batches_of_recall, public_recall, recalls_where
from .. import filters
from .blueprint import bp
from .pages import render, translator, vary

ATOM = "http://www.w3.org/2005/Atom"
SHOWN = 100  # batches on one page of a notice


@bp.get("/recalls")
@public
def recalls() -> Response:
    """Current ones; with ``?closed=yes`` those that have ended."""
    closed = request.args.get("closed") == "yes"
    asked = recalls_where(statuses=[RecallStatus.CLOSED if closed else RecallStatus.OPEN])
    page = newest_first(db.session, asked, Recall.id, after=filters.identifier("after"))
    return render("recalls.html", page=page, closed=closed)


@bp.get("/recalls/<number>")
@public
def recall(number: str) -> Response:
    found = db.session.scalars(public_recall(number)).one_or_none()
    if found is None:
        raise NotFound
    page = newest_first(
        db.session, batches_of_recall(found.id), Batch.id, after=filters.identifier("after"), size=SHOWN
    )
    return render("recall.html", recall=found, page=page, english=select_language() == "en")


@bp.get("/recalls/feed")
@public
def recall_feed() -> Response:
    """The newest first. An entry changes when its recall is closed, and keeps its id."""
    found = newest_first(db.session, recalls_where(statuses=PUBLIC), Recall.id).items
    response = Response(_feed(found), content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=60"
    return vary(response)


def _feed(found: Any) -> bytes:
    _ = translator(select_language())
    address = f"{public_url()}/recalls"
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": select_language()})
    _text(feed, "id", address)
    _text(feed, "title", _("Thông báo thu hồi thực phẩm – Rõ Nguồn"))
    newest = max((one.closed_at or one.confirmed_at for one in found), default=None)
    _text(feed, "updated", newest.isoformat() if newest else "2026-01-01T00:00:00+00:00")
    _text(SubElement(feed, "author"), "name", "Rõ Nguồn")
    SubElement(feed, "link", {"rel": "self", "href": f"{address}/feed", "type": "application/atom+xml"})
    SubElement(feed, "link", {"rel": "alternate", "href": address, "type": "text/html"})
    for one in found:
        entry = SubElement(feed, "entry")
        _text(entry, "id", f"{address}/{one.number}")
        _text(entry, "title", f"{one.product} ({one.number})")
        _text(entry, "published", one.confirmed_at.isoformat())
        _text(entry, "updated", (one.closed_at or one.confirmed_at).isoformat())
        SubElement(entry, "link", {"rel": "alternate", "href": f"{address}/{one.number}", "type": "text/html"})
        SubElement(entry, "category", {"term": one.status.value, "label": _(one.status.label)})
        _text(entry, "summary", f"{one.reason} {_(one.recall_class.advice)}")
    body: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
