"""Products: their numbers, photos and units."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.uploads import PAGE_CALLED_PHOTO, picture
from trace.domain.errors import Conflict, InvalidFields, InvalidInput
from trace.domain.files import Audience
from trace.domain.permissions import Actor
from trace.domain.products import Commodity, PackagingMaterial
from trace.domain.quantities import Unit
from trace.services import products
from trace.services.products import ProductFacts
from trace.storage.files import FileStore


def facts(**changes: Any) -> ProductFacts:
    return dataclasses.replace(ProductFacts(name="Cải ngọt", commodity=Commodity.VEGETABLES), **changes)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def refusal(session: Session, owner: Actor, business_id: int, **wrong: Any) -> Any:
    with pytest.raises(InvalidFields) as refused:
        products.register(session, owner, business_id, facts(**wrong))
    (error,) = refused.value.errors
    return error


def test_a_product_is_kept_as_it_was_told(session: Session, owner: Actor, business_id: int, store: FileStore) -> None:
    told = facts(
        gtin="893 0000 000 019",
        pack_sizes=[500, 300, 500],
        standards=["TCVN 12827:2023", " ", "TCVN 12827:2023"],
        packaging_material=PackagingMaterial.PAPER,
    )
    product = products.register(session, owner, business_id, told, photo=picture(), store=store)
    assert (product.gtin, product.folded_name) == ("08930000000019", "cai ngot")
    assert (product.pack_sizes, product.standards) == ([500, 300], ["TCVN 12827:2023"])
    assert product.photo
    assert product.photo.audience is Audience.PUBLIC


def test_a_wrong_check_digit_is_answered_with_the_right_one(session: Session, owner: Actor, business_id: int) -> None:
    error = refusal(session, owner, business_id, gtin="8930000000011")
    assert (error.field, error.values["expected"]) == ("gtin", 9)


def test_a_number_for_one_shop_only_is_refused(session: Session, owner: Actor, business_id: int) -> None:
    assert refusal(session, owner, business_id, gtin="2000000000008").code == "restricted-gtin"


def test_a_gtin_names_one_product_of_a_business(session: Session, owner: Actor, business_id: int) -> None:
    product = products.register(session, owner, business_id, facts(gtin="8930000000019"))
    assert refusal(session, owner, business_id, gtin="8930000000019").code == "gtin-taken"
    assert (
        products.update(session, owner, product.id, facts(gtin="8930000000019", brand="Đồng Xanh")).brand == "Đồng Xanh"
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": " "}, "name"), ({"pack_sizes": [-1]}, "pack_sizes"), ({"shelf_life_days": 4000}, "shelf_life_days")],
)
def test_what_is_wrong_is_said_at_its_field(
    session: Session, owner: Actor, business_id: int, wrong: dict[str, Any], field: str
) -> None:
    assert refusal(session, owner, business_id, **wrong).field == field


def test_the_unit_stands_once_there_are_batches(session: Session, owner: Actor, business_id: int) -> None:
    product = products.register(session, owner, business_id, facts())
    products.update(session, owner, product.id, facts(unit=Unit.EA))
    business = session.get_one(type(factories.make_business(session)), business_id)
    factories.make_batch(session, business, product_id=product.id)
    with pytest.raises(InvalidFields):
        products.update(session, owner, product.id, facts(unit=Unit.KGM))


def test_a_page_called_photo_is_no_photo(session: Session, owner: Actor, business_id: int, store: FileStore) -> None:
    with pytest.raises(InvalidInput) as refused:
        products.register(session, owner, business_id, facts(), photo=PAGE_CALLED_PHOTO, store=store)
    assert refused.value.field == "photo"


def test_a_stale_form_changes_nothing(session: Session, owner: Actor, business_id: int) -> None:
    product = products.register(session, owner, business_id, facts())
    seen = product.version
    products.update(session, owner, product.id, facts(name="Cải bó xôi"), version=seen)
    with pytest.raises(Conflict):
        products.update(session, owner, product.id, facts(name="Rau muống"), version=seen)


def test_a_product_is_put_away_and_taken_out_again(session: Session, owner: Actor, business_id: int) -> None:
    product = products.register(session, owner, business_id, facts())
    assert not products.set_active(session, owner, product.id, active=False).active
    assert products.set_active(session, owner, product.id, active=True).active
