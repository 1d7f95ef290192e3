"""Routes of handover: offer, look, accept, decline or take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uuid_utils.compat import uuid7

from api.analysis.continuity.pack import load_pack
from api.analysis.loading.boundaries import Window
from api.core import documentation as docs
from api.core.acting import acting
from api.core.actor import LOGGERS
from api.core.lock import lock_network
from api.core.problems import Problem
from api.core.web import Blueprint

from . import schema as wire
from . import shelf
from .plan import STAYS, carry_out, plan

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.core.actor import Actor

STEWARDS = ("coordinator", "admin")
blueprint = Blueprint(
    "handovers",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/handovers",
    description="What one connector holds passes to another, who accepts it.",
)
REFUSALS = {str(status): docs.problem(sentence) for status, sentence in docs.EVERYWHERE.items()}
REFUSALS |= {"404": docs.problem("Not here, or none of yours.")}
CLOSED = REFUSALS | {"410": docs.problem("It was declined or withdrawn.")}


@blueprint.route("", methods=["POST"])
@blueprint.doc(
    responses=REFUSALS
    | {
        "409": docs.problem("The id is taken, or the giver has another offer open."),
        "422": docs.problem("A field to mend, named."),
    }
)
@blueprint.arguments(wire.OfferSchema, example=wire.OFFER)
@blueprint.response(201, wire.WholeHandoverSchema)
def offer_handover(values: dict[str, Any], network_id: UUID) -> dict[str, Any]:
    """Offer what you hold to another connector; coordinators also for somebody who has left.

    Nothing moves until it is accepted. Of somebody else's notebook nothing is ever offered.
    """
    with acting(network_id, writing=True) as (cx, actor):
        offer = _offer(cx, actor, values)
        shelf.add(cx, actor, offer)
        found = shelf.find(cx, network_id, offer["id"])
        if not found or any(getattr(found, name) != value for name, value in offer.items()):
            raise Problem("already_exists", "The id is taken, or another offer is still open.")
        told = _whole(cx, actor, found)
        # who gave the address hears nothing new; an id must not be traded for one
        return told | {"receiver": found.receiver} if values["receiver"] else told


@blueprint.route("")
@blueprint.doc(responses=REFUSALS)
@blueprint.response(200, wire.HandoversSchema)
def list_handovers(network_id: UUID) -> dict[str, Any]:
    """List the handovers you give or receive; coordinators and admins see all."""
    with acting(network_id) as (cx, actor):
        actor.require_role(*LOGGERS)
        only = None if actor.role in STEWARDS else actor.member_id
        return {"items": [_told(actor, each) for each in shelf.find_all(cx, network_id, only)]}


@blueprint.route("/<uuid:handover_id>")
@blueprint.doc(responses=REFUSALS)
@blueprint.response(200, wire.WholeHandoverSchema)
def read_handover(network_id: UUID, handover_id: UUID) -> dict[str, Any]:
    """Read a handover: what would move, or did; what stays and why; while offered, the pack."""
    with acting(network_id) as (cx, actor):
        return _whole(cx, actor, _visible(cx, actor, handover_id))


@blueprint.route("/<uuid:handover_id>/accept", methods=["POST"])
@blueprint.doc(responses=CLOSED)
@blueprint.response(200, wire.WholeHandoverSchema)
def accept_handover(network_id: UUID, handover_id: UUID) -> dict[str, Any]:
    """Accept what was offered to you: all of it moves at once. Accepting twice changes nothing."""
    with acting(network_id, locking=True) as (cx, actor):
        lock_network(cx, network_id)  # from here on nothing else moves
        found = _visible(cx, actor, handover_id, changing=True)
        actor.require_role("connector")
        if found.receiver_id != actor.member_id:
            raise Problem("out_of_scope", "It was offered to somebody else.")
        if found.status == "offered":
            outcome = carry_out(cx, network_id, found)
            shelf.close(cx, network_id, found, "accepted", outcome)
        elif found.status != "accepted":
            raise Problem("gone", f"This offer was {found.status}.")
        return _whole(cx, actor, _visible(cx, actor, handover_id))


@blueprint.route("/<uuid:handover_id>", methods=["DELETE"])
@blueprint.doc(responses=CLOSED)
@blueprint.response(200, wire.WholeHandoverSchema)
def close_handover(network_id: UUID, handover_id: UUID) -> dict[str, Any]:
    """Take an offer back, or decline one made to you; what was accepted stays accepted."""
    with acting(network_id, writing=True) as (cx, actor):
        found = _visible(cx, actor, handover_id, changing=True)
        status = "declined" if found.receiver_id == actor.member_id else "withdrawn"
        if found.status == "offered":
            shelf.close(cx, network_id, found, status)
        elif found.status != status:
            raise Problem("gone", f"This offer was {found.status}.")
        return _whole(cx, actor, _visible(cx, actor, handover_id))


def _offer(cx: Connection, actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    """The offer in full, once this actor may make it."""
    actor.require_role(*LOGGERS)
    giver_id = values["giver_id"] or actor.member_id
    is_own = giver_id == actor.member_id
    if not is_own:
        _require_left(cx, actor, giver_id)
    if values["notebook"] and not is_own:
        sentence = "Only its owner offers a notebook."
        raise Problem("out_of_scope", fields={"notebook": [sentence]})
    return {
        "id": values["id"] or uuid7(),
        "giver_id": giver_id,
        "receiver_id": _find_receiver(cx, actor, values, giver_id),
        "notebook": is_own if values["notebook"] is None else values["notebook"],
    }


def _require_left(cx: Connection, actor: Actor, giver_id: UUID) -> None:
    """For somebody else, only a coordinator or admin offers, and only once they have left."""
    standing = shelf.standing_of(cx, actor.network_id, giver_id)
    if actor.role not in STEWARDS or not standing or not standing.has_left:
        sentence = "Who is here offers for themselves; coordinators for those who have left."
        raise Problem("out_of_scope", fields={"giver_id": [sentence]})


def _find_receiver(cx: Connection, actor: Actor, values: dict[str, Any], giver_id: UUID) -> UUID:
    """Another connector, who is here, by id or by address."""
    by = "receiver" if values["receiver"] else "receiver_id"
    found: UUID | None = values["receiver_id"]
    if values["receiver"]:
        found = shelf.find_member(cx, actor.network_id, values["receiver"])
    standing = shelf.standing_of(cx, actor.network_id, found) if found else None
    is_here = standing and standing.role == "connector" and not standing.has_left
    if not found or not is_here or found == giver_id:
        sentence = "Name another connector of this network."
        raise Problem("validation_failed", fields={by: [sentence]})
    return found


def _visible(
    cx: Connection, actor: Actor, handover_id: UUID, *, changing: bool = False
) -> shelf.Handover:
    """A handover of this actor's, or any for coordinators; else `not_found`."""
    actor.require_role(*LOGGERS)
    found = shelf.find(cx, actor.network_id, handover_id, changing=changing)
    if found and (actor.role in STEWARDS or actor.member_id in found[1:4]):
        return found
    raise Problem("not_found")


