"""Stamps on their way: ordered, printed, stuck on, scanned, copied, torn, and bound from a roll that was printed ahead."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

import pytest
import zxingcpp
from flask import Flask
from flask_security import hash_password
from PIL import Image, ImageEnhance, ImageFilter
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser import DESK, PHONE
from tests.client import Clock
from tests.farm import MORNING, Farm, make_farm
from tests.journeys.test_main_job import PASSWORD, sign_in, sign_in_officer
from trace.labels.decoders import QR, decoders
from trace.labels.tspl import tspl_images
from trace.labels.zpl import zpl_images
from trace.services.jobs import Jobs
from trace.storage.accounts import User

pytestmark = pytest.mark.browser
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A{}) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
DOTS_PER_MM = 8
QUIET_ZONE = 12  # dots


@dataclass
class People:
    farmer: Page
    shopper: Page
    farm: Farm
    session: Session

    def scan(self, link: str, says: str) -> Page:
        """The shopper opens what a decoder read from the paper."""
        self.shopper.goto(link)
        expect(self.shopper.locator("#stamp h2")).to_have_text(says)
        return self.shopper

    def open(self, path: str = "") -> Page:
        self.farmer.goto(f"/workspace/{self.farm.business.id}{path}")
        return self.farmer


@pytest.fixture
def people(visitor: Callable[..., Page], live_app: Flask, session: Session, clock: Clock) -> People:
    clock.set(MORNING)
    farm = make_farm(session)
    with live_app.app_context():
        session.get_one(User, farm.owner.user_id).password = hash_password(normalize("NFKD", PASSWORD))
    session.commit()
    people = People(visitor(**PHONE), visitor(**PHONE, agent=ANDROID.format(0)), farm, session)
    sign_in(people.open(), session.get_one(User, farm.owner.user_id).email)
    people.farmer.wait_for_url(f"**/workspace/{farm.business.id}")
    people.farmer.on("dialog", lambda dialog: dialog.accept())
    return people


def test_from_an_order_to_what_a_copied_a_torn_and_a_made_up_stamp_say(
    people: People,
    visitor: Callable[..., Page],
    live_app: Flask,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """From a batch's page to its file in four taps: print, with serials, issue, download."""
    farmer, batch = people.farmer, people.farm.published()
    jobs: Jobs = live_app.extensions["trace.jobs"]
    waiting: list[int] = []
    monkeypatch.setattr(jobs, "write_labels_soon", waiting.append)

    people.open(f"/batches/{batch.id}")
    taps = [
        farmer.get_by_role("link", name="In tem", exact=True),
        farmer.get_by_role("link", name="In tem có số riêng"),
        farmer.get_by_role("button", name="Phát hành tem"),
        farmer.get_by_role("link", name="Tải tệp tem"),
    ]
    for tap in taps[:2]:
        tap.click()
    expect(farmer.locator("[name=count]")).to_have_value("240")
    assert farmer.locator("#preview .stamp-image").bounding_box()
    taps[2].click()
    expect(farmer.locator("progress")).to_have_attribute("max", "240")
    expect(farmer.locator("main")).to_contain_text("Có thể đóng trang này; tệp vẫn được tạo.")
    people.session.commit()
    jobs.write_labels(waiting.pop())
    with farmer.expect_download() as download:
        taps[3].click()  # the page comes again by itself until the file is there
    first, second, third, *others = stamps_of_first_page(Path(download.value.path()), tmp_path)

    people.scan(first, "Tem này chưa được kích hoạt")
    issue = farmer.url
    people.open(f"/batches/{batch.id}")
    farmer.get_by_role("button", name="Ghi đóng gói").click()
    clock.advance(hours=1)
    expect(people.scan(second, "Tem này được quét lần đầu").locator("#stamp")).to_contain_text("11:00 02/03/2026")
    say_where(people.shopper, "Phường Ba Đình")

    for day in range(1, 5):
        clock.advance(days=1)
        for phone in range(1, 16):
            people.session.commit()
            people.shopper.request.get(second, headers={"User-Agent": ANDROID.format(phone * day)})
    copied = people.scan(second, "Tem này bị quét nhiều khác thường").locator("#stamp")
    for said in ("trong 5 ngày", "Phường Ba Đình", "có thể tem đã bị chép", "chưa chứng minh"):
        expect(copied).to_contain_text(said)

    farmer.goto(issue)
    void(farmer, number_of(third), number_of(third), "Rách khi dán")
    expect(farmer.locator("main")).to_contain_text("Rách khi dán")
    people.scan(third, "Tem này đã bị hủy")
    void(farmer, number_of(third), number_of(third), "Rách khi dán")
    expect(farmer.locator("main")).to_contain_text(f"đã bị {people.farm.owner.name} hủy lúc")

    mistaken = others[0][:-1] + ("0" if others[0][-1] != "0" else "1")
    people.scan(mistaken, "Không có tem nào mang số này")
    people.scan(others[0][:-1], "Số tem chưa đúng")

    odd = ("Tem này chưa được kích hoạt", "Tem này bị quét nhiều khác thường", "Tem này đã bị hủy", "Không có tem nào")
    officer = visitor(**DESK)
    sign_in_officer(officer, live_app, people.session)
    officer.goto("/authority/stamps")
    for reader in (people.open("/stamps"), officer):
        for said in odd:
            expect(reader.locator("main")).to_contain_text(said)
    expect(officer.locator("main")).to_contain_text(people.farm.business.legal_name)


