"""What an attempt to make an index concurrently has left: the index itself, or one that is not valid."""

import re

from lockstep_database import query
from lockstep_sql import quote_literal

_NAME = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_CREATES = re.compile(
    r"^\s*create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(?P<name>%s)"
    r"\s+on\s+(?:only\s+)?(?P<table>%s(?:\s*\.\s*%s)?)" % (_NAME, _NAME, _NAME),
    re.IGNORECASE,
)

_EXISTING = """
select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) as name,
  i.indisvalid and i.indisready and i.indislive as valid, pg_catalog.pg_get_indexdef(i.indexrelid) as definition,
  exists (select from pg_catalog.pg_stat_progress_create_index p
    where p.index_relid = i.indexrelid and p.pid <> pg_catalog.pg_backend_pid()) as making
from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relname = %s and i.indrelid = pg_catalog.to_regclass(%s)
"""


def settle_index(raw, statement, makes_same):
    """True when the index of a statement is made already; one that broke off is dropped before it is built again."""
    found = _CREATES.match(statement)
    if not found:
        return False
    name, table = _unquote(found.group("name")), found.group("table")
    existing = query(raw, _EXISTING % (quote_literal(name), quote_literal(table)))
    if not existing:
        return False
    index = existing[0]
    if index["valid"]:
        return makes_same(statement, index["definition"])
    # One that another session is making at this moment is not valid either, and becomes theirs.
    if not index["making"]:
        query(raw, "drop index concurrently if exists " + index["name"])
    return False


def _unquote(name):
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
