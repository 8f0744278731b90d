"""Finding communes in force, and reading addresses that name places which are gone."""

import pytest

from trace.domain.address_lines import AddressReading, How, understand
from trace.domain.addresses import HA_NOI, Suggestion, UnknownCommune
from trace.domain.place_names import accent_key, name_key, split_kind
from trace.domain.text import UnreadableText, fold
from trace.storage.addresses import gazetteer

BAT_TRANG = "00577"


def search(text: str, **options: object) -> list[Suggestion]:
    return gazetteer().search(text, **options)  # type: ignore[arg-type]


def read(text: str) -> AddressReading:
    return understand(gazetteer(), text)


def names(suggestions: list[Suggestion]) -> list[str]:
    return [suggestion.commune.full_name for suggestion in suggestions]


class TestGazetteer:
    def test_holds_the_communes_in_force(self) -> None:
        assert len(gazetteer().communes()) == 3321
        assert len(gazetteer().provinces()) == 34
        assert len(gazetteer().communes(HA_NOI)) == 126
        assert gazetteer().provinces()[0].short_name == "Hà Nội"

    def test_looks_a_commune_up_by_its_code(self) -> None:
        assert gazetteer().commune(BAT_TRANG).full_name == "Xã Bát Tràng, Hà Nội"

    def test_refuses_an_unknown_code_with_a_sentence(self) -> None:
        with pytest.raises(UnknownCommune, match="chọn trong danh sách gợi ý") as refused:
            gazetteer().commune("99999")
        assert refused.value.field == "commune"

    def test_every_centre_lies_in_viet_nam(self) -> None:
        assert all(8 < each.latitude < 23.5 and 102 < each.longitude < 115 for each in gazetteer().communes())

    def test_knows_where_a_former_province_is_now(self) -> None:
        assert gazetteer().province_codes("tỉnh Bắc Giang") == gazetteer().province_codes("Bắc Ninh")
        assert gazetteer().province_codes("TP.HCM") == gazetteer().province_codes("Hồ Chí Minh")
        assert gazetteer().province_codes("Atlantis") == set()


class TestSearch:
    def test_finds_every_commune_by_its_folded_name(self) -> None:
        lost = [
            commune.full_name
            for commune in gazetteer().communes()
            if commune not in [found.commune for found in search(fold(f"{commune.name}, {commune.province.name}"))]
        ]
        assert lost == []

    @pytest.mark.parametrize("text", ["bat trang", "Bát Tràng", "Xã Bát Tràng", "xa bat trang", "BÁT TRÀNG, Hà Nội"])
    def test_does_not_mind_case_accents_or_the_kind(self, text: str) -> None:
        assert names(search(text))[0] == "Xã Bát Tràng, Hà Nội"

    def test_does_not_mind_where_the_tone_mark_stands(self) -> None:
        assert names(search("Yên Hoà")) == names(search("Yên Hòa"))
        assert names(search("Yên Hòa"))[0] == "Phường Yên Hòa, Hà Nội"

    def test_takes_a_name_that_looks_like_a_kind_as_a_name(self) -> None:
        assert names(search("phuong liet"))[0] == "Phường Phương Liệt, Hà Nội"

    def test_puts_the_beginning_of_a_name_before_a_word_inside_and_ha_noi_first(self) -> None:
        found = search("sơn", limit=200)
        starts = [name_key(each.former.name if each.former else each.commune.name).startswith("son") for each in found]
        assert starts == sorted(starts, reverse=True)
        assert found[0].commune.province.code == HA_NOI

    def test_keeps_to_a_province_and_a_limit(self) -> None:
        found = search("tân", province_code="79", limit=5)
        assert len(found) == 5
        assert {each.commune.province.code for each in found} == {"79"}

    def test_understands_a_former_commune_with_its_district(self) -> None:
        best = search("Xã Kiêu Kỵ, Huyện Gia Lâm")[0]
        assert best.commune.name == "Xã Gia Lâm"
        assert str(best.note) == "Xã Kiêu Kỵ (huyện Gia Lâm cũ) nay thuộc xã Gia Lâm."

    def test_understands_a_commune_merged_before_2025(self) -> None:
        best = search("Văn Đức, Gia Lâm")[0]
        assert best.commune.code == BAT_TRANG
        assert str(best.note) == "Xã Văn Đức (huyện Gia Lâm cũ) nay thuộc xã Bát Tràng."

    def test_offers_each_part_of_a_commune_that_was_split_main_part_first(self) -> None:
        main, *parts = [each for each in search("Cổ Bi") if each.commune.province.code == HA_NOI]
        assert str(main.note).startswith("Phần lớn xã Cổ Bi (huyện Gia Lâm cũ) nay thuộc phường Phúc Lợi")
        assert {part.commune.name for part in parts} == {"Xã Phù Đổng", "Xã Gia Lâm"}

    def test_names_the_new_province_of_a_commune_that_changed_it(self) -> None:
        assert "tỉnh Bắc Ninh" in str(search("Xã Tân Tiến, Bắc Giang")[0].note)

    @pytest.mark.parametrize("text", ["", " ", "xã", "zzzz", "!?"])
    def test_finds_nothing_where_there_is_nothing(self, text: str) -> None:
        assert search(text) == []


