"""Structure: counts of groups tied and not tied, and of where they meet (K3-K5, K9, K11)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from .sums import Sum, Tally, add_up, joined, side, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Boundary, Facts

LEAST_CONNECTORS = 3  # with fewer, what one of them holds tells who it is
SPACE_SIDES = ("across", "within", "unknown")


def tally(facts: Facts, first: Tally) -> Tally:
    """All counts of structure; `first` holds the wholes that they are parts of."""
    mix = _mix(facts, first)
    ties = Tally({"K4.ties": sum(pair.in_period for pair in facts.pairs)})
    parts = [mix, ties, _spaces(facts), _held(facts)]
    for boundary in facts.boundaries:
        parts += [_tied(facts, boundary), _gaps(facts, boundary), _seen(facts, boundary)]
    found = joined(parts)
    counts = {**first.counts, **found.counts}
    across = [f"K2.{boundary.id}.across" for boundary in facts.boundaries]
    return joined((found, *(within(part, "K3.different", counts) for part in across)))


def cells(boundary: Boundary) -> tuple[tuple[str, str], ...]:
    """Each two ends of a boundary that a tie can have, and each end with itself."""
    return tuple(combinations_with_replacement(boundary.ends(), 2))


def _mix(facts: Facts, first: Tally) -> Tally:
    """K3: introductions made within one group, and between different ones."""
    made = [row for row in facts.introductions if row.status == "made"]
    known = [row for row in made if None not in row.groups]
    same = sum(row.count for row in known if len(row.groups) == 1)
    different = sum(row.count for row in known) - same
    mix = add_up("K3", "known", {"same": same, "different": different})
    unknown = first.counts["K1.made"] - same - different
    return joined(
        (mix, Tally({"K3.unknown": unknown}, (Sum("K1.made", ("K3.known", "K3.unknown")),)))
    )


def _tied(facts: Facts, boundary: Boundary) -> Tally:
    """K4: pairs of groups introduced in the period, by the sections of both, one each."""
    key, found = f"K4.{boundary.id}", Counter[tuple[str, str]]()
    end = {group: boundary.end(group) for group in boundary.declared}  # of others: ""
    for pair in facts.pairs:
        if pair.in_period:
            a, b = pair.groups
            found[end.get(a, ""), end.get(b, "")] += 1
    grid = {
        f"{key}.{a}-{b}": found[a, b] + (found[b, a] if a != b else 0) for a, b in cells(boundary)
    }
    known = sum(grid.values())
    every = sum(found.values())
    counts = {**grid, f"{key}.known": known, f"{key}.other": every - known}
    sums = (Sum(f"{key}.known", tuple(grid)), Sum("K4.ties", (f"{key}.known", f"{key}.other")))
    return joined((Tally(counts, sums), *_outward(boundary, grid)))


def _outward(boundary: Boundary, grid: dict[str, int]) -> Iterator[Tally]:
    """K4: per section its ties outward, and all of its ties."""
    key = f"K4.{boundary.id}"
    for end in boundary.ends():
        inside = f"{key}.{end}-{end}"
        outside = tuple(f"{key}.{a}-{b}" for a, b in cells(boundary) if end in (a, b) and a != b)
        out, ties = f"{key}.{end}.external", f"{key}.{end}.ties"
        external = sum(grid[name] for name in outside)
        counts = {out: external, ties: external + grid[inside]}
        yield Tally(counts, (Sum(out, outside), Sum(ties, (out, inside))))


def _gaps(facts: Facts, boundary: Boundary) -> Tally:
    """K5: pairs of registered groups across the boundary, with a live tie and without."""
    declared = [boundary.declared[group] for group in facts.groups if group in boundary.declared]
    sizes = Counter(declared)
    kinds = sorted(sizes, key=sorted)
    pairs = sum(
        sizes[a] * sizes[b] for i, a in enumerate(kinds) for b in kinds[:i] if a.isdisjoint(b)
    )
    here = set(facts.groups)
    tied = sum(
        here.issuperset(pair.groups) and side(pair.groups, boundary.declared) == "across"
        for pair in facts.pairs
        if pair.in_year
    )
    return add_up(f"K5.{boundary.id}", "pairs", {"tied": tied, "empty": pairs - tied})


def _held(facts: Facts) -> Tally:
    """K11: live pairs whose every introduction was one connector's."""
    live = [pair for pair in facts.pairs if pair.in_year]
    one = sum(pair.is_by_one for pair in live)
    found = add_up("K11", "live", {"one": one, "more": len(live) - one})
    is_telling = facts.basis.connectors < LEAST_CONNECTORS
    return replace(found, private=frozenset(found.counts)) if is_telling else found


def _spaces(facts: Facts) -> Tally:
    """K9: registered spaces in use and not; those that groups value, and keep away from."""
    used = sum(row.count for row in facts.spaces if row.groups)
    idle = sum(row.count for row in facts.spaces if not row.groups)
    found = add_up("K9", "spaces", {"in_use": used, "idle": idle})
    said = {
        "K9.valued": sum(row.count for row in facts.spaces if row.is_valued),
        "K9.avoided": sum(row.count for row in facts.spaces if row.is_avoided),
    }
    counts = {**found.counts, **said}
    return joined((found, Tally(said), *(within(part, "K9.spaces", counts) for part in said)))


def _seen(facts: Facts, boundary: Boundary) -> Tally:
    """K9: spaces in use by whether groups of different sections were seen in them."""
    found: Counter[str] = Counter()
    for row in facts.spaces:
        if row.groups:
            found[side(row.groups, boundary.declared)] += row.count
    key = f"K9.{boundary.id}"
    counts = {f"{key}.{way}": found[way] for way in SPACE_SIDES}
    counts[f"{key}.known"] = found["across"] + found["within"]
    sums = (
        Sum(f"{key}.known", (f"{key}.across", f"{key}.within")),
        Sum("K9.in_use", (f"{key}.known", f"{key}.unknown")),
    )
    return Tally(counts, sums)
