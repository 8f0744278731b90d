"""A farm on the morning of 2 March 2026."""

import pytest
from sqlalchemy.orm import Session

from tests.client import Clock
from tests.farm import MORNING, Farm, make_farm


@pytest.fixture
def farm(session: Session, clock: Clock) -> Farm:
    """Approved, with the field VD and one product."""
    clock.set(MORNING)
    return make_farm(session)
