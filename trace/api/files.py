"""Uploaded files by the hash of their content."""

from flask import g, send_file
from werkzeug.wrappers import Response

from ..request.access import public
from ..request.database import db
from ..request.files import file_store
from ..services.files import document_path, photo_path, readable_file
from .topics import Topic

topic = Topic("Files", "Photos and papers, each under the SHA-256 of its upload, to those who may see them.")


@topic.get("/files/<sha256>-<int:width>.<any(webp, jpeg):extension>")
@public
@topic.response(200, {"format": "binary", "type": "string"}, content_type="image/webp")
def show_photo(sha256: str, width: int, extension: str) -> Response:
    """Get a photo, or photographed paper, 320, 800 or 1600 pixels wide; no key needed for public photos"""
    readable_file(db.session, getattr(g, "actor", None), sha256)
    return send_file(photo_path(file_store(), sha256, width, extension), mimetype=f"image/{extension}")


@topic.get("/files/<sha256>.pdf")
@public
@topic.response(200, {"format": "binary", "type": "string"}, content_type="application/pdf")
def show_document(sha256: str) -> Response:
    """Get a PDF as it was handed in"""
    readable_file(db.session, getattr(g, "actor", None), sha256)
    return send_file(document_path(file_store(), sha256), mimetype="application/pdf", as_attachment=True)
