"""Whatever phones, members and mishaps do, nothing is lost, doubled, leaked or left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.machine import Story

if TYPE_CHECKING:
    from flask import Flask


def test_whatever_happens_all_phones_agree_in_the_end(app: Flask) -> None:
    told = type("Told", (Story,), {"app": app})
    run_state_machine_as_test(
        told,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # shrinking takes minutes: do it by hand with `make soak`
            suppress_health_check=list(HealthCheck),
        ),
    )
