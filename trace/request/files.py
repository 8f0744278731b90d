"""Where this application keeps files."""

from flask import current_app

from ..storage.files import FileStore


def file_store() -> FileStore:
    kept: FileStore = current_app.extensions["trace.files"]
    return kept
