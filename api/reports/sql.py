"""SQL: the statements a report is loaded with. Each names its network and skips what is gone.

Only what the whole network may see is counted: nobody's notebook enters a report.
"""

from __future__ import annotations

LIVE = "network_id = %(network)s AND deleted_at IS NULL AND audience = 'network'"

BOUNDARIES = f"""
SELECT id, name, question FROM boundary
WHERE {LIVE} AND (%(boundaries)s::uuid[] IS NULL OR id = ANY(%(boundaries)s::uuid[]))
ORDER BY position, id
"""

SECTIONS = f"""
SELECT boundary_id, id, name FROM section WHERE {LIVE} ORDER BY position, id
"""

# A group that lost a section falls short of its whole: what is left is not taken for all.
DECLARED = f"""
SELECT s.boundary_id, d.grp_id, array_agg(s.id)
FROM (SELECT id, boundary_id FROM section WHERE {LIVE}) s
JOIN grp_section d ON d.network_id = %(network)s AND d.section_id = s.id AND d.share > 0
JOIN (SELECT id FROM grp WHERE {LIVE}) g ON g.id = d.grp_id
GROUP BY s.boundary_id, d.grp_id
HAVING abs(sum(d.share) - 1) <= 1e-6
"""

# Introductions between the same groups are one row: what follows is as small as the town is.
MADE = f"""
SELECT groups, status, count(*), string_agg(uuid_send(id), '')
FROM (
    SELECT i.id, min(i.status) AS status,
        array_agg(DISTINCT p.group_id ORDER BY p.group_id) AS groups
    FROM (
        SELECT id, status FROM introduction
        WHERE {LIVE} AND made_at >= %(from_at)s AND made_at < %(to_at)s
    ) i
    JOIN introduction_party p ON p.network_id = %(network)s AND p.introduction_id = i.id
    GROUP BY i.id
) each_one
GROUP BY groups, status
"""

FLOWED = f"""
SELECT from_group_id, to_group_id, resource, status,
    count(*) FILTER (WHERE happened_at >= %(from_at)s),
    count(*) FILTER (WHERE happened_at >= %(year_at)s),
    coalesce(string_agg(uuid_send(id), '') FILTER (WHERE happened_at >= %(from_at)s), ''),
    coalesce(string_agg(uuid_send(id), '') FILTER (WHERE happened_at >= %(year_at)s), '')
FROM flow
WHERE {LIVE} AND happened_at >= %(since_at)s AND happened_at < %(to_at)s
GROUP BY 1, 2, 3, 4
"""

FOLLOW_UPS = f"""
SELECT count(*), count(outcome), coalesce(string_agg(uuid_send(id), ''), ''),
    coalesce(string_agg(uuid_send(id), '') FILTER (WHERE outcome IS NOT NULL), '')
FROM follow_up
WHERE {LIVE} AND due_on >= %(from_on)s AND due_on < %(to_on)s
"""

LOGS = f"""
    SELECT coalesce(connector_id, author_id) AS member_id, made_at AS at, created_at
    FROM introduction WHERE {LIVE} AND made_at < %(to_at)s
    UNION ALL
    SELECT author_id, starts_at, created_at
    FROM meeting WHERE {LIVE} AND starts_at < %(to_at)s
    UNION ALL
    SELECT author_id, happened_at, created_at
    FROM flow WHERE {LIVE} AND happened_at < %(to_at)s
"""

LAG = f"""
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (
    ORDER BY greatest(0, extract(epoch FROM created_at - at)::float8 / 3600)
)
FROM ({LOGS}) logs WHERE at >= %(from_at)s
"""

# A connector is active from the day they joined, or from what they logged of earlier days.
WEEKS = f"""
WITH logs AS ({LOGS}),
connectors AS (
    SELECT m.id,
        greatest(%(from_on)s, least(m.created_at::date, min(l.at)::date)) AS first_on,
        least(%(to_on)s - 1, m.ended_at::date) AS last_on
    FROM member m LEFT JOIN logs l ON l.member_id = m.id
    WHERE m.network_id = %(network)s AND m.role = 'connector'
    GROUP BY m.id, m.created_at, m.ended_at
),
weeks AS (
    SELECT c.id, week_at::date AS week_on
    FROM connectors c,
        generate_series(date_trunc('week', first_on::timestamp), last_on, '7 days') week_at
    WHERE first_on <= last_on
),
logged AS (
    SELECT member_id, date_trunc('week', at)::date AS week_on
    FROM logs WHERE at >= %(from_at)s
    UNION
    SELECT author_id, week_on FROM quiet_week
    WHERE {LIVE} AND week_on > %(from_on)s - 7 AND week_on < %(to_on)s
)
SELECT count(DISTINCT w.id), count(*), count(l.member_id)
FROM weeks w LEFT JOIN logged l ON l.member_id = w.id AND l.week_on = w.week_on
"""
