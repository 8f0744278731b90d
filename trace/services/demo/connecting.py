"""The acts in which businesses find each other: three in the directory, one connection accepted, one that waits."""

from ...domain.connections import ConnectionStep
from .. import connections, directory
from ..directory import ListingFacts
from .stage import Stage

LISTINGS = {
    "farm": ListingFacts(
        listed=True,
        offers="Cải ngọt, xà lách quanh năm, khoảng 60 kg mỗi ngày, cắt lúc 4 giờ sáng.",
        seeks="Cửa hàng lấy hàng đều trong nội thành.",
        shows_products=True,
        shows_certificates=True,
        shares_phone=True,
        contact_name="Anh Sáu",
    ),
    "cooperative": ListingFacts(
        listed=True,
        offers="Cà chua, su hào, cà rốt, dưa chuột VietGAP; xe lạnh giao tận nơi.",
        seeks="Siêu thị, bếp ăn trường học.",
        shows_products=True,
        shows_certificates=True,
        shows_street=True,
        contact_name="Chị Hạnh",
        email="hanh@vidu.example",
    ),
    "shop": ListingFacts(
        listed=True,
        offers="Bán rau ở Cầu Giấy, khoảng 300 khách mỗi ngày.",
        seeks="Rau ăn lá có VietGAP, gói bằng lá hoặc giấy.",
        contact_name="Chị Trang",
        shares_phone=True,
        email="trang@vidu.example",
    ),
}


def connect(stage: Stage) -> None:
    with stage.on(12, 9):
        for part, facts in LISTINGS.items():
            directory.set_listing(stage.session, stage.actor(part), stage.businesses[part], facts)
    with stage.on(11, 10):
        asked = _ask(stage, "shop", "farm", "30 kg cải ngọt mỗi sáng", "Cửa hàng lấy hàng lúc 5 giờ 30.")
    with stage.on(10, 19):
        farm = stage.businesses["farm"]
        connections.move(stage.session, stage.actor("farm"), farm, asked, ConnectionStep.ACCEPT)
    with stage.on(1, 15):
        _ask(stage, "cooperative", "shop", "Nơi bán 100 kg cà chua mỗi tuần", "Chúng tôi giao thứ ba và thứ sáu.")


def _ask(stage: Stage, asker: str, asked: str, wanted: str, message: str) -> int:
    ids = stage.businesses[asker], stage.businesses[asked]
    return connections.ask(stage.session, stage.actor(asker), *ids, wanted=wanted, message=message).id
