"""SQL: the statements a report is loaded with. Each names its network and skips what is gone.

Only what the whole network may see is counted: nobody's notebook enters a report.
"""

from __future__ import annotations

LIVE = "network_id = %(network)s AND deleted_at IS NULL AND audience = 'network'"

# Behind row-level security the planner expects a two-hundredth of the rows there are, and would
# look up a million one by one and sort them on disk.
PLANNED = ("SET LOCAL enable_nestloop = off", "SET LOCAL work_mem = '64MB'")

BOUNDARIES = f"""
SELECT id, name, question FROM boundary
WHERE {LIVE} AND (%(boundaries)s::uuid[] IS NULL OR id = ANY(%(boundaries)s::uuid[]))
ORDER BY position, id
"""

SECTIONS = f"""
SELECT boundary_id, id, name, population FROM section WHERE {LIVE} ORDER BY position, id
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
# Of a connector nothing leaves the database but a number that means nothing elsewhere.
MADE = """
WITH connector AS (
    SELECT id, row_number() OVER (ORDER BY id)::int AS code
    FROM member WHERE network_id = %(network)s
),
more AS (
    SELECT introduction_id, array_agg(group_id) AS groups
    FROM introduction_party WHERE network_id = %(network)s AND position > 1 GROUP BY 1
),
each_one AS (
    SELECT i.id, i.status, c.code, i.made_at >= %(from_at)s AS in_period,
        i.made_at >= %(year_at)s AS in_year, i.known_before,
        CASE
            WHEN more.groups IS NOT NULL THEN ARRAY(
                SELECT DISTINCT g FROM unnest(more.groups || a.group_id || b.group_id) g ORDER BY g
            )
            WHEN a.group_id = b.group_id THEN ARRAY[a.group_id]
            ELSE ARRAY[least(a.group_id, b.group_id), greatest(a.group_id, b.group_id)]
        END AS groups
    FROM introduction i
    JOIN introduction_party a
        ON a.network_id = %(network)s AND a.introduction_id = i.id AND a.position = 0
    JOIN introduction_party b
        ON b.network_id = %(network)s AND b.introduction_id = i.id AND b.position = 1
    LEFT JOIN more ON more.introduction_id = i.id
    LEFT JOIN connector c ON c.id = coalesce(i.connector_id, i.author_id)
    WHERE i.network_id = %(network)s AND i.deleted_at IS NULL AND i.audience = 'network'
        AND i.made_at >= %(since_at)s AND i.made_at < %(to_at)s
)
SELECT groups, status, in_period, count(*), string_agg(uuid_send(id), ''),
    count(*) FILTER (WHERE known_before = 'no'), count(*) FILTER (WHERE known_before = 'yes'),
    string_agg(CASE WHEN in_year
        THEN CASE known_before WHEN 'no' THEN '4' WHEN 'yes' THEN '5' ELSE '3' END
        ELSE CASE known_before WHEN 'no' THEN '1' WHEN 'yes' THEN '2' ELSE '0' END
    END, ''),
    min(code) FILTER (WHERE in_year), max(code) FILTER (WHERE in_year)
FROM each_one
GROUP BY groups, status, in_period
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

ASKED = """
SELECT CASE WHEN days < 52 THEN 14 WHEN days < 135 THEN 90 ELSE 180 END, count(*), answered_by,
    outcome, without_connector, would_turn_to_again, anyway, string_agg(uuid_send(id), '')
FROM (
    SELECT f.*, f.due_on - (i.made_at AT TIME ZONE 'UTC')::date AS days
    FROM follow_up f
    JOIN introduction i ON i.network_id = %(network)s AND i.id = f.introduction_id
    WHERE f.network_id = %(network)s AND f.deleted_at IS NULL AND f.audience = 'network'
        AND f.due_on >= %(from_on)s AND f.due_on < %(to_on)s
) asked
GROUP BY 1, 3, 4, 5, 6, 7
"""

# Of each side the latest answer stands.
AGREEMENT = f"""
SELECT count(*) FILTER (WHERE party = connector), count(*) FILTER (WHERE party <> connector),
    coalesce(string_agg(uuid_send(introduction_id), '') FILTER (WHERE party = connector), ''),
    coalesce(string_agg(uuid_send(introduction_id), '') FILTER (WHERE party <> connector), '')
FROM (
    SELECT introduction_id,
        (array_agg(anyway ORDER BY due_on DESC) FILTER (WHERE answered_by = 'party'))[1]
            AS party,
        (array_agg(anyway ORDER BY due_on DESC) FILTER (WHERE answered_by = 'connector'))[1]
            AS connector
    FROM follow_up
    WHERE {LIVE} AND anyway IS NOT NULL AND due_on >= %(from_on)s AND due_on < %(to_on)s
    GROUP BY introduction_id
) each_one
"""

