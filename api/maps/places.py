"""Places: SQL that says which spaces may stand on a map, and what was seen to happen there.

Parts of one statement, put together by whoever asks: of spaces, of lines between them, of a tile.
Each is a CTE; what it needs of the others stands beside it.
"""

from __future__ import annotations

SHARED = "network_id = :network AND deleted_at IS NULL AND audience = 'network'"
# a space that must not be mapped, or has no position, is left out before anything is counted
ON_THE_MAP = f"{SHARED} AND status = 'active' AND NOT never_map AND geometry IS NOT NULL"


def within(column: str) -> str:
    """Whether an instant is in the window: half open, null leaves an end open."""
    return f"""{column} >= coalesce(CAST(:since AS timestamptz), '-infinity')
    AND {column} < coalesce(CAST(:until AS timestamptz), 'infinity')"""


# groups whose side is wholly known, by section: shares that fall short say nothing of the rest
SHARES = f"""share AS MATERIALIZED (
  SELECT d.grp_id, d.section_id, d.share,
    sum(d.share) OVER (PARTITION BY d.grp_id) AS declared FROM grp_section d
  WHERE d.network_id = :network AND d.share > 0
    AND d.section_id IN (SELECT id FROM section WHERE {SHARED} AND boundary_id = :boundary)
    AND d.grp_id IN (SELECT id FROM grp WHERE {SHARED})),
side AS MATERIALIZED (
  SELECT grp_id, section_id, share FROM share WHERE abs(declared - 1) <= 1e-6)"""

# what happened at the spaces of the CTE `place` (id, geometry and what else is told of a space)
EVENTS = f"""brought AS MATERIALIZED (
  SELECT id, space_id FROM introduction
  WHERE {SHARED} AND status = 'made' AND space_id IN (SELECT id FROM place)
    AND {within("made_at")}),
met AS MATERIALIZED (
  SELECT id, space_id FROM meeting
  WHERE {SHARED} AND space_id IN (SELECT id FROM place)
    AND {within("starts_at")}),
came AS (
  SELECT b.space_id, p.group_id FROM brought b
  JOIN introduction_party p ON p.network_id = :network AND p.introduction_id = b.id
  UNION
  SELECT m.space_id, a.group_id FROM met m
  JOIN meeting_attendance a ON a.network_id = :network AND a.meeting_id = m.id),
seen AS MATERIALIZED (
  SELECT c.space_id, c.group_id FROM came c
  WHERE c.group_id IN (SELECT id FROM grp WHERE {SHARED}))"""

# Who was there together, by layer: heads n of a group, what a meeting's contact is shared among.
# In introductions and flows a group is there once, and every two of them are one contact.
_ROOMS = {
    "meetings": """
  SELECT m.id, m.space_id, a.group_id, sum(a.headcount)::float8 AS n FROM met m
  JOIN meeting_attendance a ON a.network_id = :network AND a.meeting_id = m.id
  GROUP BY 1, 2, 3""",
    "introductions": """
  SELECT DISTINCT b.id, b.space_id, p.group_id, 1::float8 AS n FROM brought b
  JOIN introduction_party p ON p.network_id = :network AND p.introduction_id = b.id""",
    "flows": f"""
  SELECT id, space_id, unnest(ARRAY[from_group_id, to_group_id]) AS group_id, 1::float8 AS n
  FROM flow WHERE {SHARED} AND status = 'delivered' AND space_id IN (SELECT id FROM place)
    AND {within("happened_at")}""",
}
_AMONG = {"meetings": "h.n - 1", "introductions": "1", "flows": "1"}


def contact(layer: str) -> str:
    """CTEs: contact across the boundary at each space, by the measure in docs/measures.md.

    Heads n, of known side k; sum n_g^2 over sections; and what each head would give to itself.
    """
    return f"""room AS ({_ROOMS[layer]}),
part AS (
  SELECT r.id, s.section_id, sum(r.n * s.share) AS n, sum(r.n * s.share ^ 2) AS own
  FROM room r JOIN side s ON s.grp_id = r.group_id GROUP BY 1, 2),
known AS (
  SELECT id, sum(n) AS k, sum(n ^ 2) AS alike, sum(own) AS own FROM part GROUP BY 1),
heads AS (SELECT id, space_id, sum(n) AS n FROM room GROUP BY 1, 2),
contact AS (
  SELECT h.space_id,
    coalesce(sum(greatest(k.k ^ 2 - k.alike - (k.k - k.own), 0) / ({_AMONG[layer]}) / 2)
      FILTER (WHERE h.n > 1), 0) AS crossing,
    avg(least(greatest(1 - (k.alike - k.own) / nullif(k.k * (k.k - 1), 0), 0), 1))
      FILTER (WHERE k.k > 1) AS diversity
  FROM heads h LEFT JOIN known k ON k.id = h.id GROUP BY 1)"""


COUNTS = """coalesce(m.times, 0) AS meetings, coalesce(b.times, 0) AS introductions,
    coalesce(s.groups, 0) AS groups_seen,
    CASE WHEN CAST(:boundary AS uuid) IS NOT NULL
      THEN round(coalesce(c.crossing, 0)::numeric, 6)::float8 END AS crossing_contact,
    CASE WHEN CAST(:boundary AS uuid) IS NOT NULL
      THEN round(c.diversity::numeric, 6)::float8 END AS diversity"""

COUNTED = """place p
  LEFT JOIN (SELECT space_id, count(*) AS times FROM met GROUP BY 1) m ON m.space_id = p.id
  LEFT JOIN (SELECT space_id, count(*) AS times FROM brought GROUP BY 1) b ON b.space_id = p.id
  LEFT JOIN (SELECT space_id, count(*) AS groups FROM seen GROUP BY 1) s ON s.space_id = p.id
  LEFT JOIN contact c ON c.space_id = p.id"""
