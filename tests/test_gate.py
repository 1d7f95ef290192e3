"""The gate: requests pass a few at a time, whatever becomes of them; listeners wait beyond it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from api.core.gate import LISTENS, Gate

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH = 2


class Crowd:
    """An application that counts who is inside at the same time."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.lock = threading.Lock()

    def __call__(self, _environ: dict[str, Any], _start: Any) -> list[bytes]:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.001)  # lets the others try
        with self.lock:
            self.inside -= 1
        return [b"done"]


def visit(gate: Gate, environ: dict[str, Any] | None = None) -> Any:
    return gate(environ if environ is not None else {}, None)


def take(gate: Gate) -> bytes:
    body = visit(gate)
    said = b"".join(body)
    body.close()
    return said


def test_as_many_pass_at_once_as_the_gate_is_wide_and_all_in_the_end() -> None:
    crowd = Crowd()
    gate = Gate(crowd, WIDTH)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: take(gate), range(80))) == [b"done"] * 80
    assert crowd.most == WIDTH


def test_a_request_that_fails_leaves_its_place() -> None:
    def fail(_environ: Any, _start: Any) -> Iterable[bytes]:
        raise ZeroDivisionError

    gate = Gate(fail, 1)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            visit(gate)


def test_an_answer_holds_its_place_until_it_is_sent() -> None:
    gate = Gate(lambda *_: [b"long"], 1)
    first = visit(gate)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(take, gate)
        assert list(first) == [b"long"]
        while not gate._queue and not second.done():
            time.sleep(0.001)
        assert not second.done()
        first.close()
        assert second.result(60) == b"long"


def test_who_listens_leaves_the_place_to_others() -> None:
    def listen(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        environ[LISTENS] = True
        return [b"for ever"]

    gate = Gate(listen, 1)
    assert [list(visit(gate)) for _ in range(3)] == [[b"for ever"]] * 3
