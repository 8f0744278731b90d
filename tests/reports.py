"""Laboratories' reports for tests."""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import NOW
from trace.domain.files import Audience, FileKind
from trace.domain.laboratory import LaboratoryStatus
from trace.storage.batches import Batch
from trace.storage.files import StoredFile
from trace.storage.laboratory import LaboratoryTest

_numbers = count(1)


def make_laboratory_test(session: Session, batch: Batch, **facts: Any) -> LaboratoryTest:
    """A good result that its maker handed in; without an event."""
    number = next(_numbers)
    paper = StoredFile(
        sha256=f"f{number:063x}",
        business_id=batch.business_id,
        kind=FileKind.DOCUMENT,
        audience=Audience.BUSINESS,
        media_type="application/pdf",
        byte_size=1,
        created_at=NOW,
    )
    facts = {
        "business_id": batch.business_id,
        "site_id": batch.site_id,
        "laboratory": "Phòng kiểm nghiệm Hà Nội",
        "report": f"KN-{number}",
        "sample": "",
        "sampled_at": NOW,
        "passed": True,
        "findings": [],
        "document": paper,
        "status": LaboratoryStatus.SUBMITTED,
        "recorded_at": NOW,
        "recorded_by_name": "Người ghi",
        **facts,
    }
    test = LaboratoryTest(batch_id=batch.id, **facts)
    session.add(test)
    session.flush()
    return test
