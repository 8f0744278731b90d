"""A farm on the morning of 2 March 2026."""

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.farm import MORNING, Farm


@pytest.fixture
def farm(session: Session, clock: Clock) -> Farm:
    """Approved, with the field VD and one product."""
    clock.set(MORNING)
    person = factories.make_user(session)
    business = factories.make_business(session, owner=person)
    site = factories.make_site(session, business, code="VD")
    product = factories.make_product(session, business)
    session.commit()
    return Farm(session, business, site, product, factories.actor(person))
