"""The whole job, as three people on real screens: a farm, the department, a shopper."""

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import pytest
import zxingcpp
from flask import Flask
from flask_security import hash_password
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser import DESK, PHONE
from tests.factories import make_officer
from trace.services.mail import Mail

pytestmark = pytest.mark.browser

PASSWORD = "bắp cải xanh mướt 2026"
TAX_CODE = "0109876042"


def test_a_farm_registers_a_batch_a_shopper_scans_it_and_the_number_moves(
    visitor: Callable[..., Page], live_app: Flask, session: Session, mailbox: list[Mail], tmp_path: Path
) -> None:
    officer = visitor(**DESK)
    farmer = visitor(**PHONE)
    shopper = visitor(**PHONE)

    sign_in_officer(officer, live_app, session)
    import_official_list(officer, tmp_path)
    assert headline(officer) == "0 trên 2 cơ sở"

    sign_up(farmer, mailbox)
    apply(farmer)
    approve(officer)
    add_product(farmer, tmp_path)

    farmer.goto("/workspace/")
    farmer.get_by_role("link", name="Lô mới").first.click()
    fill_batch(farmer, "12,5")
    farmer.get_by_role("button", name="Lưu và công bố").click()
    expect(farmer.get_by_text("Bây giờ có thể in tem")).to_be_visible()
    farmer.get_by_role("button", name="Ghi đóng gói").click()
    expect(farmer.get_by_text("Đủ thông tin truy xuất")).to_be_visible()

    sheet = download_sheet(farmer, tmp_path)
    links = decode_at_203_dpi(sheet, tmp_path)
    assert len(links) == 10
    assert len(set(links)) == 1

    response = shopper.goto(links[0])
    assert response
    assert response.ok
    page = shopper.locator("main")
    for typed in ("Cải ngọt Đầm Sen", "Hợp tác xã Rau Đầm Sen (ví dụ)", "Bát Tràng", "TCVN 12827:2023"):
        expect(page).to_contain_text(typed)
    expect(shopper.locator("h1")).to_have_text("Đủ thông tin truy xuất")

    assert headline(officer) == "0 trên 2 cơ sở"  # nobody has confirmed a delivery yet, and the funnel says so
    expect(officer.locator(".stages li", has_text="Có tem tra ra được")).to_contain_text("1/2")
    officer.locator(".stages li", has_text="Giao nhận hai bên").get_by_role("link").click()
    expect(officer.locator(".item-title")).to_have_text(["Hợp tác xã Rau Đầm Sen (ví dụ)"])


def test_the_next_batch_takes_four_taps_and_one_number(
    visitor: Callable[..., Page], live_app: Flask, session: Session, mailbox: list[Mail], tmp_path: Path
) -> None:
    officer, farmer = visitor(**DESK), visitor(**PHONE)
    sign_up(farmer, mailbox)
    apply(farmer)
    sign_in_officer(officer, live_app, session)
    approve(officer)
    add_product(farmer, tmp_path)
    farmer.goto("/workspace/")
    farmer.get_by_role("link", name="Lô mới").first.click()
    fill_batch(farmer, "40")
    farmer.get_by_role("button", name="Lưu và công bố").click()

    farmer.goto("/workspace/")
    taps = 0

    def tap(what: str) -> None:
        nonlocal taps
        farmer.get_by_role("link", name=what).or_(farmer.get_by_role("button", name=what)).first.click()
        taps += 1

    tap("Lô hàng")
    tap("Lặp lại")
    expect(farmer.locator("[name=amount]")).to_be_focused()  # the keyboard is open: no tap to reach the field
    farmer.keyboard.type("35,5")
    tap("Lưu và công bố")
    assert taps <= 4
    expect(farmer.get_by_text("35,5 kg").first).to_be_visible()
    expect(farmer.get_by_text("Bây giờ có thể in tem")).to_be_visible()


def sign_in_officer(page: Page, app: Flask, session: Session) -> None:
    """With the password and, as the department's pages demand, a second factor set up on the way."""
    with app.app_context():
        password = hash_password(normalize("NFKD", PASSWORD))  # as the sign-in form does
    officer = make_officer(session, password=password, tf_primary_method=None, tf_totp_secret=None)
    session.commit()
    page.goto("/authority/")
    sign_in(page, officer.email)
    page.get_by_role("button", name="Bắt đầu thiết lập").click()
    key = page.locator("code").inner_text().replace("-", "").replace(" ", "")
    code = app.extensions["security"].totp_factory._totp(key=key, format="base32").generate().token
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="Bật xác minh hai bước").click()
    page.goto("/authority/")
    expect(page.locator("h1")).to_have_text("Kết quả truy xuất")


