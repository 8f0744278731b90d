"""The diary on its pages: in the field, and at the department's desk."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from trace.domain.diary import SAFETY, EntryKind, FlagKind, asked
from trace.domain.products import Commodity
from trace.domain.sites import SiteKind
from trace.storage.audit import AuditEntry
from trace.storage.diary import DiaryEntry, Season
from trace.storage.diary_flags import DiaryFlag

SPRAY = {
    "happened_on": "2026-02-27",
    "material": "Radiant 60SC",
    "active_ingredient": "Spinetoram",
    "dose": "15 ml/bình",
    "interval_days": "7",
    "area_m2": "360",
    "operator": "Anh Ba",
}
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _second_of_march(clock: Clock) -> None:
    clock.set(factories.NOW)


@pytest.fixture
def season(session: Session, client: Client) -> Season:
    owner = factories.make_user(session, name="Chị Tư")
    client.sign_in(owner)
    return factories.make_season(session, factories.make_business(session, owner=owner))


@pytest.fixture
def home(season: Season) -> str:
    return f"/workspace/{season.business_id}/diary/{season.id}"


def test_the_book_of_a_season_shows_everything_and_can_be_taken_away(
    client: Client, home: str, season: Season, session: Session
) -> None:
    client.submit(f"{home}/pesticide", SPRAY)
    entry = session.scalars(select(DiaryEntry)).one()
    path = home.rpartition("/")[0] + f"/entries/{entry.id}"
    client.submit(path, {**SPRAY, "dose": "25 ml/bình", "reason": "=Nhầm", "seen": entry.id})
    client.submit(f"{home}/harvest", {"happened_on": "2026-03-02", "amount": "12,5"})
    book = client.get(f"{home}/book").text
    for said in (
        "<del>27/02/2026 · Radiant 60SC · Spinetoram · 15 ml/bình",
        "25 ml/bình",
        "12,5 kg",
        "Chưa có kết luận",
    ):
        assert said in book
    client.sign_in(factories.make_officer(session))
    sheet = load_workbook(BytesIO(client.get(f"{home}/book.xlsx").data)).active
    rows = [[cell.value for cell in row] for row in sheet.rows]
    assert [row[5] for row in rows] == ["Liều lượng", "15 ml/bình", "25 ml/bình", None]
    assert rows[2][18:20] == [entry.id, "=Nhầm"]
    assert rows[3][9:11] == [12.5, "kg"]
    last = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert last == ["diary:look", "exports:diary"], "the look is written after the answer"


SENTINELS = {"material": "VẬT TƯ", "active_ingredient": "HOẠT CHẤT", "dose": "LIỀU", "operator": "NGƯỜI", "note": "GHI"}


@pytest.mark.parametrize("site_kind", [SiteKind.GROWING_AREA, SiteKind.ANIMAL_FARM])
def test_no_form_of_any_work_proposes_a_safety_value(
    client: Client, season: Season, session: Session, site_kind: SiteKind
) -> None:
    """Every kind was written down before, with every value that it takes; then each of its forms is opened again."""
    site = factories.make_site(session, season.business, kind=site_kind)
    eggs = factories.make_product(session, season.business, commodity=Commodity.EGGS)
    kept = factories.make_season(session, season.business, site_id=site.id, product_id=eggs.id)
    numbers = {"interval_days": 777, "produce_interval_days": 778, "area_m2": 779, "amount": 780_000}
    for kind in kept.kinds:
        factories.make_diary_entry(session, kept, kind=kind, **SENTINELS, **numbers)
    offered = {}
    for kind in kept.kinds:
        page = client.get(f"/workspace/{kept.business_id}/diary/{kept.id}/{kind.value}").text
        offered[kind] = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
        assert set(asked(kind, of_living=True)) <= set(offered[kind])
        assert not any(offered[kind][name] for name in SAFETY & set(offered[kind])), kind
        assert not kind.has_interval or not offered[kind]["material"]
    assert any("VẬT TƯ" in values.get("material", "") for values in offered.values())


def test_a_season_is_opened_and_ended(client: Client, season: Season, session: Session) -> None:
    diary = f"/workspace/{season.business_id}/diary"
    facts = {"product_id": season.product_id, "site_id": season.site_id, "plot": "Ruộng 2", "started_on": "2026-03-01"}
    answer = client.submit(f"{diary}/new", facts)
    assert answer.status_code == 303
    assert "Chưa ghi việc nào" in client.get(answer.location).text
    client.submit(f"{answer.location}/closed", {"closed": "yes"}, form=answer.location)
    assert "Mùa vụ đã kết thúc" in client.get(diary).text
    assert client.submit(f"{diary}/new", {**facts, "plot": ""}).status_code == 422


def test_a_spray_is_written_and_the_page_says_until_when_to_wait(client: Client, home: str) -> None:
    assert client.submit(f"{home}/pesticide", SPRAY).status_code == 303
    page = client.get(home).text
    assert "Radiant 60SC · Spinetoram · 15 ml/bình · cách ly 7 ngày · 360 m² · Anh Ba" in page
    assert "thu hoạch được từ ngày 06/03/2026" in page


def test_the_last_values_are_offered_but_never_one_that_someone_could_be_poisoned_by(client: Client, home: str) -> None:
    client.submit(f"{home}/pesticide", SPRAY)
    page = client.get(f"{home}/pesticide").text
    offered = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    assert (offered["operator"], offered["area_m2"], offered["happened_on"]) == ("Anh Ba", "360", "2026-03-02")
    assert [offered[name] for name in ("material", "active_ingredient", "dose", "interval_days")] == [""] * 4


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(client: Client, home: str) -> None:
    answer = client.submit(f"{home}/pesticide", {**SPRAY, "interval_days": ""})
    assert answer.status_code == 422
    assert "Hãy nhập theo nhãn sản phẩm" in answer.text
    assert "Spinetoram" in answer.text


def test_an_early_harvest_is_said_on_the_page_and_to_officers(client: Client, home: str, session: Session) -> None:
    client.submit(f"{home}/pesticide", SPRAY)
    client.submit(f"{home}/harvest", {"happened_on": "2026-03-02", "amount": "12,5"})
    page = client.get(home).text
    assert "Thu hoạch trong thời gian cách ly" in page
    assert "12,5 kg" in page
    client.sign_in(factories.make_officer(session))
    flag = session.scalars(select(DiaryFlag)).one()
    listed = client.get("/authority/diary").text
    assert f"/authority/diary/{flag.id}" in listed
    assert (
        f"/authority/diary?business={flag.business_id}" in client.get(f"/authority/businesses/{flag.business_id}").text
    )
    assert client.submit(f"/authority/diary/{flag.id}", {"reason": "", "version": "1"}).status_code == 422
    assert client.submit(f"/authority/diary/{flag.id}", {"reason": "Mẫu đạt", "version": "1"}).status_code == 303
    assert "Không có cảnh báo nào" in client.get("/authority/diary").text
    assert "Mẫu đạt" in client.get(f"/authority/diary/{flag.id}").text


def test_a_batch_shown_already_says_on_both_its_pages_that_it_is_under_review(
    client: Client, home: str, season: Season, session: Session
) -> None:
    facts = {"site_id": season.site_id, "product_id": season.product_id, "production_date": date(2026, 3, 2)}
    batch = factories.make_batch(session, season.business, **facts)
    page = f"/workspace/{season.business_id}/batches/{batch.id}"
    client.submit(f"{page}/publish", form=page)
    session.refresh(batch)
    client.submit(f"{home}/pesticide", SPRAY)
    client.submit(f"{home}/harvest", {"happened_on": "2026-03-02", "amount": "12,5"})
    shown = client.get(page).text
    assert "Từ ngày 02/03/2026, trang của người mua ghi lô đang được kiểm tra" in shown
    assert "In tem" not in shown
    assert "Đang được kiểm tra" in client.get(f"/workspace/{season.business_id}/batches").text
    client.sign_in(factories.make_officer(session))
    flag = session.scalars(select(DiaryFlag)).one()
    assert f"/q/{batch.public_code}" in client.get(f"/authority/diary/{flag.id}").text
    shopper = client.get(f"/q/{batch.public_code}").text
    assert 'class="verdict bad"' in shopper
    assert "Lô hàng đang được kiểm tra" in shopper


def test_a_batch_is_started_from_its_season(client: Client, home: str, season: Season) -> None:
    page = client.get(f"/workspace/{season.business_id}/batches/new?season={season.id}").text
    assert re.search(rf'<option selected value="{season.id}">Cải ngọt · Ruộng đầu làng', page)
    assert f"batches/new?season={season.id}" in client.get(home).text


def test_a_correction_starts_from_what_stands_and_shows_what_was(client: Client, home: str, session: Session) -> None:
    client.submit(f"{home}/pesticide", SPRAY)
    entry = session.scalars(select(DiaryEntry)).one()
    path = home.rpartition("/")[0] + f"/entries/{entry.id}"
    assert 'value="15 ml/bình"' in client.get(path).text
    assert client.submit(path, {**SPRAY, "dose": "25 ml/bình", "reason": ""}).status_code == 422
    corrected = {**SPRAY, "dose": "25 ml/bình", "reason": "Nhầm", "seen": entry.id}
    assert client.submit(path, corrected).status_code == 303
    assert "Đã đính chính" in client.get(home).text
    assert "15 ml/bình" in client.get(path).text


def test_late_work_is_shown_as_late(client: Client, home: str) -> None:
    client.submit(f"{home}/note", {"happened_on": "2026-02-15", "note": "Nhổ cỏ"})
    assert "Ghi muộn 15 ngày" in client.get(home).text


def test_a_phone_back_from_the_field_is_answered_in_json_and_never_doubles(
    client: Client, home: str, session: Session
) -> None:
    note = {"happened_on": "2026-03-01", "note": "Mưa", "client_key": "phone-1", "device_time": "2026-03-01T09:00:00Z"}
    first = client.submit(f"{home}/note", note, headers=JSON)
    again = client.submit(f"{home}/note", note, headers=JSON)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert session.scalars(select(func.count()).select_from(DiaryEntry)).one() == 1
    refused = client.submit(f"{home}/note", {**note, "note": "Nắng"}, headers=JSON)
    assert refused.status_code == 422
    assert "đã lưu trước đó với nội dung khác" in refused.json["errors"][0]


@pytest.mark.parametrize(
    "time", ["", "giờ này", "2026-03-01T09:00:00", "2030-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_a_device_time_that_cannot_be_is_not_kept(client: Client, home: str, session: Session, time: str) -> None:
    assert (
        client.submit(f"{home}/note", {"happened_on": "2026-03-01", "note": "Mưa", "device_time": time}).status_code
        == 303
    )
    assert session.scalars(select(DiaryEntry.device_time)).one() is None


def test_a_herd_is_not_sown(client: Client, home: str) -> None:
    assert client.get(f"{home}/feed").status_code == 404
    assert client.get(f"{home}/nothing").status_code == 404


def test_a_copy_names_the_season_it_resembles(client: Client, season: Season, session: Session) -> None:
    entry = factories.make_diary_entry(session, season, kind=EntryKind.NOTE, happened_on=date(2026, 2, 20))
    flag: Any = factories.make_diary_flag(session, entry, kind=FlagKind.COPIED_PHOTO)
    flag_id = flag.id
    client.sign_in(factories.make_officer(session))
    assert "Rau muống, Ruộng giữa" in client.get(f"/authority/diary/{flag_id}").text