def test_a_roll_printed_ahead_is_bound_by_a_photo_of_its_first_stamp_and_the_number_of_its_last(
    people: People, tmp_path: Path
) -> None:
    farmer, batch = people.farmer, people.farm.published()
    people.open("/stamps").get_by_role("link", name="In cuộn tem trước").click()
    order(farmer, "30", "roll")
    with farmer.expect_download() as download:
        farmer.get_by_role("link", name="Tải tệp tem").click()
    labels = pages(Path(download.value.path()), tmp_path)
    links = [link for label in labels for link, _ in read_by_both(label)]
    assert len(set(links)) == 30
    people.scan(links[9], "Tem này chưa gắn với lô hàng nào")

    photo = tmp_path / "tem.png"
    labels[4].save(photo)
    farmer.locator("[name=bound-first_photo]").set_input_files(photo)
    farmer.locator("[name=bound-last]").fill(number_of(links[19]))
    farmer.locator("[name=bound-batch]").select_option(str(batch.id))
    farmer.get_by_role("button", name="Gắn đoạn tem này").click()
    expect(farmer.locator("main")).to_contain_text("Tem 5 đến 20")
    expect(people.scan(links[9], "Tem này được quét lần đầu").locator("main")).to_contain_text(batch.product.name)
    people.scan(links[20], "Tem này chưa gắn với lô hàng nào")


def test_label_printers_print_what_a_shopper_can_open(people: People, tmp_path: Path) -> None:
    farmer, batch = people.farmer, people.farm.published()
    people.farm.pack(batch)
    for way, printed in (("zpl", zpl_images), ("tspl", lambda data: tspl_images(data, DOTS_PER_MM))):
        people.open(f"/batches/{batch.id}/stamps")
        order(farmer, "5", way)
        with farmer.expect_download() as download:
            farmer.get_by_role("link", name="Tải tệp tem").click()
        links = [link for image in printed(Path(download.value.path()).read_bytes()) for link, _ in read_by_both(image)]
        assert len(set(links)) == 5
        people.scan(links[-1], "Tem này được quét lần đầu")


def order(farmer: Page, count: str, way: str) -> None:
    farmer.locator("[name=count]").fill(count)
    with farmer.expect_response(lambda answer: answer.request.method == "POST"):  # the preview follows
        farmer.locator("[name=way]").select_option(way)
    farmer.get_by_role("button", name="Phát hành tem").click()


def void(farmer: Page, first: str, last: str, reason: str) -> None:
    farmer.locator("#voided").evaluate("details => { details.open = true }")
    farmer.locator("[name=voided-first]").fill(first)
    farmer.locator("[name=voided-last]").fill(last)
    farmer.locator("[name=voided-reason]").fill(reason)
    farmer.get_by_role("button", name="Hủy đoạn tem này").click()


def say_where(shopper: Page, commune: str) -> None:
    shopper.get_by_role("link", name="Cho biết bạn đang ở xã, phường nào").click()
    shopper.locator("[name=commune]").fill(commune)
    shopper.get_by_role("button", name="Gửi").click()


def number_of(link: str) -> str:
    """The serial as a person reads it off the stamp."""
    serial = link.rsplit("/", 1)[1]
    return "-".join(serial[place : place + 4] for place in range(0, 16, 4))


def stamps_of_first_page(sheet: Path, folder: Path) -> list[str]:
    """Each is read by both decoders, also turned, out of focus and faded."""
    found = read_by_both(pages(sheet, folder)[0])
    for link, symbol in found[:5]:
        for worn in degraded(symbol):
            assert read(worn) == {name: [link] for name in decoders()}
    return [link for link, _ in found]


def read_by_both(image: Image.Image) -> list[tuple[str, Image.Image]]:
    """The link of each symbol, and the symbol cut out of the image."""
    found = []
    for symbol in zxingcpp.read_barcodes(image, formats=QR):
        place = symbol.position
        cut = image.crop(
            (
                place.top_left.x - QUIET_ZONE,
                place.top_left.y - QUIET_ZONE,
                place.bottom_right.x + QUIET_ZONE,
                place.bottom_right.y + QUIET_ZONE,
            )
        )
        assert read(cut) == {name: [symbol.text] for name in decoders()}
        found.append((symbol.text, cut))
    assert found
    return found


def read(image: Image.Image) -> dict[str, list[str]]:
    return {name: decoder(image) for name, decoder in decoders().items()}


def degraded(image: Image.Image) -> Iterator[Image.Image]:
    yield image.rotate(12, expand=True, fillcolor=255)
    yield image.filter(ImageFilter.GaussianBlur(1.2))
    yield ImageEnhance.Contrast(image).enhance(0.3)


def pages(pdf: Path, folder: Path) -> list[Image.Image]:
    """As a printer of 203 dpi prints them."""
    subprocess.run(["pdftoppm", "-r", "203", "-gray", "-png", pdf, folder / "page"], check=True)
    return [Image.open(path).convert("L") for path in sorted(folder.glob("page*.png"))]
