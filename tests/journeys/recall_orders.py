"""A compulsory recall on the department's pages: one officer asks, another says yes."""

import re

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.journeys.test_main_job import sign_in_officer


def order_recall(officer: Page, code: str) -> None:
    """Ask for a recall of a batch and everything made of it, which holds them at once."""
    officer.goto("/authority/recalls/new")
    officer.locator("[name=recall_class]").first.check(force=True)
    officer.locator("[name=reason]").fill("Dư lượng thuốc bảo vệ thực vật vượt mức cho phép")
    officer.locator("[name=kind][value=batches]").check(force=True)
    officer.locator("[name=codes]").fill(code)
    officer.locator("[name=phone]").fill("024 3825 1234")
    officer.get_by_role("button", name="Xem ảnh hưởng").click()
    officer.locator("[name=word]").fill("THU HỒI")
    officer.get_by_role("button", name="Thu hồi 3 lô").click()
    expect(officer.locator("main")).not_to_contain_text("TH-")


def approve_recall(second: Page, app: Flask, session: Session) -> str:
    """Another officer says yes; the case's number."""
    sign_in_officer(second, app, session)
    second.on("dialog", lambda dialog: dialog.accept())
    second.goto("/authority/approvals")
    second.locator("main .item").first.click()
    second.get_by_role("button", name="Duyệt", exact=True).click()
    second.goto("/authority/recalls")
    found = re.search(r"TH-\d{4}-\d{4}", second.locator("main").inner_text())
    assert found
    return found[0]
