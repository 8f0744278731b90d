"""A farm on the morning of 2 March 2026; an owner with a business and nothing yet."""

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.farm import MORNING, Farm, make_farm
from trace.domain.permissions import Actor


@pytest.fixture
def farm(session: Session, clock: Clock) -> Farm:
    """Approved, with the field VD and one product."""
    clock.set(MORNING)
    return make_farm(session)


@pytest.fixture
def owner(session: Session) -> Actor:
    user = factories.make_user(session)
    factories.make_business(session, owner=user)
    return factories.actor(user)


@pytest.fixture
def business_id(owner: Actor) -> int:
    return next(iter(owner.memberships))
