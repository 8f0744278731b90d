"""The diary on its pages: in the field, and at the department's desk."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from trace.domain.diary import EntryKind, FlagKind
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
    assert client.submit(path, {**SPRAY, "dose": "25 ml/bình", "reason": "Nhầm"}).status_code == 303
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
