"""Push: a phone's outbox becomes changes; each gets one named result, in order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID, uuid5

import msgspec

from api.core.change import Change, Outcome, Prepared, prepare
from api.core.fields import Moment
from api.core.problems import Problem

from .protocol import ANCESTORS, OPS
from .versions import as_of, unsaid_in

if TYPE_CHECKING:
    from api.core.change import Present

CLIENT_TIME = Moment()
UNKNOWN = "?"  # an audience of nobody's: kept for the author alone

Said = Annotated[str, msgspec.Meta(min_length=1)]


class Op(msgspec.Struct, forbid_unknown_fields=True):
    """One operation as a phone sends it. A misspelt audience is not to be taken for none."""

    op_id: UUID
    kind: str
    id: UUID
    action: Literal["put", "delete"]
    audience: Said | None = None
    base_version: UUID | None = None
    ancestors: list[UUID] | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")
    client_time: str | None = None
    group: str | None = None


class Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """A push: who sends it, in which version of the data, and the operations in order."""

    client_id: UUID
    ops: list[msgspec.Raw]
    schema_version: int = 1
    epoch: UUID | None = None


class _Name(msgspec.Struct):
    """The least an operation must say to get an answer of its own, and what else it may say."""

    op_id: UUID
    kind: Any = None
    id: Any = None
    base_version: Any = None
    audience: Any = None
    group: Any = None


_envelope = msgspec.json.Decoder(Envelope)
_op = msgspec.json.Decoder(Op)


def read_envelope(raw: bytes) -> Envelope:
    """The envelope; `bad_request` when it cannot be read, and then nothing is stored."""
    try:
        envelope = _envelope.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        envelope = _read_leniently(raw, error)
    if len(envelope.ops) > OPS:
        raise Problem("batch_too_large", f"At most {OPS} operations in one push.")
    return envelope


def _read_leniently(raw: bytes, error: Exception) -> Envelope:
    """The envelope of what is JSON to more lenient programs: then it is an operation that is not.

    Half a character in one, as some write a symbol that was cut, is no reason to refuse all.
    """
    try:
        whole = json.loads(raw.decode("utf-8", "replace"))
        told = msgspec.convert(whole.pop("ops"), list)
        ops = [msgspec.Raw(json.dumps(each).encode()) for each in told]
        return msgspec.structs.replace(msgspec.convert(whole | {"ops": []}, Envelope), ops=ops)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise Problem("bad_request", f"The envelope does not fit: {error}") from error


def read_changes(envelope: Envelope) -> list[Prepared]:
    """Each operation as a change, read and checked before any lock is taken."""
    return [_read_op(raw, envelope) for raw in envelope.ops]


def _read_op(raw: msgspec.Raw, envelope: Envelope) -> Prepared:
    try:
        op = _op.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return _unreadable(raw, envelope.client_id, error)
    unsaid = unsaid_in(op.kind, envelope.schema_version)
    prepared = prepare(
        Change(
            op.kind,
            op.id,
            bytes(op.data),
            base_version=op.base_version,
            change_id=op.op_id,
            remove=op.action == "delete",
            audience=op.audience,
            ancestors=tuple((op.ancestors or ())[-ANCESTORS:]),
            group=op.group,
            client_id=envelope.client_id,
            client_time=_device_time(op.client_time),
            unsaid=unsaid,
        )
    )
    if unsaid and not prepared.change.remove and not prepared.problem:
        prepared.problem = _ahead_of_its_version(op, unsaid)
    return prepared


def _ahead_of_its_version(op: Op, unsaid: frozenset[str]) -> Problem | None:
    """A problem for fields that the version named in the envelope does not have."""
    said = unsaid & msgspec.json.decode(op.data).keys()
    sentence = ["The schema_version of this push has no such field."]
    return Problem("validation_failed", fields=dict.fromkeys(said, sentence)) if said else None


def _unreadable(raw: msgspec.Raw, client_id: UUID, error: Exception) -> Prepared:
    """An operation out of shape is refused by itself, as long as it says which one it is."""
    try:
        said = json.loads(bytes(raw).decode("utf-8", "replace"))
        name = msgspec.convert(said, _Name)
    except (ValueError, RecursionError):
        raise Problem("bad_request", f"An operation has no op_id: {error}") from error
    strange = {field: ["Unknown field."] for field in said.keys() - set(Op.__struct_fields__)}
    is_meant = name.audience or not (strange or name.audience == "")
    change = Change(
        _text(name.kind) or "",
        _id(name.id) or uuid5(name.op_id, "record"),
        bytes(raw),
        base_version=_id(name.base_version),
        change_id=name.op_id,
        # what was not meant for the network is not shown to it, nor what may not have been
        audience=_text(name.audience) if is_meant else UNKNOWN,
        group=_text(name.group),
        client_id=client_id,
    )
    refused = prepare(change)
    refused.problem = Problem("validation_failed", fields=strange or {"_": [str(error)]})
    refused.values, refused.data = None, bytes(raw)
    return refused


def _text(said: Any) -> str | None:
    return None if said is None else str(said).encode("utf-8", "replace").decode()


def _id(said: Any) -> UUID | None:
    try:
        return UUID(said)
    except (ValueError, TypeError, AttributeError):
        return None


def _device_time(text: str | None) -> str | None:
    """The device's clock where it can be read; it orders nothing, so it refuses nothing."""
    try:
        return None if text is None else str(CLIENT_TIME.deserialize(text))
    except Exception:  # noqa: BLE001  (any unreadable clock is as good as none)
        return None


def result(outcome: Outcome, version: int) -> dict[str, Any]:
    """What a phone is told of one operation, with the record as it is now unless it is the same."""
    change, present = outcome.change, outcome.present
    told: dict[str, Any] = {"op_id": change.change_id, "status": outcome.first or outcome.status}
    if outcome.status == "duplicate":
        told["replayed"] = True
    if outcome.version:
        told |= {"version": outcome.version, "revision": outcome.revision}
    if outcome.problem:
        told["error"] = _error(outcome.problem)
    told["present"] = _presence(outcome)
    if present and told["present"] != "same":
        told["current"] = current(change.kind, present, version)
    return told


def _error(problem: Problem) -> dict[str, Any]:
    error: dict[str, Any] = {"code": problem.code, "detail": problem.detail or problem.title}
    if problem.fields and problem.code == "conflict":
        error["fields"] = list(problem.fields)
    elif problem.fields:
        error["fields"] = {path: " ".join(said) for path, said in problem.fields.items()}
    return error


def _presence(outcome: Outcome) -> str:
    """Whether the record is as this operation made it; a merged one holds somebody else's too."""
    change, present = outcome.change, outcome.present
    if present is None:
        return "absent"
    is_whole = change.audience or change.remove  # else who sees it now may be news to the sender
    is_settled = is_whole and (outcome.first or outcome.status) == "applied"
    settled = outcome.version if is_settled else None
    if outcome.version and present.version in (settled, change.change_id):
        return "same"
    return "deleted" if present.is_gone else "newer"


def current(kind: str, present: Present, version: int) -> dict[str, Any]:
    """A record as sync shows it to a phone of this version of the data."""
    data = None if present.data is None else msgspec.Raw(as_of(kind, present.data, version))
    return {
        "id": present.id,
        "version": present.version,
        "revision": present.revision,
        "audience": present.audience,
        "deleted": present.is_gone,
        "data": data,
    }