def _whole(cx: Connection, actor: Actor, found: shelf.Handover) -> dict[str, Any]:
    """A handover as this actor may read it."""
    network_id, is_open = actor.network_id, found.status == "offered"
    outcome = plan(cx, network_id, found).outcome() if is_open else found.outcome
    outcome = outcome or {"moves": {"follow_ups": 0, "people": 0}, "stays": []}
    pack = load_pack(cx, network_id, found.giver_id, Window()) if is_open else None
    return _told(actor, found) | {
        "moves": outcome["moves"] if _is_between(actor, found) else _without_people(outcome),
        "stays": [_stays(actor, found, each) for each in outcome["stays"]]
        if _is_between(actor, found)
        else [],
        "pack": pack._asdict() if pack else None,
    }


def _told(actor: Actor, found: shelf.Handover) -> dict[str, Any]:
    """It as it stands; the receiver's address only to stewards, themselves, and once accepted."""
    is_told = actor.role in STEWARDS or actor.member_id == found.receiver_id
    is_told = is_told or found.status == "accepted"
    return found._asdict() | {"receiver": found.receiver if is_told else None}


def _is_between(actor: Actor, found: shelf.Handover) -> bool:
    return actor.member_id in (found.giver_id, found.receiver_id)


def _without_people(outcome: dict[str, Any]) -> dict[str, int]:
    return outcome["moves"] | {"people": 0}


def _stays(actor: Actor, found: shelf.Handover, each: dict[str, Any]) -> dict[str, Any]:
    ids = each["ids"] if actor.member_id == found.giver_id else None
    return each | {"sentence": STAYS[each["reason"]], "ids": ids}
