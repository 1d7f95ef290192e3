"""Place: how far a phone has come, and what it is yet to be told of audiences lost and gained."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from api.core.cursor import unseal
from api.core.problems import Problem
from api.core.record import KINDS

from .protocol import Behind, require_epoch
from .versions import changed_between, known_to, newest

if TYPE_CHECKING:
    from api.core.actor import Actor
    from api.core.head import Head

    from .protocol import Asked


class Leaving(msgspec.Struct, array_like=True):
    """Audiences no longer in scope: what the phone holds of them is taken back, id by id."""

    audiences: list[str]
    after: int = 0


class Entering(msgspec.Struct, array_like=True):
    """What came into scope or changed shape: it is sent whole, as of revision `until`."""

    audiences: list[str]
    kinds: list[str]
    until: int
    after: int = 0


class Place(msgspec.Struct, array_like=True):
    """The content of a cursor. Signed, so its audiences are those the server gave."""

    network: UUID
    member: UUID
    epoch: UUID
    revision: int
    covered: list[str]  # audiences of which the phone may hold something
    kinds: list[str]
    schema_version: int
    began: int | None  # the revision at which a pull without cursor began; None once it is over
    leaving: Leaving | None = None
    entering: Entering | None = None
    scope_since: int = 0  # as of the last pull

    @property
    def kinds_known(self) -> list[str]:
        """The kinds this phone asked for and knows of."""
        known = known_to(self.schema_version)
        return [name for name in self.kinds if name in known] if self.kinds else known


def find_place(actor: Actor, head: Head, asked: Asked) -> Place:
    """The cursor's place, or the beginning; a problem when the phone must begin again."""
    unknown = [name for name in asked.kinds if name not in KINDS]
    if unknown:
        raise Problem("unknown_kind", f"There is no kind called {unknown[0][:40]!r}.")
    version = asked.schema_version or newest()
    if not asked.cursor:
        return _begin(actor, head, asked.kinds, version)
    place: Place = unseal("changes", asked.cursor, asked.secret, Place)
    if (place.network, place.member) != (actor.network_id, actor.member_id):
        raise Problem("bad_cursor")
    require_epoch(place.epoch, head.epoch)
    if place.revision > head.revision:
        raise Behind
    if place.kinds != asked.kinds:
        raise Problem("cursor_kinds_mismatch")
    if (place.began or place.revision) < head.gc_revision:
        raise Problem("cursor_expired")
    _notice_scope(place, list(actor.scope), head)
    _notice_version(place, version, head)
    return place


def _begin(actor: Actor, head: Head, kinds: list[str], version: int) -> Place:
    return Place(
        network=actor.network_id,
        member=actor.member_id,
        epoch=head.epoch,
        revision=0,
        covered=list(actor.scope),
        kinds=kinds,
        schema_version=version,
        began=head.revision,
        scope_since=head.scope_since,
    )


def _notice_scope(place: Place, scope: list[str], head: Head) -> None:
    """Plan what to take back and what to send whole, as the scope is at this moment.

    What was being taken back and is in scope again is sent whole; what was being sent and is
    lost again is taken back, and nothing more of it is sent. A scope that came about since the
    last pull is sent whole even if it is the same as then: in between a phone may have been made to
    give things back, and have lost the cursor that says so.
    """
    is_new = place.scope_since < head.scope_since
    place.scope_since = head.scope_since
    if not is_new and place.covered == scope and not place.leaving and not place.entering:
        return
    lost = [each for each in place.covered if each not in scope]
    gained = [each for each in scope if is_new or each not in place.covered]
    if place.leaving:
        gained += [each for each in place.leaving.audiences if each in scope]
    if place.entering:
        kept = [each for each in place.entering.audiences if each in scope]
        place.entering.audiences = kept
    if not lost:
        place.leaving = None
    elif not place.leaving or place.leaving.audiences != lost:
        place.leaving = Leaving(lost)
    if gained:
        place.covered += [each for each in gained if each not in place.covered]
        _enter(place, gained, place.kinds_known, head)


def _notice_version(place: Place, version: int, head: Head) -> None:
    """A phone that learnt a newer version of the data is sent the kinds that changed shape."""
    if version != place.schema_version:
        changed = changed_between(place.schema_version, version)
        place.schema_version = version
        kinds = [name for name in place.kinds_known if name in changed]
        if kinds:
            _enter(place, [a for a in place.covered if not _is_lost(place, a)], kinds, head)


def _is_lost(place: Place, audience: str) -> bool:
    return bool(place.leaving and audience in place.leaving.audiences)


def _enter(place: Place, audiences: list[str], kinds: list[str], head: Head) -> None:
    """Add to what is sent whole; what is under way begins again, for states are absolute."""
    under_way = place.entering
    if under_way:
        audiences = sorted({*under_way.audiences, *audiences})
        kinds = [name for name in KINDS if name in {*under_way.kinds, *kinds}]
    place.entering = Entering(audiences, kinds, head.revision)
