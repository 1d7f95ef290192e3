"""Cursors: what was made here is read back; whatever was done to one is noticed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.core.cursor import seal, unseal
from api.core.problems import Problem

SECRET = "only for tests"
CONTENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
OFTEN = settings(max_examples=200, deadline=None, derandomize=True, database=None)


def require_refused(cursor: str, secret: str = SECRET) -> None:
    with pytest.raises(Problem, match="bad_cursor"):
        unseal("list", cursor, secret, Any)


@OFTEN
@given(content=CONTENTS)
def test_a_cursor_holds_what_was_put_into_it(content: Any) -> None:
    assert unseal("list", seal("list", content, SECRET), SECRET, Any) == content


@OFTEN
@given(content=CONTENTS, data=st.data())
def test_a_cursor_with_another_letter_is_none(content: Any, data: st.DataObject) -> None:
    cursor = seal("list", content, SECRET)
    at = data.draw(st.integers(0, len(cursor) - 2))  # the last may hold bits that say nothing
    letter = data.draw(st.sampled_from(ALPHABET.replace(cursor[at], "")))
    require_refused(cursor[:at] + letter + cursor[at + 1 :])


@OFTEN
@given(content=CONTENTS, data=st.data())
def test_a_cursor_cut_short_or_drawn_out_is_none(content: Any, data: st.DataObject) -> None:
    cursor = seal("list", content, SECRET)
    require_refused(cursor[: data.draw(st.integers(0, len(cursor) - 2))])
    require_refused(cursor + data.draw(st.text(ALPHABET, min_size=4, max_size=20)))


@OFTEN
@given(content=CONTENTS, secret=st.text(min_size=1).filter(lambda text: text != SECRET))
def test_a_cursor_of_another_server_is_none(content: Any, secret: str) -> None:
    require_refused(seal("list", content, secret))


@OFTEN
@given(content=CONTENTS)
def test_a_cursor_of_something_else_is_none(content: Any) -> None:
    require_refused(seal("manifest", content, SECRET))


@OFTEN
@given(cursor=st.text(max_size=80))
def test_no_text_is_a_cursor_by_chance(cursor: str) -> None:
    require_refused(cursor)