def sign_in(page: Page, email: str) -> None:
    page.locator("[name=email]").first.fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def import_official_list(page: Page, folder: Path) -> None:
    listed = folder / "danh-sach.csv"
    listed.write_text(
        "STT,Tên cơ sở,Mã số thuế,Địa chỉ\n"
        f'1,Hợp tác xã Rau Đầm Sen (ví dụ),{TAX_CODE},"Xã Văn Đức, huyện Gia Lâm, Hà Nội"\n'
        '2,Hợp tác xã Rau Bãi Giữa (ví dụ),,"Phường Hồng Hà, Hà Nội"\n',
        encoding="utf-8-sig",
    )
    page.goto("/authority/register/import")
    page.locator("[name=file]").set_input_files(listed)
    page.locator("[name=as_of]").fill("2026-01-15")
    page.locator("[name=source]").fill("Danh sách ví dụ của Sở, 15/01/2026")
    page.locator("main form button.primary").click()
    page.get_by_role("button", name="Đưa vào sử dụng").click()


def headline(page: Page) -> str:
    page.goto("/authority/")
    found = re.search(r"\d+ trên \d+ cơ sở", page.locator("main").inner_text())
    assert found
    return found[0]


def sign_up(page: Page, mailbox: list[Mail]) -> None:
    page.goto("/account/register")
    page.locator("[name=name]").fill("Nguyễn Thị Sen (ví dụ)")
    page.locator("[name=email]").fill("sen@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button.primary").click()
    expect(page.locator("main .notice").first).to_be_visible()
    link = re.search(r"https?://\S+/account/confirm/\S+", mailbox[-1].text)
    assert link, mailbox[-1].text
    page.goto(link[0])
    if page.locator("[name=password]").count():
        sign_in(page, "sen@example.com")


def apply(page: Page) -> None:
    page.goto("/workspace/apply")
    page.get_by_label("Hợp tác xã", exact=True).check()
    page.locator("[name=legal_name]").fill("Hợp tác xã Rau Đầm Sen (ví dụ)")
    page.locator("[name=tax_code]").fill(TAX_CODE)
    page.locator("[name=phone]").fill("0912 345 678")
    page.locator("[name=commune]").press_sequentially("van duc gia lam")
    page.get_by_role("listbox").get_by_role("option").first.click()
    page.locator("[name=street]").fill("Thôn 3")
    page.locator("[name=site_kind]").select_option("growing_area")
    page.locator("[name=site_name]").fill("Ruộng bãi sông")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    expect(page.get_by_text("Hồ sơ đang chờ duyệt").first).to_be_visible()


def approve(page: Page) -> None:
    page.goto("/authority/applications")
    page.get_by_role("link", name="Hợp tác xã Rau Đầm Sen (ví dụ)").first.click()
    page.get_by_role("button", name="Duyệt", exact=True).first.click()
    expect(page.get_by_text("Đã duyệt").first).to_be_visible()


def add_product(page: Page, folder: Path) -> None:
    photo = folder / "cai.jpg"
    picture = Image.new("RGB", (900, 700), "#e8f0e0")
    ImageDraw.Draw(picture).ellipse((250, 150, 650, 550), fill="#3f8f3f")
    picture.save(photo)
    page.goto("/workspace/")
    page.get_by_role("link", name="Sản phẩm").first.click()
    page.get_by_role("link", name="Thêm sản phẩm").first.click()
    page.locator("[name=name]").fill("Cải ngọt Đầm Sen")
    page.locator("[name=commodity]").select_option("vegetables")
    page.get_by_label("kg", exact=True).check()
    page.locator("[name=photo]").set_input_files(photo)
    page.locator("[name=shelf_life_days]").fill("4")
    page.locator("[name=pack_sizes]").fill("500 g")
    page.locator("details.more summary").click()
    page.locator("[name=standards]").fill("TCVN 12827:2023")
    page.locator("[name=brand]").fill("Đầm Sen")
    page.get_by_role("button", name="Lưu sản phẩm").click()
    expect(page.get_by_text("Cải ngọt Đầm Sen").first).to_be_visible()


def fill_batch(page: Page, amount: str) -> None:
    page.locator("[name=amount]").fill(amount)


def download_sheet(page: Page, folder: Path) -> Path:
    page.get_by_role("link", name="In tem").first.click()
    page.locator("[name=count]").fill("10")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải tem").click()
    path = folder / "tem.pdf"
    download.value.save_as(path)
    return path


def decode_at_203_dpi(sheet: Path, folder: Path) -> list[str]:
    """What a phone reads from the paper: each symbol of the first page."""
    subprocess.run(["pdftoppm", "-r", "203", "-gray", "-png", sheet, folder / "page"], check=True)
    (image,) = folder.glob("page*.png")
    with Image.open(io.BytesIO(image.read_bytes())) as page:
        return [found.text for found in zxingcpp.read_barcodes(page)]
