"""Reasons: whether an operation had to be refused, by what there was when it was decided.

Judged from outside: by the history, the verdicts, and what the model knows of people and pushes.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from api.core.problems import Problem
from api.core.record import KINDS

from .world import ENDED

if TYPE_CHECKING:
    from uuid import UUID

    from .claims import Found
    from .world import Made

REFUSED = ("conflict", "rejected")
NEWEST = 200  # states of a record that an edit may be on top of
STEWARDS = ("coordinator", "admin")


def refused_for_a_reason(found: Found, op_id: str, made: Made) -> None:
    """(7) Nobody is refused without a reason; any state that it may have met can be one.

    The first verdict is looked at: one that was forgotten and asked for again met other states.
    """
    entry = found.ledger[op_id]
    if entry.status not in REFUSED:
        return
    code, there = entry.error["code"], found.there(made)
    assert code in REASONS, f"{code}, and nobody can be: {entry.error}"
    assert any(REASONS[code](found, made, each) for each in there), (
        f"{code} for nothing: {entry.error}, where there was {there}"
    )


def _is_unsound(_: Found, made: Made, __: Any) -> bool:
    """`validation_failed`."""
    return not made.is_valid


def _was_removed(_: Found, made: Made, there: Any) -> bool:
    """`gone`: whoever removes it again is not refused."""
    return there is not None and there.is_gone and made.op["action"] == "put"


def _was_never_there(found: Found, made: Made, there: Any) -> bool:
    """`not_found`: an edit of nothing; on top of what was refused, of what that was on top of."""
    _, base, *_ = found.bases_of(made)
    return there is None and made.op["action"] == "put" and base is not None


def _rests_on_a_refusal(found: Found, made: Made, _: Any) -> bool:
    """`dependency_failed`: its base failed in the same push, or one of those it was to stand with.

    What failed in an earlier push is no reason, unless it was sent again with it.
    """
    op_id, group = made.op["op_id"], made.op.get("group")
    if _base_failed(found, op_id, made):
        return True
    beside = {other for push in found.pushes[op_id] for other in push} - {op_id}
    with_it = {k: found.world.ops[k] for k in beside if group and k in found.world.ops}
    return any(
        other.op.get("group") == group and found.was_refused(k, made) and _by_itself(found, k, made)
        for k, other in with_it.items()
    )


def _base_failed(found: Found, op_id: str, made: Made) -> bool:
    base = found.world.ops[op_id].op["base_version"]
    earlier = {k for push in found.pushes[op_id] for k in push[: push.index(op_id)]}
    return base in earlier and found.was_refused(base, made)


def _by_itself(found: Found, op_id: str, made: Made) -> bool:
    """Whether one of a group failed otherwise than for the group: or before, and came again."""
    entry = found.known(op_id, made)
    is_older = entry.decided_at < found.ledger[made.op["op_id"]].decided_at
    is_first = entry.error["code"] != "dependency_failed" or _base_failed(found, op_id, made)
    return is_older or is_first


def _is_torn(found: Found, made: Made, there: Any) -> bool:
    """`conflict`: with what its author had not seen, in a field, or as both together."""
    if there is None or there.is_gone:
        return False
    op, bases = made.op, found.bases_of(made)
    if op["action"] == "delete":
        return str(there.version) not in bases
    states = reversed(found.states[op["id"]].items())
    line = dict(islice((item for item in states if item[1].revision <= there.revision), NEWEST))
    if any(op["op_id"] in map(str, state.ancestors) for state in line.values()):
        return False  # it is superseded
    base = found.base_of(made, line)
    if base is None:
        return True
    merged, sent = dict(there.data), op["data"]
    for name, was in base.data.items():
        if sent[name] not in (was, there.data[name]) and there.data[name] != was:
            return True
        if sent[name] != was:
            merged[name] = sent[name]
    return _breaks_a_rule(op["kind"], merged)


def _breaks_a_rule(kind: str, data: dict[str, Any]) -> bool:
    codec = KINDS[kind].codec
    try:
        codec.load(codec.dump(codec.of_database(data)))
    except Problem:
        return True
    return False


def _is_not_theirs(found: Found, made: Made, there: Any) -> bool:
    """`out_of_scope`: they could not see it or whom it was for, or it was not for them to do."""
    member, at = found.world.owner(made.phone), found.ledger[made.op["op_id"]].decided_at
    role, op = found.place.role_at(member, at), made.op
    scope = ["network", member.notebook] if role not in (ENDED, "funder") else []
    is_put = op["action"] == "put"
    meant = op.get("audience") or found.kept_to_oneself(made)
    if not scope or (there and there.audience not in scope) or meant not in (None, *scope):
        return True
    if meant == "network" and KINDS[op["kind"]].notebook:
        return True
    if there is None or there.is_gone:
        return False
    is_moved = meant not in (None, there.audience)
    if is_put and op["data"] == there.data and not is_moved:
        return False  # it says nothing new
    is_own = member.member_id == _begun_by(found, there)
    is_shared = there.audience == "network" and role in STEWARDS
    is_kept = there.audience == member.notebook and not is_put
    return (is_moved and not is_own) or not (is_own or is_shared or is_kept)


def _begun_by(found: Found, there: Any) -> UUID:
    """Whose a record was: who began it, or who had received it by then."""
    passed = [(s, found.place.handed[k]) for k, s in found.states[str(there.record_id)].items()
              if k in found.place.handed]  # fmt: skip
    for state, (_, receiver) in reversed(passed):
        if state.revision <= there.revision:
            return receiver
    return passed[0][1][0] if passed else found.begun_by[str(there.record_id)]


REASONS = {
    "conflict": _is_torn,
    "dependency_failed": _rests_on_a_refusal,
    "gone": _was_removed,
    "not_found": _was_never_there,
    "out_of_scope": _is_not_theirs,
    "validation_failed": _is_unsound,
}
