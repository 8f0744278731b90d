"""The officer's page of expected stages, and the API that tells everyone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.domain.products import Commodity
from trace.storage.stages import ChainTemplate

FORM = {
    "step0": "creating_class_instance",
    "need0": "required",
    "step1": "storing",
    "need1": "optional",
    "step3": "packing",
    "need3": "required",
    "valid_from": "2026-01-01",
    "source": "TCVN 12850:2019",
    "reason": "Thêm bảo quản",
}


def test_an_officer_looks_at_a_change_and_publishes_it(client: Client, session: Session) -> None:
    client.sign_in(factories.make_officer(session))
    shown = client.get("/authority/stages/rice")
    assert "Phiên bản 1, từ 01/01/2020" in shown.text
    looked = client.submit("/authority/stages/rice", {**FORM, "want": "preview"})
    assert looked.status_code == 200
    assert "Số lô đủ nội dung: 0 → 0" in looked.text
    done = client.submit("/authority/stages/rice", {**FORM, "want": "publish", "version": "1"})
    assert done.status_code == 303
    latest = session.scalars(
        select(ChainTemplate).where(ChainTemplate.commodity == Commodity.RICE, ChainTemplate.number == 2)
    ).one()
    assert [stage["step"] for stage in latest.stages] == ["creating_class_instance", "storing", "packing"]
    answer = client.get("/api/v1/stages?on=2026-03-01").json
    rice = next(each for each in answer["items"] if each["commodity"] == "rice")
    assert rice["number"] == 2
    assert rice["stages"][1] == {"step": "storing", "optional": True}
    earlier = client.get("/api/v1/stages?on=2025-12-31").json
    assert next(each for each in earlier["items"] if each["commodity"] == "rice")["number"] == 1


def test_what_is_wrong_is_said_at_its_field(client: Client, session: Session) -> None:
    client.sign_in(factories.make_officer(session))
    refused = client.submit("/authority/stages/rice", {**FORM, "need0": "optional", "need3": "optional", "reason": ""})
    assert refused.status_code == 422
    assert "Cần ít nhất một công đoạn bắt buộc." in refused.text
    assert "Hãy ghi lý do thay đổi." in refused.text
