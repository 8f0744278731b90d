import dataclasses
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, joinedload

from tests.client import Client
from tests.factories import make_business, make_product
from tests.story import run, tell
from trace.domain import chain as events
from trace.domain.cases import CaseStatus
from trace.domain.certificates import Standing
from trace.domain.coverage import Progress
from trace.domain.diary import FlagKind
from trace.domain.identifiers import Sscc
from trace.domain.permissions import SYSTEM
from trace.domain.stamp_verdicts import StampVerdict
from trace.domain.verdicts import Verdict
from trace.domain.vocabulary import BusinessStep
from trace.services import coverage, steps
from trace.services.balance import balance_of
from trace.services.clock import now
from trace.services.completeness import completeness_of, recount
from trace.services.demo.pictures import PICTURES
from trace.services.demo.scale import load_batches
from trace.services.images import sniff_image
from trace.services.recounting import batches_reached
from trace.services.resolver import resolve
from trace.storage.accounts import User, user_by_email
from trace.storage.balance import Holding, Link, links_to
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.cases import Case
from trace.storage.chain import Event
from trace.storage.diary_flags import DiaryFlag
from trace.storage.notices import Notice
from trace.storage.scans import Scan, ScanCount, ScanMonth
from trace.storage.sites import Site

URL = "http://trace.test"
SHOPPER = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Mobile Safari/537.36", "Accept": "application/json"}


def load(engine: Engine, session: Session, count: int, **options: int) -> list[str]:
    photos = [make_product(session, make_business(session)).photo_id or 0 for _ in range(2)]
    session.commit()
    said: list[str] = []
    load_batches(engine, count, photos=photos, public_url=URL, say=said.append, **options)
    return said


def test_many_batches_are_like_those_that_people_register(engine: Engine, session: Session) -> None:
    said = load(engine, session, 2000)

    assert said[-1].startswith("2000 of 2000 batches")
    batches = session.scalars(select(Batch)).all()
    assert len({batch.public_code for batch in batches}) == len(batches) == 2000
    assert session.scalar(select(func.count(Link.id))) > 4 * 49
    for batch in batches[::47]:
        shown = resolve(session, batch.public_code or "").batch
        assert shown is not None
        assert shown.lot == batch.lot
        assert shown.completeness == completeness_of(session, batch)
        assert batch.complete is shown.completeness.complete
        assert set(shown.verdicts) & {Verdict.COMPLETE, Verdict.INCOMPLETE}
        for number, event in enumerate(session.scalars(select(Event).where(Event.batch_id == batch.id)), start=1):
            again = said_by_the_service(session, batch, event, number)
            assert event.hash == events.event_hash(again)
            assert event.body == events.to_epcis(again)
            assert event.event_time == again.event_time


def test_counters_of_many_batches_equal_a_recount(engine: Engine, session: Session) -> None:
    load(engine, session, 600)

    before = coverage.headline(session, SYSTEM)
    counted = counters(session)
    for business_id in session.scalars(select(Business.id)).all():
        recount(session, business_id=business_id)
    session.expire_all()
    assert counters(session) == counted
    assert coverage.headline(session, SYSTEM) == before
    assert dict(session.execute(select(Batch.id, Batch.reach)).all()) == batches_reached(session)
    assert 0 < before.progress[Progress.NO_LABELS] < sum(before.progress.values())
    looks = dict(session.execute(select(Scan.batch_id, func.count()).group_by(Scan.batch_id)).all())
    assert looks == dict(session.execute(select(ScanCount.batch_id, ScanCount.people)).all()) != {}
    assert session.scalar(select(func.sum(ScanMonth.people))) == sum(looks.values())


def test_what_is_made_of_many_batches_is_taken_from_them(engine: Engine, session: Session) -> None:
    load(engine, session, 1000, largest_family=300)
    [largest, *others] = sorted(families(session), key=len, reverse=True)
    assert (len(largest), {len(other) for other in others}) == (300, {50})
    for holding in session.scalars(select(Holding).options(joinedload(Holding.batch))):
        found = balance_of(session, holding)
        assert (found.had, found.unexplained) == (holding.batch.amount, 0)


def test_more_can_be_added_to_many(engine: Engine, session: Session) -> None:
    for _ in range(2):
        load(engine, session, 50)
    assert session.scalar(select(func.count(Batch.public_code.distinct()))) == 100


