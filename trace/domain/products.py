"""What is made and sold."""

from collections.abc import Mapping

from .errors import N_
from .labelled import Labelled


class Commodity(Labelled):
    """The kind of food; it decides which stages a batch's chain is expected to show."""

    VEGETABLES = "vegetables", N_("Rau, củ")
    FRUIT = "fruit", N_("Trái cây")
    RICE = "rice", N_("Gạo")
    TEA = "tea", N_("Chè")
    MUSHROOMS = "mushrooms", N_("Nấm")
    MEAT = "meat", N_("Thịt gia súc")
    POULTRY = "poultry", N_("Thịt gia cầm")
    EGGS = "eggs", N_("Trứng")
    MILK = "milk", N_("Sữa")
    FISH = "fish", N_("Thủy sản")
    HONEY = "honey", N_("Mật ong")
    PROCESSED = "processed", N_("Thực phẩm chế biến")
    OTHER = "other", N_("Thực phẩm khác")


FROM_LIVING_ANIMALS = frozenset({Commodity.EGGS, Commodity.MILK, Commodity.HONEY})
"""Taken again and again, so that a drug's label names another time to wait than before slaughter."""


class PackagingMaterial(Labelled):
    """What a pack is made of; plan 96/KH-UBND counts what degrades or is used again (indicator I.4.2)."""

    PLASTIC_BAG = "plastic_bag", N_("Túi ni lông khó phân hủy")
    RIGID_PLASTIC = "rigid_plastic", N_("Hộp, khay, chai nhựa")
    BIODEGRADABLE = "biodegradable", N_("Túi, hộp phân hủy sinh học")
    PAPER = "paper", N_("Giấy, bìa")
    LEAF = "leaf", N_("Lá, tre, nứa, rơm")
    GLASS = "glass", N_("Thủy tinh")
    METAL = "metal", N_("Kim loại")
    REUSABLE = "reusable", N_("Thùng, khay, sọt dùng lại nhiều lần")
    NONE = "none", N_("Không bao gói")


SPARING = frozenset(
    {
        PackagingMaterial.BIODEGRADABLE,
        PackagingMaterial.PAPER,
        PackagingMaterial.LEAF,
        PackagingMaterial.REUSABLE,
        PackagingMaterial.NONE,
    }
)
"""What degrades, is used again, or was not needed."""
RECYCLING: Mapping[PackagingMaterial, str] = {
    PackagingMaterial.PLASTIC_BAG: "Túi ni lông: bỏ vào rác tái chế",
    PackagingMaterial.RIGID_PLASTIC: "Nhựa: bỏ vào rác tái chế",
    PackagingMaterial.BIODEGRADABLE: "Phân hủy sinh học: bỏ cùng rác thực phẩm",
    PackagingMaterial.PAPER: "Giấy: bỏ vào rác tái chế",
    PackagingMaterial.LEAF: "Lá, tre: bỏ cùng rác thực phẩm",
    PackagingMaterial.GLASS: "Thủy tinh: bỏ vào rác tái chế",
    PackagingMaterial.METAL: "Kim loại: bỏ vào rác tái chế",
    PackagingMaterial.REUSABLE: "Bao bì dùng lại: xin gửi trả nơi bán",
}
"""What a label says of the empty pack, by the groups of Luật Bảo vệ môi trường 2020, Điều 75: recyclable, food, other."""
