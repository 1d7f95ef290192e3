"""The model, run: many short lives of two networks, the same ones at every run of the suite.

`MODEL_EXAMPLES=400 python3 -m ops.test tests/sync/test_model.py -n0` looks further.
"""

from __future__ import annotations

import os
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from .crashing import crash_points
from .model.claims import check
from .model.line import kill
from .model.moves import MOVES
from .model.store import Store
from .model.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

FURTHER = os.environ.get("MODEL_EXAMPLES")  # how many; those are at random, and shrunk
STEPS = 32
# The choices of a move, over again when it needs more: what happened before changes no draw.
CHOICES = st.lists(st.integers(0, 59), min_size=13, max_size=13)


def machine(make_world: Callable[[], World]) -> type[RuleBasedStateMachine]:
    """The machine: it moves a world, and holds it to the claims when all is quiet."""

    class Model(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.world = make_world()
            self.world.begin()

        @rule(move=st.sampled_from(MOVES), choices=CHOICES)
        def move(self, move: Any, choices: list[int]) -> None:
            numbers = cycle(choices)
            move(self.world, lambda n: next(numbers) % n)

        def teardown(self) -> None:
            try:
                self.world.settle()
                check(self.world)
            finally:
                note("\n".join(self.world.story))

    return Model


@pytest.fixture
def make_world(app: Any, database_url: str) -> Any:
    with crash_points(kill):
        store = Store(database_url)
        yield lambda: World(app, store)
        store.close()


def test_phones_and_server_end_as_one_whatever_goes_wrong(make_world: Any) -> None:
    run_state_machine_as_test(
        machine(make_world),
        settings=settings(
            max_examples=int(FURTHER or 40),
            stateful_step_count=STEPS,
            derandomize=not FURTHER,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, *([Phase.shrink] if FURTHER else [])],
            print_blob=False,
        ),
    )


def test_who_says_again_what_still_holds_may_go_on_from_there(make_world: Any) -> None:
    """The life that taught the claims to remember every verdict, and which came when."""
    world = make_world()
    world.begin()
    place, (ben, dana) = world.places[0], (world.phones[0], world.phones[3])
    world.log(0, "listings", "network")
    mine = ben.outbox[0]
    ben.push()
    dana.pull()
    for data in (mine["data"] | {"description": world.mark(3)}, mine["data"]):
        dana.put("listings", data, mine["id"])
        world.made(3)
    dana.push()
    world.expire(place)
    ben.remove("listings", mine["id"])
    world.made(0)
    ben.outbox.insert(0, mine)
    assert [each["status"] for each in ben.push()] == ["applied", "applied"]
    world.expire(place)
    world.settle()
    check(world)
