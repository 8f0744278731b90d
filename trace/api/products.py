"""What a business makes."""

from typing import Any

from ..domain.permissions import Permission
from ..domain.products import Commodity, PackagingMaterial
from ..domain.quantities import Unit
from ..domain.sensors import COLDEST, HOTTEST
from ..request.access import current_actor, owned, requires
from ..request.database import db
from ..request.files import file_store
from ..services import products
from ..services.products import MOST_OCCASIONS, ProductFacts
from ..storage.products import Product, products_of
from .fields import Boolean, File, Integer, Member, Moment, Several, Text
from .schemas import FactsSchema, PageQuery, Schema, page_of
from .sites import ActiveSchema
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic("Products", "What a business makes, as shoppers and labels name it.")


class ProductFactsSchema(FactsSchema):
    makes = ProductFacts

    name = Text(required=True)
    name_en = Text()
    commodity = Member(Commodity, required=True)
    brand = Text()
    gtin = Text(allow_none=True, metadata={"description": "8, 12, 13 or 14 digits; not for restricted circulation"})
    unit = Member(Unit)
    pack_sizes = Several(Integer(low=1), most=12, metadata={"description": "In g, ml or pieces, most used first"})
    shelf_life_days = Integer(allow_none=True)
    storage_low = Integer(
        low=COLDEST, high=HOTTEST, allow_none=True, metadata={"description": "Keep at or above, in tenths of °C"}
    )
    storage_high = Integer(
        low=COLDEST, high=HOTTEST, allow_none=True, metadata={"description": "Keep at or below, in tenths of °C"}
    )
    stamp_occasions = Integer(
        low=1,
        high=MOST_OCCASIONS,
        allow_none=True,
        metadata={"description": "After so many, scans of one stamp are unusual; null: the usual number"},
    )
    standards = Several(Text(), most=20)
    packaging_material = Member(PackagingMaterial, allow_none=True)


class ProductSchema(ProductFactsSchema):
    id = Integer()
    active = Boolean()
    photo_sha256 = Text(attribute="photo.sha256", metadata={"description": "See /files; absent without a photo"})
    created_at = Moment()


class PhotoSchema(Schema):
    photo = File(required=True)


@topic.get("/businesses/<int:business_id>/products")
@requires(Permission.BUSINESS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(ProductSchema))
def list_products(query: dict[str, Any], business_id: int) -> Any:
    """List the products of a business"""
    return page(products_of(business_id), Product.id, query)


@topic.post("/businesses/<int:business_id>/products")
@requires(Permission.PRODUCTS_WRITE)
@once
@topic.arguments(ProductFactsSchema)
@topic.response(201, ProductSchema)
def register_product(facts: ProductFacts, business_id: int) -> Any:
    """Register a product"""
    return with_version(products.register(db.session, current_actor(), business_id, facts))


@topic.get("/businesses/<int:business_id>/products/<int:product_id>")
@requires(Permission.BUSINESS_READ)
@topic.response(200, ProductSchema)
def show_product(business_id: int, product_id: int) -> Any:
    """Show a product"""
    return with_version(owned(Product, product_id, business_id))


@topic.put("/businesses/<int:business_id>/products/<int:product_id>")
@requires(Permission.PRODUCTS_WRITE)
@if_match
@topic.arguments(ProductFactsSchema)
@topic.response(200, ProductSchema)
def update_product(facts: ProductFacts, business_id: int, product_id: int) -> Any:
    """Replace the facts of a product; its published batches show them at once"""
    version = named_version(owned(Product, product_id, business_id))
    return with_version(products.update(db.session, current_actor(), product_id, facts, version=version))


@topic.put("/businesses/<int:business_id>/products/<int:product_id>/photo")
@requires(Permission.PRODUCTS_WRITE)
@if_match
@topic.arguments(PhotoSchema)
@topic.response(200, ProductSchema)
def set_product_photo(data: dict[str, bytes], business_id: int, product_id: int) -> Any:
    """Replace the photo that shoppers see"""
    version = named_version(owned(Product, product_id, business_id))
    return with_version(
        products.set_photo(db.session, current_actor(), product_id, data["photo"], store=file_store(), version=version)
    )


@topic.put("/businesses/<int:business_id>/products/<int:product_id>/active")
@requires(Permission.PRODUCTS_WRITE)
@if_match
@topic.arguments(ActiveSchema)
@topic.response(200, ProductSchema)
def set_product_active(data: dict[str, bool], business_id: int, product_id: int) -> Any:
    """Stop offering a product for new batches, or offer it again"""
    version = named_version(owned(Product, product_id, business_id))
    return with_version(
        products.set_active(db.session, current_actor(), product_id, active=data["active"], version=version)
    )
