"""Machines read what is recalled."""

from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.world import make_world
from trace.storage.recalls import Recall


def test_anyone_reads_the_notices(anyone: Machine, session: Session) -> None:
    world = make_world(session)
    number = session.get_one(Recall, world.values["recall_id"]).number
    listed = anyone("GET", "/recalls?status=open").json["items"]
    assert [one["number"] for one in listed] == [number]
    assert anyone("GET", "/recalls?status=closed").json["items"] == []
    shown = anyone("GET", f"/recalls/{number}")
    assert (shown.status_code, shown.json) == (200, listed[0])
    assert (shown.json["recall_class"], shown.json["batch_count"]) == ("serious", 1)
    assert anyone("GET", "/recalls/TH-2026-9999").status_code == 404
    assert anyone("GET", "/recalls?status=proposed").status_code == 422
