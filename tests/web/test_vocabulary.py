"""The published vocabulary, as people read it."""

from tests.client import Client
from trace.domain.terms import TERMS


def test_each_term_has_its_place_on_the_page(client: Client) -> None:
    page = client.get("/voc/", headers={"Accept": "text/html,*/*;q=0.8"}).text
    assert [term.name for term in TERMS if f'id="{term.name}"' not in page] == []
    assert "http://trace.test/voc/#packs" in page


def test_it_is_said_in_both_languages(client: Client) -> None:
    assert "Preliminary processing" in client.get("/voc/?lang=en").text
    [step, *_] = client.get("/voc.jsonld").get_json(force=True)["@graph"]
    assert step["@id"] == "http://trace.test/voc/#preliminary_processing"
    assert [each["@value"] for each in step["rdfs:label"]] == ["Sơ chế", "Preliminary processing"]
