"""The official list: brought in, matched, and counted against."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from trace.domain.batches import BatchStatus
from trace.domain.businesses import BusinessStatus, Decision
from trace.domain.coverage import Progress, Stage, StageName
from trace.domain.errors import InvalidFields, InvalidInput, NotAllowed, NotFound
from trace.domain.permissions import Actor
from trace.domain.reach import Reach
from trace.domain.register_lists import HeaderNotFound, ListHasErrors
from trace.services import businesses, coverage
from trace.services.coverage import AlreadyLinked, NothingToConfirm
from trace.services.settling import settle
from trace.services.spreadsheets import SpreadsheetRefused
from trace.storage.audit import AuditEntry
from trace.storage.coverage import Match, RegisterEntry, RegisterList, current_list

HEADER = ["STT", "Tên cơ sở", "Mã số thuế", "Địa chỉ"]
PLACE = "Phường Hoàn Kiếm, Hà Nội"
TAX_CODE, OTHER_TAX_CODE = "0109999904", "0109999911"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.set(factories.NOW)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session))


def xlsx(*rows: list[Any], header: list[str] = HEADER) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def bring_in(session: Session, officer: Actor, data: bytes, **facts: Any) -> RegisterList:
    given = {"file_name": "danh-sach.xlsx", "as_of": date(2026, 3, 1), "source": "QĐ 12/QĐ-SNNMT", **facts}
    return coverage.import_list(session, officer, data=data, **given)[0]


def entries(session: Session, listed: RegisterList) -> list[RegisterEntry]:
    question = select(RegisterEntry).where(RegisterEntry.list_id == listed.id).order_by(RegisterEntry.row)
    return list(session.scalars(question))


def only(session: Session, listed: RegisterList) -> RegisterEntry:
    [entry] = entries(session, listed)
    return entry


def test_a_new_list_counts_only_once_it_is_confirmed(session: Session, officer: Actor) -> None:
    listed = bring_in(session, officer, xlsx([1, "Cơ sở A", TAX_CODE, PLACE]))
    assert session.scalars(current_list()).first() is None
    coverage.confirm_list(session, officer, listed.id)
    assert session.scalars(current_list()).first() is listed
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["coverage:import_list", "coverage:confirm_list"]


def test_nobody_waits_while_a_long_list_is_read(
    session: Session, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_data: bytes) -> None:
        assert not session.in_transaction()
        raise SpreadsheetRefused

    monkeypatch.setattr(coverage, "read_spreadsheet", refuse)
    with pytest.raises(SpreadsheetRefused):
        bring_in(session, officer, b"")


def test_a_draft_can_be_thrown_away_and_a_list_in_force_cannot(session: Session, officer: Actor) -> None:
    listed = bring_in(session, officer, xlsx([1, "Cơ sở A", TAX_CODE, PLACE]))
    coverage.discard_list(session, officer, listed.id)
    assert session.scalar(select(func.count()).select_from(RegisterEntry)) == 0
    kept = factories.make_register_list(session)
    with pytest.raises(NothingToConfirm):
        coverage.discard_list(session, officer, kept.id)


def test_only_officers_bring_in_lists(session: Session) -> None:
    stranger = factories.actor(factories.make_user(session))
    with pytest.raises(NotAllowed):
        bring_in(session, stranger, xlsx())


def test_what_is_missing_on_the_form_is_said_at_once(session: Session, officer: Actor) -> None:
    with pytest.raises(InvalidFields) as caught:
        bring_in(session, officer, xlsx(), as_of=None, source=" ")
    assert [error.field for error in caught.value.errors] == ["as_of", "source"]
    with pytest.raises(InvalidFields):
        bring_in(session, officer, xlsx(), as_of=date(2026, 3, 3))


def test_a_number_keeps_the_zero_of_its_tax_code(session: Session, officer: Actor) -> None:
    listed = bring_in(session, officer, xlsx([1, "Cơ sở A", int(TAX_CODE), PLACE]))
    assert only(session, listed).tax_code == TAX_CODE


def test_a_formula_keeps_the_list_out(session: Session, officer: Actor) -> None:
    with pytest.raises(SpreadsheetRefused, match="C2"):
        bring_in(session, officer, xlsx([1, "Cơ sở A", "=A1", PLACE]))
    assert session.scalar(select(func.count()).select_from(RegisterList)) == 0


def test_a_wrong_header_is_refused(session: Session, officer: Actor) -> None:
    with pytest.raises(HeaderNotFound):
        bring_in(session, officer, xlsx([1, "a"], header=["STT", "Họ tên"]))


def test_a_header_alone_is_refused(session: Session, officer: Actor) -> None:
    with pytest.raises(InvalidInput):
        bring_in(session, officer, xlsx())


def test_one_wrong_row_keeps_the_whole_list_out(session: Session, officer: Actor) -> None:
    with pytest.raises(ListHasErrors) as caught:
        bring_in(session, officer, xlsx([1, "Cơ sở A", TAX_CODE, PLACE], [2, "", "", "ở đâu đó"]))
    assert {fault.row for fault in caught.value.rows} == {3}
    assert session.scalar(select(func.count()).select_from(RegisterList)) == 0


def test_entries_match_by_tax_code_and_are_proposed_by_name_and_commune(session: Session, officer: Actor) -> None:
    known = factories.make_business(session, tax_code=TAX_CODE)
    namesake = factories.make_business(session, legal_name="Hợp tác xã Rau Sạch", tax_code=None)
    factories.make_business(session, legal_name="Hợp tác xã Ở Xa", tax_code=None, commune_code="00004")
    listed = bring_in(
        session,
        officer,
        xlsx(
            [1, "Tên nào cũng được", TAX_CODE, PLACE],
            [2, "HTX RAU SẠCH", "", PLACE],
            [3, "HTX Ở Xa", "", PLACE],
        ),
    )
    assert [(each.match, each.business_id) for each in entries(session, listed)] == [
        (Match.TAX_CODE, known.id),
        (Match.PROPOSED, namesake.id),
        (Match.NONE, None),
    ]


def test_what_a_person_decided_is_kept_in_the_next_list(session: Session, officer: Actor) -> None:
    namesake = factories.make_business(session, legal_name="HTX Một", tax_code=None)
    other = factories.make_business(session, legal_name="HTX Hai", tax_code=None)
    rows = xlsx([1, "HTX Một", "", PLACE], [2, "HTX Hai", "", PLACE])
    first = bring_in(session, officer, rows, as_of=date(2026, 1, 1))
    coverage.confirm_list(session, officer, first.id)
    one, two = entries(session, first)
    coverage.confirm_match(session, officer, one.id, namesake.id)
    coverage.refuse_match(session, officer, two.id)
    second = bring_in(session, officer, rows)
    assert [(each.match, each.business_id) for each in entries(session, second)] == [
        (Match.CONFIRMED, namesake.id),
        (Match.REFUSED, other.id),
    ]


def test_two_officers_cannot_both_settle_one_entry(session: Session, officer: Actor) -> None:
    business = factories.make_business(session, legal_name="HTX Một")
    listed = factories.make_register_list(session, ["HTX Một", "HTX Một Hai"])
    one, two = entries(session, listed)
    coverage.confirm_match(session, officer, one.id, business.id)
    with pytest.raises(NothingToConfirm):
        coverage.refuse_match(session, officer, one.id)
    with pytest.raises(AlreadyLinked):
        coverage.confirm_match(session, officer, two.id, business.id)
    with pytest.raises(NotFound):
        coverage.confirm_match(session, officer, two.id, 999)
    with pytest.raises(NothingToConfirm):
        coverage.refuse_match(session, officer, two.id)


def test_the_database_itself_lets_one_business_stand_for_one_entry(session: Session) -> None:
    business = factories.make_business(session)
    listed = factories.make_register_list(session)
    factories.make_register_entry(session, listed, business_id=business.id, match=Match.CONFIRMED)
    with pytest.raises(IntegrityError):
        factories.make_register_entry(session, listed, business_id=business.id, match=Match.TAX_CODE)


def test_a_business_that_is_decided_upon_is_found_in_the_current_list(session: Session, officer: Actor) -> None:
    listed = factories.make_register_list(session, ["HTX Rau Sạch"])
    by_code = factories.make_register_entry(session, listed, tax_code=OTHER_TAX_CODE)
    named = factories.make_business(
        session, legal_name="Hợp tác xã Rau Sạch", tax_code=None, status=BusinessStatus.APPLIED
    )
    coded = factories.make_business(session, tax_code=OTHER_TAX_CODE, status=BusinessStatus.APPLIED)
    for business in (named, coded):
        businesses.decide(session, officer, business.id, Decision.APPROVE)
    proposed = entries(session, listed)[0]
    assert (proposed.match, proposed.business_id) == (Match.PROPOSED, named.id)
    assert (by_code.match, by_code.business_id) == (Match.TAX_CODE, coded.id)


def test_who_enrolled_while_a_draft_was_looked_at_is_matched_when_it_is_confirmed(
    session: Session, officer: Actor
) -> None:
    listed = bring_in(session, officer, xlsx([1, "Cơ sở A", TAX_CODE, PLACE]))
    business = factories.make_business(session, tax_code=TAX_CODE)
    coverage.confirm_list(session, officer, listed.id)
    assert (only(session, listed).match, only(session, listed).business_id) == (Match.TAX_CODE, business.id)


def test_each_entry_is_counted_at_the_step_that_it_has_reached(session: Session, officer: Actor) -> None:
    listed = factories.make_register_list(session, ["Chưa đăng ký"])

    def enlist(**facts: Any) -> Any:
        business = factories.make_business(session, **{"last_event_on": factories.NOW.date(), **facts})
        factories.make_register_entry(session, listed, business_id=business.id, match=Match.CONFIRMED)
        return business

    recently, long_ago = factories.NOW - timedelta(days=3), factories.NOW - timedelta(days=400)
    enlist(status=BusinessStatus.APPLIED)
    enlist(status=BusinessStatus.SUSPENDED)
    enlist(last_event_on=(factories.NOW - timedelta(days=91)).date())
    enlist()
    factories.make_batch(session, enlist(), status=BatchStatus.DRAFT)
    for reach, published_at in [*((reach, recently) for reach in list(Reach)[1:]), (Reach.END_TO_END, long_ago)]:
        facts = {"status": BatchStatus.PUBLISHED, "published_at": published_at, "reach": reach.value}
        factories.make_batch(session, enlist(), **facts)
    namesake = factories.make_business(session)
    factories.make_register_entry(session, listed, business_id=namesake.id, match=Match.PROPOSED)
    settle(session)
    found = coverage.headline(session, officer)
    assert found.progress == {
        Progress.NOT_ENROLLED: 1,
        Progress.UNCONFIRMED: 1,
        Progress.NOT_APPROVED: 2,
        Progress.INACTIVE: 1,
        Progress.NO_BATCH: 2,
        Progress.INCOMPLETE: 1,
        Progress.OUT_OF_PERIOD: 1,
        Progress.NO_LABELS: 1,
        Progress.NO_HANDOVER: 1,
        Progress.BROKEN_BEHIND: 1,
        Progress.TRACEABLE: 1,
    }
    assert [stage.numerator for stage in found.stages] == [13, 9, 8, 4, 3, 2, 1]
    assert found.headline == Stage(StageName.TRACEABLE, 1, 13)
    assert (found.as_of, found.target and found.target.percent) == (listed.as_of, 100)


def test_the_newest_list_is_the_denominator(session: Session, officer: Actor) -> None:
    factories.make_register_list(session, ["A", "B"], as_of=date(2026, 1, 1))
    factories.make_register_list(session, ["C"], as_of=date(2025, 1, 1))
    factories.make_register_list(session, ["D", "E", "F"], as_of=date(2026, 2, 28), confirmed_at=None)
    settle(session)
    headline = coverage.headline(session, officer).headline
    assert headline is not None
    assert headline.denominator == 2


def test_only_officers_see_the_number(session: Session) -> None:
    owner = factories.make_user(session)
    factories.make_business(session, owner=owner)
    with pytest.raises(NotAllowed):
        coverage.headline(session, factories.actor(owner))
