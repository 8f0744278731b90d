"""A trace on paper: nothing stands on something else, and time never runs back."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trace.domain.graphs import Edge, Node, arrange, nearest

DAY = date(2026, 3, 2)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Sequence[Node], Sequence[Edge]]:
    """Up to thirty batches of a few businesses on a few days, in any order of days, without a cycle."""
    count = draw(st.integers(1, 30))
    nodes = [
        Node(key, draw(st.integers(1, 4)), DAY + timedelta(days=draw(st.integers(0, 5)))) for key in range(1, count + 1)
    ]
    pairs = st.tuples(st.integers(1, count), st.integers(1, count)).filter(lambda pair: pair[0] < pair[1])
    return nodes, draw(st.lists(pairs, unique=True, max_size=60)) if count > 1 else []


@given(graphs())
def test_no_two_stand_on_the_same_place_and_each_in_its_lane(graph: tuple[Sequence[Node], Sequence[Edge]]) -> None:
    nodes, edges = graph
    layout = arrange(nodes, edges)
    places = [layout.places[node.key] for node in nodes]
    assert len(set(places)) == len(nodes)
    lanes = {lane.key: range(lane.first, lane.first + lane.rows) for lane in layout.lanes}
    assert all(place.row in lanes[node.lane] for node, place in zip(nodes, places, strict=True))
    assert [lane.first for lane in layout.lanes] == [
        sum(lane.rows for lane in layout.lanes[:place]) for place in range(len(lanes))
    ]


@given(graphs())
def test_edges_and_days_go_from_left_to_right(graph: tuple[Sequence[Node], Sequence[Edge]]) -> None:
    nodes, edges = graph
    layout = arrange(nodes, edges)
    assert all(layout.places[start].column < layout.places[end].column for start, end in edges)
    assert list(layout.days) == sorted(layout.days)
    assert all(layout.days[layout.places[node.key].column] >= node.day for node in nodes)


def test_who_came_from_nobody_stands_on_its_own_day() -> None:
    layout = arrange([Node(1, 1, DAY), Node(2, 1, DAY + timedelta(days=1)), Node(3, 2, DAY)], [(1, 2)])
    assert [layout.days[layout.places[key].column] for key in (1, 2, 3)] == [DAY, DAY + timedelta(days=1), DAY]


@given(graphs(), st.integers(1, 40))
def test_the_nearest_are_chosen_and_the_others_counted(graph: tuple[Sequence[Node], Sequence[Edge]], most: int) -> None:
    _, edges = graph
    whole, nobody = nearest(1, edges, 1000)
    assert nobody == {}
    chosen, left_out = nearest(1, edges, most)
    assert chosen <= whole
    assert len(chosen) == min(most, len(whole))
    neighbours = {key: {*(a for a, b in edges if b == key), *(b for a, b in edges if a == key)} for key in chosen}
    assert left_out == {key: len(others - chosen) for key, others in neighbours.items() if others - chosen}