MEETINGS = f"""
SELECT coalesce(string_agg(uuid_send(id), ''), '')
FROM meeting WHERE {LIVE} AND starts_at >= %(from_at)s AND starts_at < %(to_at)s
"""

GROUPS = f"""
SELECT id FROM grp
WHERE {LIVE} AND status = 'active' AND coalesce(active_from < %(to_on)s, true)
    AND coalesce(active_to >= %(to_on)s - 1, true)
ORDER BY id
"""

# Spaces that must be on no map are in no count either.
SPACES = """
SELECT groups, is_valued, is_avoided, count(*), string_agg(uuid_send(id), '')
FROM (
    SELECT s.id, coalesce(m.groups, '{}') AS groups,
        EXISTS (SELECT FROM grp_space g WHERE g.network_id = %(network)s AND g.space_id = s.id
            AND g.stance = 'valued') AS is_valued,
        EXISTS (SELECT FROM grp_space g WHERE g.network_id = %(network)s AND g.space_id = s.id
            AND g.stance = 'avoided') AS is_avoided
    FROM space s
    LEFT JOIN (
        SELECT m.space_id, array_agg(DISTINCT a.group_id ORDER BY a.group_id) AS groups
        FROM meeting m
        JOIN meeting_attendance a ON a.network_id = %(network)s AND a.meeting_id = m.id
        WHERE m.network_id = %(network)s AND m.deleted_at IS NULL AND m.audience = 'network'
            AND m.starts_at >= %(from_at)s AND m.starts_at < %(to_at)s
        GROUP BY m.space_id
    ) m ON m.space_id = s.id
    WHERE s.network_id = %(network)s AND s.deleted_at IS NULL AND s.audience = 'network'
        AND s.status = 'active' AND s.never_map IS NOT TRUE
) each_one
GROUP BY 1, 2, 3
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
        ORDER BY greatest(0, extract(epoch FROM created_at - at)::float8 / 3600)),
    count(*) FILTER (WHERE created_at - at > '28 days'),
    count(DISTINCT date_trunc('hour', created_at)) FILTER (WHERE created_at - at > '28 days')
FROM ({LOGS}) logs WHERE at >= %(from_at)s
"""

# A connector is active from the day they joined, or from what they logged of earlier days. Logs
# are gathered by week first, so that what follows is small; last, how many each of them logged.
WEEKS = f"""
WITH logged AS MATERIALIZED (
    SELECT member_id, date_trunc('week', at)::date AS week_on, min(at) AS first_at,
        max(at) AS last_at, count(*) FILTER (WHERE at >= %(from_at)s) AS logs
    FROM ({LOGS}) logs GROUP BY 1, 2
),
connectors AS (
    SELECT m.id,
        greatest(%(from_on)s, least(m.created_at::date, min(l.first_at)::date)) AS first_on,
        least(%(to_on)s - 1, m.ended_at::date) AS last_on
    FROM member m LEFT JOIN logged l ON l.member_id = m.id
    WHERE m.network_id = %(network)s AND m.role = 'connector'
    GROUP BY m.id, m.created_at, m.ended_at
),
weeks AS (
    SELECT c.id, week_at::date AS week_on
    FROM connectors c,
        generate_series(date_trunc('week', first_on::timestamp), last_on, '7 days') week_at
    WHERE first_on <= last_on
),
told AS (
    SELECT member_id, week_on FROM logged WHERE last_at >= %(from_at)s
    UNION
    SELECT author_id, week_on FROM quiet_week
    WHERE {LIVE} AND week_on > %(from_on)s - 7 AND week_on < %(to_on)s
)
SELECT count(DISTINCT w.id), count(*), count(t.member_id), ARRAY(
        SELECT sum(logs)::bigint FROM logged GROUP BY member_id HAVING sum(logs) > 0 ORDER BY 1 DESC
    )
FROM weeks w LEFT JOIN told t ON t.member_id = w.id AND t.week_on = w.week_on
"""
