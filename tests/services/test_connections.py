"""Two businesses of the directory get to know each other only when both want to."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.trading_partners import make_listing
from trace.domain.connections import (
    AlreadyConnected,
    ConnectionNotTaken,
    ConnectionStatus,
    ConnectionStep,
    ConnectionStepNotPossible,
    NoContactChosen,
    TooManyRequests,
)
from trace.domain.errors import NotFound
from trace.services import connections
from trace.storage.connections import Connection
from trace.storage.notices import Notice


class Side:
    """A business of the directory and its owner; as an owner or a buyer acts."""

    def __init__(self, session: Session, name: str) -> None:
        self.session, self.user = session, factories.make_user(session)
        self.business = factories.make_business(session, owner=self.user, legal_name=name)
        self.listing = make_listing(session, self.business, email=f"{self.business.id}@vidu.example")
        self.id, self.actor = self.business.id, factories.actor(self.user)

    def ask(self, other: "Side", wanted: str = "50 kg cải ngọt mỗi ngày") -> Connection:
        return connections.ask(self.session, self.actor, self.id, other.id, wanted=wanted, message="Giao sớm")

    def take(self, connection: Connection, step: ConnectionStep, reason: str = "") -> Connection:
        return connections.move(self.session, self.actor, self.id, connection.id, step, reason=reason)

    def told(self) -> list[str]:
        return list(self.session.scalars(select(Notice.kind).where(Notice.business_id == self.id).order_by(Notice.id)))


@pytest.fixture
def shop(session: Session, clock: Clock) -> Side:
    clock.set(factories.NOW)
    return Side(session, "Cửa hàng")


@pytest.fixture
def farm(session: Session, shop: Side) -> Side:
    return Side(session, "Trại rau")


def test_contacts_are_shown_only_while_it_stands_accepted(session: Session, shop: Side, farm: Side) -> None:
    asked = shop.ask(farm)
    assert connections.contact_for(session, shop.id, asked) is None
    farm.take(asked, ConnectionStep.ACCEPT)
    contact = connections.contact_for(session, shop.id, asked)
    assert contact is not None
    assert (contact.person, contact.phone, contact.email) == ("Cô Ba", "", f"{farm.id}@vidu.example")
    shop.take(asked, ConnectionStep.END)
    assert connections.contact_for(session, farm.id, asked) is None
    assert (shop.told(), farm.told()) == (["connection-accept"], ["connection-asked", "connection-end"])


def test_there_is_one_at_a_time_between_two(shop: Side, farm: Side) -> None:
    asked = shop.ask(farm)
    for one, other in ((shop, farm), (farm, shop)):
        with pytest.raises(AlreadyConnected):
            one.ask(other)
    shop.take(asked, ConnectionStep.WITHDRAW)
    assert farm.ask(shop).status is ConnectionStatus.ASKED


def test_each_side_takes_only_its_own_steps(session: Session, shop: Side, farm: Side) -> None:
    asked = shop.ask(farm)
    for side, step in ((shop, ConnectionStep.ACCEPT), (farm, ConnectionStep.WITHDRAW), (farm, ConnectionStep.END)):
        with pytest.raises(ConnectionStepNotPossible):
            side.take(asked, step)
    with pytest.raises(NotFound):
        Side(session, "Người ngoài").take(asked, ConnectionStep.ACCEPT)


def test_whoever_was_declined_waits_before_asking_again(shop: Side, farm: Side, clock: Clock) -> None:
    declined = farm.take(shop.ask(farm), ConnectionStep.DECLINE, "Đã đủ mối")
    assert declined.reason == "Đã đủ mối"
    with pytest.raises(ConnectionNotTaken):
        shop.ask(farm)
    clock.advance(days=31)
    assert shop.ask(farm).status is ConnectionStatus.ASKED


def test_a_block_ends_what_is_open_and_is_not_told(session: Session, shop: Side, farm: Side) -> None:
    asked = shop.ask(farm)
    connections.set_blocked(session, farm.actor, farm.id, shop.id, blocked=True)
    assert asked.status is ConnectionStatus.DECLINED
    with pytest.raises(ConnectionNotTaken):
        shop.ask(farm)
    assert shop.told() == ["connection-decline"]


def test_a_business_asks_only_so_many_a_day(session: Session, shop: Side, clock: Clock) -> None:
    for number in range(10):
        shop.ask(Side(session, f"Trại {number}"))
    late = Side(session, "Trại cuối")
    with pytest.raises(TooManyRequests):
        shop.ask(late)
    clock.advance(days=1, minutes=1)
    assert shop.ask(late)


def test_nobody_is_asked_by_one_who_cannot_be_reached(session: Session, shop: Side, farm: Side) -> None:
    shop.listing.email = ""
    with pytest.raises(NoContactChosen):
        shop.ask(farm)


def test_only_a_business_of_the_directory_is_asked(session: Session, shop: Side) -> None:
    unlisted = factories.make_business(session)
    with pytest.raises(NotFound):
        connections.ask(session, shop.actor, shop.id, unlisted.id, wanted="Rau", message="")