def families(session: Session) -> list[set[int]]:
    """The ids of the batches that are made of each other."""
    found: dict[int, set[int]] = {}
    for link in session.scalars(select(Link).order_by(Link.child_id)):
        family = found.setdefault(link.parent_id, {link.parent_id})
        family |= found.get(link.child_id, {link.child_id})
        found |= dict.fromkeys(family, family)
    return list({id(family): family for family in found.values()}.values())


def counters(session: Session) -> list[tuple[int, int, datetime | None]]:
    columns = select(Business.id, Business.complete_batches, Business.last_complete_at).order_by(Business.id)
    return [tuple(row) for row in session.execute(columns)]


def said_by_the_service(session: Session, batch: Batch, event: Event, number: int) -> events.Event:
    site = session.get_one(Site, event.site_id)
    if event.business_step == BusinessStep.PACKING:
        again = steps.packing(batch, site, event.event_time, event.body["trace:packs"], URL)
    elif inputs := [(link.parent, link.amount) for link in session.scalars(links_to(batch.id))]:
        inputs.sort(key=lambda parent: parent[0].public_code or "")
        again = steps.transformation(batch, inputs, loss=0, at=event.event_time, public_url=URL)
    else:
        again = steps.production(batch, URL)
    return steps.numbered(again, batch, number, event.record_time, URL)


@pytest.fixture
def told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    return tell(app, monkeypatch)


def test_the_story_is_whole_and_is_told_once(
    told: dict[str, Any], session: Session, app: Flask, client: Client
) -> None:
    verdicts = {}
    for part, code in told["batches"].items():
        batch = resolve(session, code).batch
        assert batch is not None
        verdicts[part] = batch.verdicts[0]
    assert verdicts["mixed"] is Verdict.COMPLETE
    assert verdicts["complete"] is verdicts["tomatoes"] is verdicts["corrected"] is Verdict.COMPLETE
    assert verdicts["not_packed"] is verdicts["no_photo"] is Verdict.INCOMPLETE
    assert verdicts["expired"] is Verdict.EXPIRED
    assert verdicts["withdrawn"] is Verdict.WITHDRAWN
    assert verdicts["suspended"] is Verdict.SUSPENDED
    assert [part for part, verdict in verdicts.items() if verdict is Verdict.RECALLED] == ["recalled"]
    shown = resolve(session, told["batches"]["lapsed_certificate"]).batch
    assert shown is not None
    assert [paper.at_production for paper in shown.certificates] == [Standing.LAPSED]

    (flag,) = session.scalars(select(DiaryFlag))
    assert (flag.kind, flag.cleared_at) == (FlagKind.HARVEST_IN_INTERVAL, None)

    assert session.scalar(select(func.count()).where(Notice.mailed_at.is_(None))) == 0
    assert session.scalar(select(func.max(Event.record_time))) <= now()

    links = {part: urlsplit(link).path for part, link in told["links"].items()}
    asked = [part for part in links if part.endswith("stamp")]
    assert {part: client.get(links[part], headers=SHOPPER).get_json()["stamp"]["verdict"] for part in asked} == {
        "stamp": StampVerdict.FIRST,
        "suspicious_stamp": StampVerdict.OFTEN,
        "voided_stamp": StampVerdict.VOIDED,
        "bound_stamp": StampVerdict.FIRST,
        "unbound_stamp": StampVerdict.UNBOUND,
    }
    assert client.get(links["recall"]).status_code == 200
    (case,) = session.scalars(select(Case))
    assert links["case"] == f"/workspace/{told['businesses']['shop']['id']}/cases/{case.id}"
    assert (case.status, Sscc(case.code).value) == (CaseStatus.CLOSED, case.code)

    for account in told["accounts"].values():
        user = session.scalars(user_by_email(account["email"])).one()
        with app.test_request_context():
            assert user.verify_and_update_password(account["password"])
        assert bool(account["totp_secret"]) is user.check_tf_required_setup()

    session.rollback()
    assert run(app, "load") == "The story is already here.\n"
    assert session.scalar(select(func.count(User.id))) == len(told["accounts"])


def test_a_production_service_takes_no_invented_businesses_by_mistake(app: Flask, session: Session) -> None:
    settings = app.extensions["trace.settings"]
    app.extensions["trace.settings"] = dataclasses.replace(settings, production=True)
    try:
        assert "--really" in run(app, "load")
    finally:
        app.extensions["trace.settings"] = settings
    assert session.scalar(select(func.count(Business.id))) == 0


def test_a_picture_is_a_photo_and_always_the_same() -> None:
    picture = PICTURES["kohlrabi"]()
    assert picture == PICTURES["kohlrabi"]()
    assert sniff_image(picture) == "JPEG"