class TestUnderstand:
    @pytest.mark.parametrize(
        ("line", "street"),
        [
            ("Thôn 3, xã Văn Đức, huyện Gia Lâm, TP Hà Nội", "Thôn 3"),
            ("Thôn 3 xã Văn Đức huyện Gia Lâm TP Hà Nội", "Thôn 3"),
            ("Thôn 3, X. Văn Đức, H.Gia Lâm", "Thôn 3"),
            ("thon 3, xa van duc, huyen gia lam, ha noi", "thon 3"),
            ("Văn Đức - Gia Lâm - Hà Nội", ""),
            ("XÃ VĂN ĐỨC, HUYỆN GIA LÂM, HÀ NỘI, VIỆT NAM", ""),
            ("Đội 5, Văn Đức, Gia Lâm, Hà Nội 100000", "Đội 5"),
        ],
    )
    def test_reads_a_former_address_however_it_is_written(self, line: str, street: str) -> None:
        reading = read(line)
        assert reading.commune == gazetteer().commune(BAT_TRANG)
        assert (reading.how, reading.street) == (How.FORMER_WHOLE, street)
        assert str(reading.note) == "Xã Văn Đức (huyện Gia Lâm cũ) nay thuộc xã Bát Tràng."

    @pytest.mark.parametrize(
        ("line", "street", "commune"),
        [
            ("Số 5 ngõ 2, P. Ba Đình, Hà Nội", "Số 5 ngõ 2", "Phường Ba Đình"),
            ("Số 5 Xã Đàn, P. Kim Liên, Hà Nội", "Số 5 Xã Đàn", "Phường Kim Liên"),
            ("Km 5 tỉnh lộ 421B, xã Quốc Oai, TP. Hà Nội", "Km 5 tỉnh lộ 421B", "Xã Quốc Oai"),
            ("Phường Văn Miếu - Quốc Tử Giám, Hà Nội", "", "Phường Văn Miếu - Quốc Tử Giám"),
            ("Phường Hoà Khánh, Đà Nẵng", "", "Phường Hòa Khánh"),
            ("xã Phù Đổng, KCN Hapro, Hà Nội", "KCN Hapro", "Xã Phù Đổng"),
        ],
    )
    def test_reads_an_address_of_today(self, line: str, street: str, commune: str) -> None:
        reading = read(line)
        assert reading.commune
        assert (reading.how, reading.street, reading.commune.name) == (How.EXACT, street, commune)
        assert reading.note is None

    def test_reads_every_commune_in_force_by_its_own_name(self) -> None:
        named = [read(f"Thôn 1, {commune.full_name}") for commune in gazetteer().communes()]
        assert [reading.commune for reading in named] == gazetteer().communes()
        assert {(reading.how, reading.street) for reading in named} == {(How.EXACT, "Thôn 1")}

    def test_reads_every_former_commune_as_one_of_its_successors(self) -> None:
        former = gazetteer().former_communes()
        assert len(former) > 10_000
        lost = [
            unit.full_name for unit in former if read(f"Thôn 1, {unit.full_name}").commune not in dict(unit.successors)
        ]
        assert lost == []

    def test_takes_a_district_as_the_sign_of_a_former_address(self) -> None:
        assert read("Xã Bát Tràng, Hà Nội").how is How.EXACT
        former = read("Xã Bát Tràng, Huyện Gia Lâm, Hà Nội")
        assert (former.how, former.commune) == (How.FORMER_MAIN_PART, gazetteer().commune(BAT_TRANG))
        assert "Hãy kiểm tra lại" in str(former.note)
        assert {each.name for each in former.alternatives} == {"Phường Long Biên", "Xã Gia Lâm"}

    def test_lets_the_kind_and_the_accents_decide_between_namesakes(self) -> None:
        assert read("Phường Sa Pa, Thị xã Sa Pa, Lào Cai").commune == read("phường Sa Pa, Lào Cai").commune
        assert read("Phường Hồng Hà, Hà Nội").how is How.EXACT
        assert read("Xã Hồng Hà, Hà Nội").how is How.FORMER_MAIN_PART  # of huyện Đan Phượng

    def test_asks_where_a_name_could_be_several_places(self) -> None:
        reading = read("Số 1, P. Quang Trung, Hà Nội")
        assert (reading.how, reading.commune, reading.street) == (How.AMBIGUOUS, None, "Số 1")
        assert {"Phường Đống Đa", "Phường Hà Đông", "Phường Sơn Tây"} == {each.name for each in reading.alternatives}
        assert "Hãy chọn một xã, phường" in str(reading.note)

    def test_asks_whether_a_bare_name_is_the_commune_or_the_former_district(self) -> None:
        reading = read("Đông Anh, Hà Nội")
        assert reading.how is How.AMBIGUOUS
        assert reading.alternatives[0].name == "Xã Đông Anh"
        assert len(reading.alternatives) > 3

    def test_asks_where_the_district_does_not_fit(self) -> None:
        reading = read("P. Thảo Điền, Quận 2, TP.HCM")
        assert (reading.how, reading.commune) == (How.AMBIGUOUS, None)
        assert "thuộc “Quận 2”" in str(reading.note)

    def test_does_not_take_a_village_for_a_commune_that_was_mistyped(self) -> None:
        assert read("Văn Đức, xã Không Có, Hà Nội").how is How.UNKNOWN

    @pytest.mark.parametrize("line", ["Xã Không Có, Hà Nội", "Hà Nội", "12345", "=1+1"])
    def test_says_what_is_missing_where_it_knows_nothing(self, line: str) -> None:
        reading = read(line)
        assert (reading.how, reading.commune) == (How.UNKNOWN, None)
        assert str(reading.note)

    def test_lists_the_communes_of_a_district_that_stands_alone(self) -> None:
        reading = read("Huyện Gia Lâm, Hà Nội")
        assert reading.how is How.UNKNOWN
        assert gazetteer().commune(BAT_TRANG) in reading.alternatives

    def test_an_empty_address_is_unknown(self) -> None:
        assert str(read("  ").note) == "Chưa có địa chỉ."

    def test_refuses_unreadable_text(self) -> None:
        with pytest.raises(UnreadableText):
            read("Thôn 3\x00")


class TestPlaceNames:
    @pytest.mark.parametrize(
        ("text", "kind", "name"),
        [
            ("TP. Vinh", "thành phố", "Vinh"),
            ("Q1", "quận", "1"),
            ("TX.Sơn Tây", "thị xã", "Sơn Tây"),
            ("Thị trấn Trâu Quỳ", "thị trấn", "Trâu Quỳ"),
            ("Phương Liệt", "", "Phương Liệt"),
            ("Xá Lượng", "", "Xá Lượng"),
        ],
    )
    def test_the_kind_is_spelled_out(self, text: str, kind: str, name: str) -> None:
        assert split_kind(text) == (kind, name)

    def test_keys_free_what_people_write_differently_and_nothing_else(self) -> None:
        assert name_key("Xã Cư M'gar") == name_key("cư Mgar") == "cumgar"
        assert name_key("Mỹ Đức") == name_key("Mĩ Đức")
        assert name_key("Sơn Tây") != name_key("Sơn Tại")
        assert accent_key("Hòa Bình") == accent_key("xã Hoà bình") != accent_key("Hoa Bình")
