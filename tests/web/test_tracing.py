"""The pages of a trace: how far each may see, what the drawing says, and the files."""

import io
import re

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from tests.farm import MORNING, URL, Farm
from trace.services import balance, handovers
from trace.services.balance import TransformationFacts
from trace.services.handovers import OfferFacts
from trace.storage.accounts import User
from trace.storage.audit import AuditEntry
from trace.storage.balance import Link
from trace.storage.batches import Batch
from trace.storage.chain import standing_events
from trace.web.drawings import MOST_DRAWN


@pytest.fixture
def farm(session: Session, clock: Clock) -> Farm:
    clock.set(MORNING)
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner, legal_name="HTX Rau Bát Tràng")
    made = Farm(
        session=session,
        business=business,
        site=factories.make_site(session, business, code="VD", name="Ruộng Bãi"),
        product=factories.make_product(session, business),
        owner=factories.actor(owner),
    )
    session.commit()
    return made


def make(farm: Farm, *parents: tuple[Batch, int], amount: int | None = None) -> Batch:
    facts = TransformationFacts(
        inputs=[(parent.id, used) for parent, used in parents],
        product_id=farm.product.id,
        site_id=farm.site.id,
        amount=amount or sum(used for _, used in parents),
        at=MORNING,
    )
    return balance.transform(farm.session, farm.owner, farm.business.id, facts, public_url=URL)


def sell(farm: Farm, batch: Batch, amount: int) -> tuple[Farm, Batch]:
    """Another business, and what it made of a batch that it bought."""
    owner = factories.make_user(farm.session)
    business = factories.make_business(farm.session, owner=owner, legal_name="Cửa hàng Xanh")
    shop = Farm(
        session=farm.session,
        business=business,
        site=factories.make_site(farm.session, business, name="Kho Xanh"),
        product=factories.make_product(farm.session, business),
        owner=factories.actor(owner),
    )
    made = shop.published(amount=amount)
    made_by = farm.session.scalars(standing_events(made.id)).one()
    farm.session.add(Link(parent_id=batch.id, child_id=made.id, amount=amount, event_id=made_by.id))
    farm.session.commit()
    return shop, made


def page(farm: Farm, batch: Batch, query: str = "direction=forward") -> str:
    return f"/workspace/{farm.business.id}/batches/{batch.id}/trace?{query}"


@pytest.fixture
def as_owner(client: Client, farm: Farm, session: Session) -> None:
    client.sign_in(session.get_one(User, farm.owner.user_id))


def drawn(text: str) -> set[str]:
    """The lots in the boxes of the drawing."""
    return set(re.findall(r'<text class="lot"[^>]*>([^<]+)</text>', text))


@pytest.mark.usefixtures("as_owner")
def test_the_drawing_shows_amounts_evidence_and_what_was_withdrawn(client: Client, farm: Farm) -> None:
    field = farm.published()
    left, right = make(farm, (field, 30_000)), make(farm, (field, 20_000))
    right.withdrawn_at, right.status = MORNING, "withdrawn"  # type: ignore[assignment] # as the database holds it
    farm.session.commit()
    text = client.get(page(farm, field)).text
    assert drawn(text) == {field.lot, left.lot, right.lot}
    assert "30 kg" in text
    assert text.count('class="link declared" d="M') == 2 + 1  # the legend explains it
    assert re.search(r'class="node[^"]*withdrawn"', text)
    assert "Đã rút" in text
    back = client.get(page(farm, left, "direction=back")).text
    assert drawn(back) == {field.lot, left.lot}


@pytest.mark.usefixtures("as_owner")
def test_a_business_sees_one_step_beyond_its_own_without_amounts_that_are_not_its_affair(
    client: Client, farm: Farm
) -> None:
    field = farm.published(amount=77_000)
    shop, sold = sell(farm, field, 50_000)
    beyond = make(shop, (sold, 41_000))
    text = client.get(page(farm, field)).text
    assert drawn(text) == {field.lot, sold.lot}
    assert "41 kg" not in text
    assert text.count("50 kg") == 2  # in words and in the drawing: what went in, not what the shop has
    assert client.get(page(farm, sold)).status_code == 404
    step = client.get(page(farm, field, f"direction=forward&step={sold.id}")).text
    [shown] = re.findall(r'id="step".*?</section>', step, re.DOTALL)
    assert "Cửa hàng Xanh" in shown
    assert shop.owner.name not in shown
    assert 'id="step"' not in client.get(page(farm, field, f"direction=forward&step={beyond.id}")).text
    book = openpyxl.load_workbook(io.BytesIO(client.get(page(farm, field).replace("/trace?", "/trace.xlsx?")).data))
    assert [row[1] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == [field.lot, sold.lot]
    events = {row[3]: row for row in book.worksheets[2].iter_rows(min_row=2, values_only=True)}
    assert (events[field.lot][5], events[sold.lot][5]) == (77, None)
    assert "Kho Xanh" not in events[sold.lot][7]


def test_an_officer_sees_all_of_it_and_leaves_a_trail(client: Client, farm: Farm, session: Session) -> None:
    client.sign_in(factories.make_officer(session))
    field = farm.published()
    shop, sold = sell(farm, field, 50_000)
    made = make(shop, (sold, 40_000))
    path = f"/authority/batches/{field.public_code}/trace"
    text = client.get(f"{path}?direction=forward&step={made.id}").text
    assert drawn(text) == {field.lot, sold.lot, made.lot}
    assert f"/authority/batches/{made.public_code}/trace" in text
    assert client.get(f"{path}.xlsx?direction=forward").status_code == 200
    assert client.get(f"/workspace/{farm.business.id}/batches/{field.id}/trace").status_code == 200
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(4)).all()
    assert actions == ["batches:look", "tracing:follow", "exports:trace", "tracing:follow"]
    assert client.get("/authority/batches/0000000000/trace").status_code == 404
    assert client.get("/authority/batches/nonsense/trace").status_code == 404


