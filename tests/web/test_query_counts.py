"""A page asks as many questions for ten rows as for three."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count as counting
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.planning import make_activity
from tests.reports import make_laboratory_test
from tests.trading_partners import make_green_point, make_listing
from tests.world import World, address, make_recall, make_world
from trace.domain.activities import ActivityKind
from trace.domain.balance import MovementKind
from trace.domain.businesses import BusinessStatus
from trace.domain.certificates import CertificateStatus
from trace.domain.complaints import ComplaintReason, ComplaintStatus
from trace.domain.connections import ConnectionStatus
from trace.domain.green_points import GreenPointStatus
from trace.domain.permissions import OF_BUSINESS, OF_OFFICER, Role
from trace.domain.sites import SiteKind
from trace.domain.stamp_verdicts import StampVerdict
from trace.labels.formats import RollFormat
from trace.labels.geometry import RollGeometry
from trace.request.database import db
from trace.services import accounts, balance, batches, cases, chain, complaints, handovers, keys, label_issues, printers
from trace.services.cases import CaseFacts
from trace.services.handovers import OfferFacts
from trace.services.label_issues import IssueOrder
from trace.storage.activities import Activity, Participant
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.complaints import Complaint
from trace.storage.connections import Connection
from trace.storage.coverage import Match, RegisterList
from trace.storage.stamps import StampSignal

MOST = 30
"""No page needs more; a signed-in one has asked half a dozen before it says anything of its own."""
_minutes = counting()


@pytest.mark.parametrize("role", ["owner", "officer", "administrator"])
def test_pages(role: str, app: Flask, client: Client, session: Session) -> None:
    world = make_world(session)
    user = {
        "owner": lambda: world.owner,
        "officer": lambda: factories.make_officer(session),
        "administrator": lambda: factories.make_administrator(session),
    }[role]()
    client.sign_in(user)
    compare(app, client, session, world, api=False)


@pytest.mark.parametrize("role", ["owner", "officer"])
def test_answers_of_the_api(role: str, app: Flask, client: Client, session: Session) -> None:
    world = make_world(session)
    if role == "owner":
        actor = factories.actor(world.owner)
        _, token = keys.issue_key(session, actor, name="máy", scopes=OF_BUSINESS, business_id=world.business_id)
    else:
        officer = factories.make_officer(session)
        acting = factories.actor(officer)
        _, token = keys.issue_key(session, acting, name="sở", scopes=OF_OFFICER, officer_id=officer.id)
    compare(app, client, session, world, api=True, headers={"Authorization": f"Bearer {token}"})


def compare(app: Flask, client: Client, session: Session, world: World, *, api: bool, **request: Any) -> None:
    grow(session, world, 3)
    few = count_queries(app, client, world, api=api, **request)
    grow(session, world, 7)
    many = count_queries(app, client, world, api=api, **request)
    assert len(few) > 10
    assert {path: (few[path], many[path]) for path in few if few[path] != many[path]} == {}
    assert {path: count for path, count in many.items() if count > MOST} == {}


def make_connection(business: Business, other: Business) -> Connection:
    """One that was declined, so that nothing is in the way of another."""
    return Connection(
        asker_id=other.id,
        asked_id=business.id,
        status=ConnectionStatus.DECLINED,
        wanted="Rau",
        message="",
        asked_at=factories.NOW,
    )


def count_queries(app: Flask, client: Client, world: World, *, api: bool, **request: Any) -> Counter[str]:
    """Queries of each page that answers 200."""
    with app.app_context():
        engine = db.engine
    counts: Counter[str] = Counter()
    for rule in app.url_map.iter_rules():
        ours = not rule.endpoint.startswith(("security.", "static"))
        if ours and "GET" in (rule.methods or ()) and rule.rule.startswith("/api/") is api:
            path = address(rule, world)
            with client.get(path, **request):
                pass  # what a process or a session reads once is read now
            with queries_of(engine) as queries, client.get(path, **request) as answer:
                answer.get_data()
            if answer.status_code == 200:
                counts[path] = len(queries)
    return counts


@contextmanager
def queries_of(engine: Engine) -> Iterator[list[str]]:
    queries: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        queries.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(engine, "before_cursor_execute", note)


def grow(session: Session, world: World, count: int) -> None:
    """More of everything that some page lists."""
    business = session.get_one(Business, world.business_id)
    owner = factories.actor(world.owner)
    listed = session.get_one(RegisterList, world.values["list_id"])
    for _ in range(count):
        factories.add_member(session, business, factories.make_user(session), Role.STAFF)
        factories.add_member(session, factories.make_business(session), world.owner)
        accounts.invite(session, owner, business.id, role=Role.STAFF)
        keys.issue_key(session, owner, name="máy", scopes=OF_BUSINESS, business_id=business.id)
        factories.make_officer(session)
        applicant = factories.make_business(session, owner=factories.make_user(session), status=BusinessStatus.APPLIED)
        batch = factories.make_batch(session, business)
        factories.make_certificate(
            session, business, status=CertificateStatus.SUBMITTED, sites=[batch.site], products=[batch.product]
        )
        factories.make_certificate(session, applicant, status=CertificateStatus.SUBMITTED)
        factories.make_register_list(session)
        factories.make_register_entry(
            session, listed, business_id=factories.make_business(session).id, match=Match.PROPOSED
        )
        session.commit()
        batch = batches.publish(session, owner, batch.id, public_url="http://trace.test")
        factories.make_excess(session, batch)
        complaint = Complaint(
            tracking_number=complaints.new_tracking_number(),
            batch_id=batch.id,
            business_id=business.id,
            reason=ComplaintReason.ILLNESS,
            status=ComplaintStatus.RECEIVED,
            at=factories.NOW,
        )
        session.add(complaint)
        session.commit()
        make_recall(session, owner, factories.make_batch(session, business))
        buyer = factories.make_business(session)
        factories.make_product(session, buyer)
        factories.make_certificate(session, buyer)
        make_listing(session, buyer)
        session.add(make_connection(business, buyer))
        place = factories.make_site(session, business, kind=SiteKind.SHOP)
        make_green_point(session, business, place)
        make_green_point(session, business, place, status=GreenPointStatus.APPLIED)
        facts = OfferFacts(batch_id=world.values["batch_id"], amount=1, buyer_id=buyer.id)
        handovers.offer(session, owner, business.id, facts, public_url="http://trace.test")
        complaints.answer(session, owner, complaint_id=world.values["complaint_id"], text="Đã nhận")
        removed = world.values["batch_id"], MovementKind.LOST
        balance.remove(
            session, owner, business.id, *removed, amount=1, at=factories.NOW, public_url="http://trace.test"
        )
        packing = CaseFacts(contents=[(world.values["batch_id"], 1)], site_id=world.values["site_id"], at=factories.NOW)
        cases.pack(session, owner, business.id, packing, public_url="http://trace.test")
        label_issues.issue_roll(
            session, owner, business.id, IssueOrder(count=5), keys=factories.STAMP_KEYS, public_url="http://trace.test"
        )
        name = f"Máy {next(_minutes)}"
        way = RollFormat(RollGeometry(50, 30))
        printers.save(session, owner, business.id, name, way, public_url="http://trace.test")
        session.add(
            StampSignal(
                business_id=business.id,
                batch_id=batch.id,
                public_code=batch.public_code,
                verdict=StampVerdict.OFTEN,
                day=factories.NOW.date(),
                last_at=factories.NOW,
            )
        )
        make_activity(session, kind=ActivityKind.ARTICLE)
        guided = session.get_one(Activity, world.values["activity_id"])
        session.add(Participant(activity_id=guided.id, business_id=buyer.id))
        make_laboratory_test(session, session.get_one(Batch, world.values["batch_id"]))
        session.commit()
        chain.record_packing(
            session,
            owner,
            world.values["batch_id"],
            at=factories.NOW + timedelta(minutes=next(_minutes)),
            site_id=batch.site_id,
            public_url="http://trace.test",
        )
