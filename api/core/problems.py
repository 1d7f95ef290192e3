"""Problems: everything that can go wrong, by name: a stable code, a status, a sentence."""

from __future__ import annotations

import re
from typing import Any

CATALOGUE: dict[str, tuple[int, str]] = {
    # what was sent
    "bad_request": (400, "The request cannot be read as it stands."),
    "bad_cursor": (400, "This cursor was not made here or was altered; begin again without it."),
    "cursor_kinds_mismatch": (400, "This cursor was made for other kinds; begin again without it."),
    "validation_failed": (422, "Some fields need mending; each is named with what is wrong."),
    "reference_missing": (
        422,
        "Something this record refers to is not here or not visible to you.",
    ),
    "unknown_kind": (422, "There is no such kind of record."),
    "range_not_satisfiable": (416, "The file has no such part; Content-Range says how long it is."),
    "record_too_large": (413, "This record is larger than a record may be."),
    "file_refused": (415, "This file is not what it says, or not of a kind that is kept."),
    "quota_exceeded": (413, "There is no room for this one."),
    "upload_too_long": (413, "This is more than the upload was announced to be."),
    "checksum_mismatch": (460, "What arrived is not what was sent; send it again."),
    "batch_too_large": (413, "Too much in one request; send it in halves."),
    "not_json": (415, "Send JSON with Content-Type: application/json, or what detail names."),
    # who asks
    "not_signed_in": (401, "Sign in first: send Authorization: Bearer with a device token."),
    "wrong_code": (401, "This code is wrong, used or too old; ask for a new one."),
    "account_disabled": (403, "This account no longer belongs to the network."),
    "unknown_network": (403, "There is no such network, or you are not a member of it."),
    "out_of_scope": (403, "Your role does not allow this, or the record is not yours to change."),
    "too_many_requests": (429, "Too many requests; wait a little and try again."),
    # what is there
    "not_found": (404, "There is nothing here, or it is not visible to you."),
    "method_not_allowed": (405, "This address does not take that method; see Allow."),
    "report_withdrawn": (410, "This report was withdrawn and is not to be relied on."),
    "link_closed": (404, "This link opens nothing: it ran out, was taken back, or never was."),
    "gone": (410, "This record was removed."),
    "cursor_expired": (410, "This cursor is too old; push what is waiting, then begin again."),
    "epoch_changed": (409, "The server was restored from a backup; begin again without a cursor."),
    "conflict": (409, "Somebody else changed the same fields in the meantime."),
    "attachment_id_taken": (409, "Another file is or was uploaded under this id."),
    "attachment_missing": (404, "The file has not arrived yet."),
    "offset_conflict": (409, "The upload is not where you think; ask with HEAD."),
    "upload_locked": (423, "Another request is at this upload; ask again in a moment."),
    "tus_version_unsupported": (412, "Speak version 1.0.0 of tus: Tus-Resumable: 1.0.0."),
    "already_exists": (409, "This is already there."),
    "op_id_reused": (409, "This operation id was used before with other content."),
    "client_conflict": (409, "This client id belongs to somebody else's device."),
    "dependency_failed": (409, "An earlier change that this one builds on did not succeed."),
    "precondition_required": (428, "Send If-Match with the version you are changing."),
    "precondition_failed": (412, "The record changed since you read it; the present one is here."),
    "last_admin": (409, "A network keeps at least one admin; make another member admin first."),
    "not_released_yet": (409, "Release the report before letting anybody outside read it."),
    "not_shared_yet": (409, "Share the report with the groups concerned before releasing it."),
    "not_safe_outside": (
        409,
        "Together with what was released before, small counts could be worked out.",
    ),
    "not_for_outside": (
        409,
        "This report holds exact counts; freeze one for funders or the public.",
    ),
    "too_little_known": (422, "Too little is known to compute this."),
    # what the server cannot do just now
    "protocol_unsupported": (426, "This server speaks another version of the sync protocol."),
    "schema_unsupported": (426, "This server no longer reads that version of the data."),
    "busy": (503, "The network is busy; try again in a moment."),
    "unavailable": (503, "The server cannot reach its database; try again in a moment."),
    "files_unavailable": (503, "The server cannot reach where files are kept; try again later."),
    "pdf_unavailable": (503, "This server cannot make PDFs; every other form is there."),
    "too_many_listeners": (
        503,
        "Too many streams are open; pull now and then, and listen again later.",
    ),
    "internal_error": (500, "Something broke on our side; the request id finds it in the log."),
}

# A constraint that only the database can see to, and what its breaking means to a person.
CONSTRAINTS: dict[str, tuple[str, str]] = {
    # an operation's id becomes a version, and a merge has made that version already
    "pk_history": ("op_id_reused", "This id is the version of a record; make a fresh one."),
}


class Problem(Exception):  # noqa: N818  (it is the field's word: RFC 9457)
    """A named failure. `fields` maps a path such as `parties.0.group_id` to sentences."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        fields: dict[str, list[str]] | None = None,
        **more: Any,
    ) -> None:
        """Add `more` to the answer as it is: `current`, `retry_after` and the like."""
        self.code = code
        self.status, self.title = CATALOGUE[code]
        self.detail = detail and storable(detail)
        self.fields = fields and {
            storable(path): [storable(each) for each in said] for path, said in fields.items()
        }
        self.more = more
        super().__init__(code)

    def body(self) -> dict[str, Any]:
        """The RFC 9457 members; `code` is the stable name, `fields` what to mend."""
        body = {
            "type": f"/docs/problems#{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.fields:
            body["fields"] = self.fields
        return body | self.more


def storable(text: str) -> str:
    """Text as PostgreSQL can hold it; a problem may quote whatever somebody called a field."""
    return text.replace("\0", "\ufffd")


def of_constraint(message: str) -> Problem | None:
    """Translate a database error by the constraint it names (a shard's suffix is dropped)."""
    for name in re.findall(r'constraint "(\w+)"', message):
        found = CONSTRAINTS.get(re.sub(r"_\d+$", "", name))
        if found:
            return Problem(found[0], found[1])
    return None