@pytest.mark.usefixtures("as_owner")
def test_a_large_family_is_drawn_in_part_and_says_so(client: Client, farm: Farm) -> None:
    field = farm.published()
    balance.split(
        farm.session, farm.owner, farm.business.id, field.id, [1000] * (MOST_DRAWN + 5), at=MORNING, public_url=URL
    )
    text = client.get(page(farm, field)).text
    assert len(drawn(text)) == MOST_DRAWN
    assert "+6 lô" in text
    assert f"{MOST_DRAWN} lô gần nhất trong {MOST_DRAWN + 6} lô" in text
    assert text.count("<tr>") + text.count('<tr class="chosen-row">') == MOST_DRAWN + 6 + 1


@pytest.mark.usefixtures("as_owner")
def test_the_table_is_sorted_by_its_headings(client: Client, farm: Farm) -> None:
    field = farm.published()
    small, large = make(farm, (field, 1_000)), make(farm, (field, 9_000))

    def lots(query: str) -> list[str]:
        return re.findall(r'<a class="code"[^>]*>([^<]+)</a>', client.get(page(farm, field, query)).text)

    assert lots("direction=forward&sort=amount&order=asc") == [small.lot, large.lot, field.lot]
    assert lots("direction=forward&sort=amount&order=desc") == [field.lot, large.lot, small.lot]
    assert lots("direction=forward&sort=nonsense") == [field.lot, small.lot, large.lot]


@pytest.mark.usefixtures("as_owner")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_file_has_the_batches_the_links_and_each_event_with_its_key_data(
    client: Client, farm: Farm, language: str
) -> None:
    field = farm.published(amount=50_000, lot="=LOT-1")
    farm.pack(field)
    made = make(farm, (field, 30_000), amount=29_500)
    answer = client.get(page(farm, field, f"direction=forward&lang={language}").replace("/trace?", "/trace.xlsx?"))
    batches, links, events, _ = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
    assert batches["B2"].value == "=LOT-1"
    assert batches["B2"].data_type == "s"
    assert [each.value for each in links[2]][6:] == [30, "kg"]
    assert events.auto_filter.ref
    heading = [each.value for each in events[1]]
    assert heading[2] == "Mã lô truy xuất / Traceability lot code"
    rows = [dict(zip(heading, row, strict=True)) for row in events.iter_rows(min_row=2, values_only=True)]
    kinds = {
        "vi": ["Thu hoạch nông sản", "Đóng gói lần đầu", "Chế biến, phối trộn, chia lô"],
        "en": ["Harvesting", "Initial packing", "Transformation"],
    }
    assert [row[heading[0]] for row in rows] == kinds[language]
    assert [row[heading[5]] for row in rows] == [50, 50, 29.5]
    assert {row[heading[7]].split(",")[0] for row in rows} == {"Ruộng Bãi"}
    assert (made.public_code or "")[-5:] in rows[0][heading[12]].replace(" ", "").replace("-", "")


def test_an_officer_finds_batches_by_code_lot_and_business(client: Client, farm: Farm, session: Session) -> None:
    client.sign_in(factories.make_officer(session))
    batch, other = farm.published(lot="LO-TIM-1"), farm.published(lot="LO-KHAC")
    draft = farm.register(lot="LO-NHAP")

    def found(query: str) -> set[str]:
        text = client.get("/authority/batches", query_string=query).text
        return {each for each in ("LO-TIM-1", "LO-KHAC", "LO-NHAP") if each in text.split("<main")[1]}

    assert found("") == {batch.lot, other.lot}
    assert found(f"q={(batch.public_code or '').lower()}") == {batch.lot}
    assert found("q=lo-khac") == {other.lot}
    assert found(f"q={draft.lot}") <= {draft.lot}
    named = client.get("/authority/batches?q=bat+trang").text
    assert f"/authority/batches?business={farm.business.id}" in named
    assert found(f"business={farm.business.id}") == {batch.lot, other.lot}


@pytest.mark.usefixtures("as_owner")
def test_who_gave_and_who_took_stand_beside_the_shipment(client: Client, farm: Farm, session: Session) -> None:
    field = farm.published()
    buyer = factories.make_business(session, legal_name="Siêu thị Mới")
    offer = OfferFacts(batch_id=field.id, amount=10_000, buyer_id=buyer.id)
    handovers.offer(session, farm.owner, farm.business.id, offer, public_url=URL)
    answer = client.get(page(farm, field).replace("/trace?", "/trace.xlsx?"))
    events = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[2]
    [shipped] = [row for row in events.iter_rows(min_row=2, values_only=True) if row[0] == "Giao hàng"]
    assert (shipped[5], shipped[11], shipped[12]) == (10, "HTX Rau Bát Tràng", "Siêu thị Mới")
