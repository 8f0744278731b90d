"""Take the README's picture anew from a running demo: ``make run``, then ``.venv/bin/python docs/pictures/make.py``.

The address of the service may follow; default: http://127.0.0.1:8000.
"""

import io
import json
import subprocess
import sys
from pathlib import Path

from passlib.totp import TOTP
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from setup.machine import find_chromium

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1100, "height": 740}
MARGIN = 40


def open_page(browser: Browser, address: str, screen: dict[str, int]) -> Page:
    return browser.new_context(base_url=address, viewport=screen, locale="vi-VN").new_page()  # type: ignore[arg-type]


def sign_in(page: Page, account: dict[str, str]) -> None:
    page.goto("/account/login")
    page.locator("[name=email]").first.fill(account["email"])
    page.locator("[name=password]").fill(account["password"])
    page.locator("form.form button.primary").click()
    if account["totp_secret"]:
        page.locator("[name=code]").fill(TOTP(key=account["totp_secret"], format="base32").generate().token)
        page.locator("main form button.primary").first.click()
    page.wait_for_url(lambda url: "/account/" not in url)


def main(address: str = "http://127.0.0.1:8000") -> None:
    story = json.loads(subprocess.check_output([sys.executable, "-m", "trace", "demo", "show"]))
    code = story["batches"]["complete"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        shopper, farm = (open_page(browser, address, PHONE) for _ in range(2))
        officer = open_page(browser, address, DESK)
        shopper.goto(f"/q/{code}")
        sign_in(farm, story["accounts"]["farm"])
        farm.goto(f"/workspace/{story['businesses']['farm']['id']}/batches?search={code}")
        farm.locator("a.item").first.click()
        sign_in(officer, story["accounts"]["officer"])
        officer.goto("/authority/")
        screens = []
        for page in (shopper, farm, officer):
            page.wait_for_load_state("networkidle")
            screens.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
        browser.close()
    width = sum(screen.width for screen in screens) + MARGIN * (len(screens) + 1)
    picture = Image.new("RGB", (width, PHONE["height"] + 2 * MARGIN), "#dfe6dc")
    left = MARGIN
    for screen in screens:
        picture.paste(screen, (left, MARGIN))
        left += screen.width + MARGIN
    picture.quantize(256).save(Path(__file__).parent / "three-audiences.png", optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
