"""The department's figures by commune, kind, commodity and chain: on the page, as a file and for machines."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from trace.domain.batches import BatchStatus
from trace.domain.reach import Reach
from trace.services import snapshots
from trace.services.settling import settle
from trace.storage.coverage import Match

pytestmark = pytest.mark.usefixtures("in_march")
LISTED = "Cơ sở trong danh sách"
"""As the official list calls the business."""
WAYS = ("total", "commune", "kind", "commodity", "chain")


@pytest.fixture
def business(session: Session) -> Any:
    """The one of two on the list, in Hoàn Kiếm, that is traceable, with 120 kg."""
    listed = factories.make_register_list(session, ["Chưa đăng ký"])
    business = factories.make_business(session, last_event_on=factories.NOW.date())
    published = {"status": BatchStatus.PUBLISHED, "published_at": factories.NOW, "reach": Reach.END_TO_END.value}
    factories.make_batch(session, business, **published)
    factories.make_register_entry(session, listed, business_id=business.id, match=Match.CONFIRMED)
    session.commit()
    settle(session)
    return business


@pytest.mark.parametrize("by", WAYS)
def test_the_page_the_file_and_its_pictures_say_the_same(
    client: Client, officer: Any, session: Session, business: Any, by: str
) -> None:
    snapshot = snapshots.take(session)
    assert snapshot
    for day in ("", snapshot.day.isoformat()):
        page = client.get(f"/authority/coverage?by={by}&day={day}").text
        assert "<svg" in page
        assert ("100,0%" if by == "commodity" else "50,0%") in page or by in ("kind", "chain")
        assert client.get(f"/authority/coverage.xlsx?by={by}&day={day}").status_code == 200
        table = client.get(f"/authority/coverage.csv?by={by}&day={day}").text
        assert len(table.splitlines()) >= 2
    assert "120 kg" in page


def test_how_a_figure_came_about_is_told_and_done_again(
    client: Client, officer: Any, session: Session, business: Any
) -> None:
    assert "Chưa chốt số liệu ngày nào" in client.get("/authority/coverage/derivation").text
    snapshot = snapshots.take(session)
    assert snapshot
    page = client.get("/authority/coverage/derivation").text
    for words in (snapshot.hash, "Số đã lưu vẫn nguyên", "được đúng số này", "Định nghĩa phiên bản 2", "90 ngày"):
        assert words in page
    assert client.get("/authority/coverage/derivation?day=2020-01-01").status_code == 404
    assert client.get("/authority/coverage?day=2020-01-01").status_code == 404


def test_without_a_list_the_page_says_so(client: Client, officer: Any) -> None:
    for by in WAYS:
        assert "Chưa có danh sách chính thức" in client.get(f"/authority/coverage?by={by}").text


def test_who_stopped_where_is_one_click_away_and_can_be_narrowed(
    client: Client, officer: Any, session: Session, business: Any
) -> None:
    def names(query: str) -> tuple[bool, bool]:
        page = client.get(f"/authority/progress?{query}").text
        return "Chưa đăng ký</span>" in page, business.legal_name in page or "Cơ sở trong danh sách" in page

    assert names("") == (True, True)
    assert names("stage=enrolled") == (True, False)
    assert names("progress=traceable") == (False, True)
    assert names("commodity=vegetables") == (False, True)
    assert names("commodity=meat") == names("chain=x") == names("kind=market") == (False, False)
    assert names("kind=cooperative") == (False, True)


def test_a_past_day_is_asked_for_as_people_write_it(
    client: Client, officer: Any, session: Session, business: Any, clock: Clock
) -> None:
    snapshots.take(session)
    clock.advance(days=100)
    settle(session)  # 90 days without an event
    for path in ("/authority/progress", "/authority/exports/standings.csv"):
        assert LISTED not in client.get(f"{path}?progress=traceable").text
        assert LISTED in client.get(f"{path}?progress=traceable&day=02/03/2026").text
    assert "Số liệu đã chốt ngày 02/03/2026" in client.get("/authority/progress?day=02/03/2026").text
    assert "day=02/03/2026" in client.get("/authority/coverage?by=kind&day=02/03/2026").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("01/01/2199", "Ngày 01/01/2199 chưa tới"),
        ("03/03/2026", "Ngày 03/03/2026 không có số liệu đã chốt"),
        ("30/02/2026", "Không có ngày 30/02/2026 trong lịch"),
        ("hôm qua", "Hãy nhập ngày theo dạng"),
    ],
)
def test_a_day_without_figures_is_refused_with_a_sentence_and_another_is_offered(
    client: Client, officer: Any, session: Session, business: Any, clock: Clock, typed: str, sentence: str
) -> None:
    snapshots.take(session)
    clock.advance(days=2)
    for page in ("coverage", "progress", "coverage/derivation"):
        answer = client.get(f"/authority/{page}?by=kind&day={typed}")
        assert answer.status_code in (404, 422)
        assert sentence in answer.text
        assert f'value="{typed}"' in answer.text
        assert "Ngày gần nhất trước đó có số liệu: 02/03/2026" in answer.text
