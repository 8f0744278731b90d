"""What the department publishes for all to be judged by: yields and chains, by machine."""

from sqlalchemy.orm import Session

from tests.api.conftest import Machine

YIELD = {
    "commodity": "vegetables",
    "crop": "Rau muống",
    "low": 1500,
    "high": 3000,
    "cycles": 8,
    "source": "Viện Nghiên cứu Rau quả, báo cáo thử",
    "reason": "Số liệu đo mới",
    "valid_from": "2026-03-01",
}


def test_a_yield_is_published_and_read_by_anyone(anyone: Machine, officer: Machine, machine: Machine) -> None:
    assert machine("POST", "/yields", YIELD).status_code == 403
    made = officer("POST", "/yields", YIELD)
    assert (made.status_code, made.json["crop"], made.json["high"]) == (201, "rau muống", 3000)
    read = anyone("GET", "/yields?on=2026-03-02&commodity=vegetables").json["items"]
    assert made.json in read
    same = officer("POST", "/yields", YIELD)
    assert (same.status_code, same.json["code"]) == (422, "reference-unchanged")
    wrong = officer("POST", "/yields", {**YIELD, "low": 4000})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "low")


def test_a_chain_is_looked_at_before_it_is_published(
    anyone: Machine, officer: Machine, machine: Machine, session: Session
) -> None:
    stages = [{"step": "creating_class_instance"}, {"step": "storing", "optional": True}]
    facts = {
        "commodity": "honey",
        "valid_from": "2026-03-01",
        "stages": stages,
        "source": "Quy định thử",
        "reason": "Bớt công đoạn",
    }
    assert machine("POST", "/stages", facts).status_code == 403
    preview = officer("POST", "/stages/preview", facts)
    assert preview.json == {"batches": 0, "looked_at": 0, "complete_now": 0, "complete_then": 0}
    made = officer("POST", "/stages", facts)
    assert (made.status_code, made.json["number"]) == (201, 2)
    [honey] = [one for one in anyone("GET", "/stages?on=2026-03-02").json["items"] if one["commodity"] == "honey"]
    assert honey == made.json
    twice = officer("POST", "/stages", {**facts, "stages": [*stages, stages[0]]})
    assert (twice.status_code, twice.json["errors"][0]["field"]) == (422, "stages")
