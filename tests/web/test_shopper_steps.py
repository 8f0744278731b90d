"""What happened to the food on its way, as a shopper reads it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from tests.farm import MORNING, URL, Farm
from tests.reports import make_laboratory_test
from tests.trade import make_trade
from tests.web.test_shopper_page import ENGLISH, JSON, open_page
from trace.domain.diary import EntryKind
from trace.domain.laboratory import LaboratoryStatus
from trace.domain.sensors import Reading
from trace.domain.vocabulary import BusinessStep
from trace.services import balance, chain, handovers, recording
from trace.services.balance import TransformationFacts
from trace.services.recording import StepFacts
from trace.storage.batches import Batch
from trace.storage.chain import Event
from trace.storage.diary import BatchSeason
from trace.storage.questions import Question


@pytest.fixture
def farm(session: Session, clock: Clock) -> Farm:
    clock.set(MORNING)
    person = factories.make_user(session)
    business = factories.make_business(session, owner=person)
    site = factories.make_site(session, business, code="VD")
    product = factories.make_product(session, business, storage_low=0, storage_high=80)
    session.commit()
    return Farm(session, business, site, product, factories.actor(person))


def record(farm: Farm, batch: Batch, step: BusinessStep, **facts: object) -> Event:
    said = StepFacts(**{"step": step, "at": MORNING - timedelta(hours=1), "site_id": farm.site.id, **facts})  # type: ignore[arg-type] # values of several types
    return recording.record(farm.session, farm.owner, farm.business.id, batch.id, said, public_url=URL)


def mix(farm: Farm, *batches: Batch) -> Batch:
    facts = TransformationFacts(
        inputs=[(batch.id, 1000) for batch in batches],
        product_id=farm.product.id,
        site_id=farm.site.id,
        amount=1000,
        at=MORNING,
    )
    return balance.transform(farm.session, farm.owner, farm.business.id, facts, public_url=URL)


def test_temperatures_findings_and_corrections_are_shown(farm: Farm, client: Client) -> None:
    batch = farm.published()
    readings = [Reading(at=MORNING - timedelta(minutes=n), temperature=40 + n) for n in (0, 60)]
    record(farm, batch, BusinessStep.STORING, readings=readings, note="Chị Hoa trông kho")
    wrong = record(farm, batch, BusinessStep.INSPECTING, passed=False)
    chain.declare_error(farm.session, farm.owner, batch.id, wrong.id, reason="Ghi nhầm lô")
    page = open_page(client, batch)
    assert "4–10 °C" in page
    assert "Có lúc ngoài mức bảo quản" in page
    assert "<del>Kiểm tra</del>" in page
    assert "Đã sửa ngày 02/03/2026: Ghi nhầm lô" in page
    assert "Hoa" not in page
    shown = client.get(f"/q/{batch.public_code}", headers=JSON).json["steps"]
    assert [(step["step"], step["warmest"], bool(step["wrong"])) for step in shown if step["at"]] == [
        ("inspecting", None, True),
        ("storing", 10.0, False),
        ("creating_class_instance", None, False),
    ]


@pytest.mark.parametrize(
    ("status", "grade"),
    [(LaboratoryStatus.SUBMITTED, "Cơ sở tự khai"), (LaboratoryStatus.CONFIRMED, "Cơ quan chức năng đã kiểm tra")],
)
def test_a_laboratory_s_result_is_plain_and_graded_by_who_saw_it(
    farm: Farm, client: Client, status: LaboratoryStatus, grade: str
) -> None:
    batch = farm.published()
    event = record(farm, batch, BusinessStep.INSPECTING, passed=False)
    make_laboratory_test(
        farm.session, batch, event_id=event.id, passed=False, status=status, laboratory="Phòng KN", report="KN-7"
    )
    batch.under_review_since = MORNING
    page = open_page(client, batch)
    assert "Phòng KN, KN-7: <strong" in page
    assert "Không đạt" in page
    assert "kết quả kiểm nghiệm không đạt" in page
    item = page[page.index("<h3>Kiểm tra</h3>") :]
    assert grade in item[: item.index("</li>")]
    assert "a laboratory result is not good" in open_page(client, batch, ENGLISH)


def test_the_path_of_what_it_was_made_of_is_one_question_more(
    farm: Farm, client: Client, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = farm.published(lot="A-1"), farm.published(lot="B-2")
    record(farm, first, BusinessStep.PRELIMINARY_PROCESSING)
    inner = mix(farm, first)
    mixed = mix(farm, inner, second)
    page = open_page(client, mixed)
    assert page.count("Làm ra từ các lô khác") == 2
    steps = client.get(f"/q/{mixed.public_code}", headers=JSON).json["steps"]
    assert [(step["step"], step["lot"]) for step in steps if step["at"]] == [
        ("creating_class_instance", ""),
        ("creating_class_instance", inner.lot),
        ("preliminary_processing", "A-1"),
        ("creating_class_instance", "B-2"),
        ("creating_class_instance", "A-1"),
    ]
    asked = [len(questions) for questions in (asked_for(client, batch, monkeypatch) for batch in (first, mixed))]
    assert asked == [1, 2]


def test_what_of_a_part_went_elsewhere_is_no_step_of_the_batch(farm: Farm, client: Client) -> None:
    trade = make_trade(farm)
    part = farm.published()
    mixed = mix(farm, part)
    trade.accept(trade.offer(part))
    assert trade.shop.legal_name in open_page(client, part)
    assert trade.shop.legal_name not in open_page(client, mixed)


def test_whoever_passed_a_part_on_to_its_next_maker_is_on_the_path(
    farm: Farm, client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade, part = make_trade(farm), farm.published()
    cook, peddler = factories.make_user(session), factories.make_user(session)
    kitchen = factories.make_business(session, owner=cook, legal_name="Bếp Hoa Sen")
    elsewhere = factories.make_business(session, owner=peddler, legal_name="Sạp Chợ Hôm")
    site, soup = factories.make_site(session, kitchen), factories.make_product(session, kitchen)
    factories.make_site(session, elsewhere)
    trade.accept(trade.offer(part, 50_000))
    onward = {"seller": trade.buyer, "business_id": trade.shop.id}
    for buyer, person in ((kitchen, cook), (elsewhere, peddler)):
        given = trade.offer(part, 10_000, buyer_id=buyer.id, **onward)
        handovers.accept(session, factories.actor(person), given.id, public_url=URL)
    facts = TransformationFacts(
        inputs=[(part.id, 10_000)], product_id=soup.id, site_id=site.id, amount=9_000, at=MORNING
    )
    made = balance.transform(session, factories.actor(cook), kitchen.id, facts, public_url=URL)
    page = open_page(client, made)
    assert trade.shop.legal_name in page
    assert elsewhere.legal_name not in page
    steps = client.get(f"/q/{made.public_code}", headers=JSON).json["steps"]
    assert [step["step"] for step in steps if step["lot"]].count("shipping") == 2
    assert len(asked_for(client, made, monkeypatch)) == 2


def asked_for(client: Client, batch: Batch, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    asked: list[object] = []
    ask = Question.ask
    with monkeypatch.context() as patch:
        patch.setattr(
            Question, "ask", lambda self, *args, **values: (asked.append(self), ask(self, *args, **values))[1]
        )
        open_page(client, batch)
    return asked


def test_what_was_sold_or_lost_on_the_way_is_nobody_s_business(farm: Farm, client: Client) -> None:
    first = farm.published()
    for kind in balance.REMOVALS:
        balance.remove(
            farm.session,
            farm.owner,
            farm.business.id,
            first.id,
            kind,
            amount=10,
            at=MORNING,
            reason="Chị Hoa",
            public_url=URL,
        )
    mixed = mix(farm, first)
    for batch in (first, mixed):
        steps = client.get(f"/q/{batch.public_code}", headers=JSON).json["steps"]
        assert {step["step"] for step in steps if step["at"]} == {"creating_class_instance"}


def test_the_diary_is_summed_up_in_a_line(farm: Farm, client: Client) -> None:
    session = farm.session
    batch = farm.published()
    season = factories.make_season(session, farm.business, site_id=farm.site.id, product_id=farm.product.id)
    session.add(BatchSeason(batch_id=batch.id, season_id=season.id))
    for day in (10, 16):
        factories.make_diary_entry(session, season, kind=EntryKind.PESTICIDE, happened_on=date(2026, 2, day))
    late = factories.make_diary_entry(session, season, kind=EntryKind.PESTICIDE, happened_on=date(2026, 2, 28))
    factories.make_diary_entry(
        session, season, kind=EntryKind.PESTICIDE, happened_on=date(2026, 2, 18), corrects_id=late.id
    )
    factories.make_diary_entry(session, season, kind=EntryKind.PESTICIDE, happened_on=date(2026, 3, 3))
    assert client.get(f"/q/{batch.public_code}", headers=JSON).json["diary"] == {
        "entries": 3,
        "days_since_treatment": 12,
    }
    assert "Lần cuối dùng thuốc cách thu hoạch 12 ngày." in open_page(client, batch)
