"""A peer: as little of an EPCIS repository as answers which events took goods from a lot."""

import os
import sqlite3
from threading import local
from typing import Any

import psycopg
from flask import Flask, Response, request
from sqlalchemy import make_url

DATABASE = "BENCH_DATABASE"  # names the database's URL
QUESTION = (
    "SELECT CAST(events.body AS TEXT) FROM batches JOIN links ON links.parent_id = batches.id "
    "JOIN events ON events.id = links.event_id WHERE batches.public_code = {}"
)


def app() -> Flask:
    """One view, which sends the events as they are stored."""
    url = make_url(os.environ[DATABASE])
    threads = local()
    peer = Flask(__name__)

    def connection() -> Any:
        if not hasattr(threads, "connection"):
            if url.drivername == "sqlite":
                threads.connection = sqlite3.connect(url.database or "")
            else:
                plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
                threads.connection = psycopg.connect(plain, autocommit=True)
        return threads.connection

    question = QUESTION.format("?" if url.drivername == "sqlite" else "%s")

    @peer.get("/events")
    def events() -> Response:
        rows = connection().execute(question, [request.args["MATCH_inputEPCClass"]]).fetchall()
        return Response(f"[{','.join(row[0] for row in rows)}]", mimetype="application/json")

    return peer
