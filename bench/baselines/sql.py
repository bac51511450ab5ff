"""How the statements by hand are spelled for both databases, and the part that finds the viewer."""

import re

Text = dict[str, str]
"""A statement for each kind of database."""

_MACRO = re.compile(r"\b(TEXT|MONEY|TIME)\(([\w.]+)\)")
_POSTGRES = {
    "TEXT": "COALESCE(CAST(to_json({0}) AS TEXT), 'null')",
    "MONEY": "({0} / 100 || '.' || lpad(CAST({0} % 100 AS TEXT), 2, '0'))",
    # the text of a JSON string is made in half of the time of to_char
    "TIME": "(left(CAST(to_json(to_timestamp({0} / 1000) AT TIME ZONE 'UTC') AS TEXT), 20)"
    " || CASE WHEN {0} % 1000 > 0 THEN '.' || lpad(CAST({0} % 1000 AS TEXT), 3, '0') ELSE '' END || 'Z\"')",
}
_SQLITE = {
    "TEXT": "json_quote({0})",
    "MONEY": "printf('%d.%02d', {0} / 100, {0} % 100)",
    "TIME": "(strftime('\"%Y-%m-%dT%H:%M:%S', {0} / 1000, 'unixepoch')"
    " || CASE WHEN {0} % 1000 > 0 THEN printf('.%03dZ\"', {0} % 1000) ELSE 'Z\"' END)",
}


def for_postgres(text: str) -> str:
    """A statement with `?1`, `TEXT()`, `MONEY()` and `TIME()`, as PostgreSQL reads it."""
    spelled = _MACRO.sub(lambda found: _POSTGRES[found[1]].format(found[2]), text)
    return re.sub(r"\?(\d+)", r"$\1", spelled.replace("ORDERED_JOIN", "JOIN"))


def for_sqlite(text: str) -> str:
    """The same as SQLite reads it, which keeps the order of joins only if it is told to."""
    spelled = _MACRO.sub(lambda found: _SQLITE[found[1]].format(found[2]), text)
    return spelled.replace("ORDERED_JOIN", "CROSS JOIN")


_PERSON = """credentials k
  JOIN sessions s ON s.id = k.session_id AND s.ended_at IS NULL
  JOIN users u ON u.id = s.user_id"""
_VALID = "k.digest = ?2 AND k.kind = 'ACCESS' AND k.expires_at > ?1"
PERSON = f"me AS MATERIALIZED (SELECT u.id, u.name, u.email, u.locale FROM {_PERSON} WHERE {_VALID})"
"""The user of a credential, as `me`. Its values are the time (`?1`) and the digest of the token (`?2`)."""
ME = f"""me AS MATERIALIZED (
  SELECT c.id, c.role, CAST(p.grants AS TEXT) AS grants, a.timezone, u.id AS user_id, u.name AS user_name
  FROM {_PERSON}
  JOIN accounts a ON a.id = ?3 AND a.closed_at IS NULL AND a.teams_on AND a.edition = 'EXPERT'
  JOIN collaborators c ON c.account_id = a.id AND c.user_id = u.id AND c.suspended_at IS NULL
    AND (c.starts_at IS NULL OR c.starts_at <= ?1) AND (c.ends_at IS NULL OR c.ends_at > ?1)
  JOIN profiles p ON p.account_id = c.account_id AND p.id = c.profile_id
  WHERE {_VALID})"""
"""The collaborator of an account with teams, as `me`, without a row for anyone else. `?3` is the account."""
_FELLOWS = """
  SELECT id FROM me WHERE role <> 'ADMIN'
  UNION SELECT other.collaborator_id FROM me
  ORDERED_JOIN team_members mine ON mine.account_id = ?3 AND mine.collaborator_id = me.id
  ORDERED_JOIN teams t ON t.account_id = ?3 AND t.id = mine.team_id
  ORDERED_JOIN team_members other ON other.account_id = ?3 AND other.team_id = t.id
  WHERE (mine.leads AND me.role = 'TEAM_LEAD')"""
LED = f"led AS MATERIALIZED ({_FELLOWS})"
"""The viewer and those whom they lead, as `led`. Empty for an admin, who sees everyone."""
WITHIN = f"within AS MATERIALIZED ({_FELLOWS} OR t.privacy = 'SHARED')"
"""The assignees whose sales the viewer sees, as `within`. Empty for an admin."""


def holds(*grants: str) -> str:
    """The condition that the viewer's profile has these grants."""
    return " AND ".join(f"me.grants LIKE '%\"{grant}\"%'" for grant in grants)
