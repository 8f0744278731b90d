"""A report reaches the business and the department, is made once, and is answered where its number can be read."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from trace.domain.batches import BatchStatus
from trace.domain.complaints import ComplaintReason, ComplaintStatus, ComplaintStepNotPossible
from trace.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from trace.services.complaints import (
    AlreadyDetailed,
    ComplaintDetails,
    add_details,
    answer,
    follow,
    new_tracking_number,
    report,
)
from trace.storage.complaints import Complaint, ComplaintUpdate
from trace.storage.files import FileStore, StoredFile
from trace.storage.notices import Notice

CODE = "0000000000"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


@pytest.fixture
def owner(session: Session) -> Any:
    return factories.make_user(session)


@pytest.fixture
def officer(session: Session) -> Any:
    return factories.make_officer(session)


@pytest.fixture
def business(session: Session, owner: Any, officer: Any) -> Any:
    business = factories.make_business(session, owner=owner)
    factories.make_batch(session, business, status=BatchStatus.PUBLISHED, public_code=CODE)
    session.commit()
    return business


def reported(session: Session, store: FileStore, **facts: Any) -> Complaint:
    return report(session, store, **{"code": CODE, "reason": ComplaintReason.SPOILED, **facts})


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


def test_two_taps_are_enough(session: Session, store: FileStore, business: Any) -> None:
    complaint = reported(session, store)
    assert complaint.status is ComplaintStatus.RECEIVED
    assert complaint.business_id == business.id
    assert follow(session, complaint.tracking_number.lower().replace("-", " ")) is complaint


def test_the_business_and_the_department_are_told(
    session: Session, store: FileStore, business: Any, owner: Any, officer: Any
) -> None:
    complaint = reported(session, store)
    told = dict(session.execute(select(Notice.user_id, Notice.link)).all())
    assert told == {
        owner.id: f"/workspace/{business.id}/complaints/{complaint.id}",
        officer.id: f"/authority/complaints/{complaint.id}",
    }


def test_the_same_form_sent_twice_is_one_complaint(session: Session, store: FileStore, business: Any) -> None:
    number = new_tracking_number()
    first = reported(session, store, tracking_number=number)
    assert reported(session, store, tracking_number=number).id == first.id
    assert session.scalar(select(func.count()).select_from(Complaint)) == 1


def test_a_number_in_use_for_something_else_is_refused(session: Session, store: FileStore, business: Any) -> None:
    number = new_tracking_number()
    reported(session, store, tracking_number=number)
    with pytest.raises(Conflict):
        reported(session, store, tracking_number=number, reason=ComplaintReason.ILLNESS)


def test_only_what_shoppers_see_can_be_reported(session: Session, store: FileStore, business: Any) -> None:
    with pytest.raises(NotFound):
        reported(session, store, code="1111111111")


def test_details_are_added_once(session: Session, store: FileStore, business: Any) -> None:
    number = reported(session, store).tracking_number
    told = ComplaintDetails(text="  Mùi lạ\r\nkhi mở túi ", phone="0912 345 678", photo=photo())
    complaint = add_details(session, store, tracking_number=number, details=told)
    assert (complaint.text, complaint.phone) == ("Mùi lạ\nkhi mở túi", "+84912345678")
    kept = session.get_one(StoredFile, complaint.photo_id)
    assert (kept.business_id, kept.audience) == (business.id, "business")
    with pytest.raises(AlreadyDetailed):
        add_details(session, store, tracking_number=number, details=told)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (ComplaintDetails(), "text"),
        (ComplaintDetails(text="x" * 4001), "text"),
        (ComplaintDetails(phone="12"), "phone"),
        (ComplaintDetails(photo=b"<html>"), "photo"),
    ],
)
def test_bad_details_are_refused_at_their_field(
    session: Session, store: FileStore, business: Any, details: ComplaintDetails, field: str
) -> None:
    number = reported(session, store).tracking_number
    with pytest.raises(InvalidInput) as refused:
        add_details(session, store, tracking_number=number, details=details)
    assert refused.value.field == field


@pytest.mark.parametrize("number", ["", "PA-0000-0000", "PA-1234-5678", "💚", "PA-ZZZZ-ZZZZ"])
def test_a_number_that_is_none_is_answered_with_a_sentence(session: Session, number: str) -> None:
    with pytest.raises((InvalidInput, NotFound)):
        follow(session, number)


def test_a_business_answers_and_the_shopper_sees_who_spoke(
    session: Session, store: FileStore, business: Any, owner: Any
) -> None:
    complaint = reported(session, store)
    answer(session, factories.actor(owner), complaint_id=complaint.id, text="Chúng tôi đang kiểm tra.")
    assert complaint.status is ComplaintStatus.REVIEWING
    (update,) = session.scalars(select(ComplaintUpdate))
    assert (update.answer, update.by_officer) == ("Chúng tôi đang kiểm tra.", False)


def test_a_business_cannot_close_what_is_said_about_it(
    session: Session, store: FileStore, business: Any, owner: Any
) -> None:
    complaint = reported(session, store)
    with pytest.raises(NotAllowed):
        answer(
            session,
            factories.actor(owner),
            complaint_id=complaint.id,
            text="Không đúng.",
            to=ComplaintStatus.UNFOUNDED,
        )


def test_an_officer_closes_and_may_open_again(session: Session, store: FileStore, business: Any, officer: Any) -> None:
    complaint = reported(session, store)
    actor = factories.actor(officer)
    answer(session, actor, complaint_id=complaint.id, text="Đã xử phạt.", to=ComplaintStatus.RESOLVED)
    assert complaint.status is ComplaintStatus.RESOLVED
    with pytest.raises(ComplaintStepNotPossible):
        answer(session, actor, complaint_id=complaint.id, text="Không có.", to=ComplaintStatus.UNFOUNDED)
    session.rollback()
    answer(session, actor, complaint_id=complaint.id, text="", to=ComplaintStatus.REVIEWING)
    assert complaint.status is ComplaintStatus.REVIEWING


def test_an_end_needs_a_word(session: Session, store: FileStore, business: Any, officer: Any) -> None:
    complaint = reported(session, store)
    with pytest.raises(InvalidInput):
        answer(session, factories.actor(officer), complaint_id=complaint.id, text=" ", to=ComplaintStatus.RESOLVED)


def test_a_stranger_does_not_even_learn_that_it_exists(session: Session, store: FileStore, business: Any) -> None:
    stranger = factories.make_user(session)
    factories.make_business(session, owner=stranger)
    session.commit()
    complaint = reported(session, store)
    with pytest.raises(NotFound):
        answer(session, factories.actor(stranger), complaint_id=complaint.id, text="x")


def test_two_who_answer_at_once_do_not_overwrite_each_other(
    session: Session, store: FileStore, business: Any, officer: Any
) -> None:
    complaint = reported(session, store)
    seen = complaint.version
    answer(session, factories.actor(officer), complaint_id=complaint.id, text="Một.", version=seen)
    with pytest.raises(Conflict):
        answer(session, factories.actor(officer), complaint_id=complaint.id, text="Hai.", version=seen)
