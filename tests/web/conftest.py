"""An officer at work, in March 2026."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from trace.domain.batches import BatchStatus
from trace.domain.complaints import ComplaintReason, ComplaintStatus
from trace.storage.complaints import Complaint

TAX_CODE = "0109999904"


@pytest.fixture
def in_march(clock: Clock) -> None:
    clock.set(factories.NOW)


@pytest.fixture
def officer(session: Session, client: Client) -> Any:
    user = factories.make_officer(session, name="Cán bộ Hà")
    client.sign_in(user)
    return user


@pytest.fixture
def complaint(session: Session) -> Complaint:
    business = factories.make_business(session)
    batch = factories.make_batch(session, business, status=BatchStatus.PUBLISHED, public_code="7K3M9XW2QT")
    made = Complaint(
        tracking_number="PA-7K3M-9XW2",
        batch=batch,
        business_id=business.id,
        reason=ComplaintReason.ILLNESS,
        text="Đau bụng",
        phone="+84912345678",
        status=ComplaintStatus.RECEIVED,
        at=factories.NOW,
    )
    session.add(made)
    session.flush()
    return made
