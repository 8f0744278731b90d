"""What people write as an address, and where it leads."""

import pytest

from trace.domain.errors import InvalidInput
from trace.services.addresses import CommuneUnclear, settle_address

HA_NOI = "01"


@pytest.mark.parametrize(
    "written", ["Xã Bát Tràng", "bat trang", "Bát Tràng, Hà Nội", "xã Bát Tràng, Thành phố Hà Nội"]
)
def test_a_commune_in_force_is_found_however_it_is_written(written: str) -> None:
    address = settle_address(commune=written, province_code=HA_NOI)
    assert address.commune.full_name == "Xã Bát Tràng, Hà Nội"
    assert (address.former, address.note) == ("", None)


@pytest.mark.parametrize("written", ["Văn Đức", "xã Văn Đức, huyện Gia Lâm, TP Hà Nội"])
def test_a_former_commune_is_converted_and_says_so(written: str) -> None:
    address = settle_address(commune=written, province_code=HA_NOI, street="Thôn 3")
    assert address.commune.name == "Xã Bát Tràng"
    assert address.street == "Thôn 3"
    assert address.former == written
    assert str(address.note) == "Xã Văn Đức (huyện Gia Lâm cũ) nay thuộc xã Bát Tràng."


def test_a_province_that_is_written_outranks_the_one_that_is_preset() -> None:
    address = settle_address(commune="Phường Hồng Châu, Hưng Yên", province_code=HA_NOI)
    assert address.commune.province.name == "Tỉnh Hưng Yên"


def test_an_ambiguous_name_is_asked_about_and_the_answer_is_taken() -> None:
    with pytest.raises(CommuneUnclear) as unclear:
        settle_address(commune="Đông Anh", province_code=HA_NOI)
    choice = unclear.value.alternatives[1]
    assert settle_address(commune="Đông Anh", province_code=HA_NOI, chosen=choice.code).commune == choice


def test_an_answer_that_was_not_offered_is_not_taken() -> None:
    with pytest.raises(CommuneUnclear):
        settle_address(commune="Đông Anh", province_code=HA_NOI, chosen="00577")


@pytest.mark.parametrize("written", ["", "Không Có Xã Này"])
def test_an_unknown_commune_is_refused_at_its_field(written: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        settle_address(commune=written, province_code=HA_NOI)
    assert refused.value.field == "commune"


def test_the_former_unit_behind_a_suggestion_is_kept_only_if_it_led_there() -> None:
    former = "Xã Văn Đức, Huyện Gia Lâm, Thành phố Hà Nội"
    assert settle_address(commune="Xã Bát Tràng", province_code=HA_NOI, former=former).former == former
    assert settle_address(commune="Phường Ba Đình", province_code=HA_NOI, former=former).former == ""
