"""Why a migration did not come to its end, where the cause is a session or a transaction of the project's own."""

import re

from lockstep_database import query

_LOCKED = """
select distinct c.relname::text as name
from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation
where l.pid = pg_catalog.pg_backend_pid() and l.granted and l.locktype = 'relation' and c.relkind in ('r', 'p', 'm', 'v')
  and c.relnamespace <> 'pg_catalog'::regnamespace
"""


def find_own_blocker(session, statement):
    """The project's other session that holds a lock on a table of the statement, with where it was opened; or None."""
    for opened in session.opened:
        if opened.raw is session.raw or getattr(opened.raw, "closed", False):
            continue
        try:
            names = [row["name"] for row in query(opened.raw, _LOCKED)]
        except Exception:
            continue
        table = next((name for name in sorted(names) if re.search(r"(?<!\w)%s(?!\w)" % re.escape(name), statement)), None)
        if table is not None:
            return {"table": table, **opened.place}
    return None


def explain_end(session):
    """env.py is over, and nothing was committed."""
    failure = {"kind": "source_failed", "during": "running env.py", **session.run_place}
    if session.phase != "ran":
        return {**failure, "error": "it ended without running the migrations"}
    error = "it ended without committing the migrations: with `alembic upgrade` they would be rolled back as well"
    if session.is_begun_outside:
        return {
            **failure,
            "error": error + "; a statement before context.configure() had begun the transaction, which is then env.py's to end",
            "remedy": "Call connection.commit() after the migrations (await connection.commit() in an async env.py),"
            " or before context.configure().",
        }
    if not session.is_begun:
        return {
            **failure,
            "error": error + "; context.begin_transaction() is missing",
            "remedy": "Write `with context.begin_transaction():` around context.run_migrations().",
        }
    return {**failure, "error": error}


def describe_ended_transaction(session, status):
    """The transaction of a migration is over after a revision, though nobody was asked."""
    if status == "aborted":
        message = "it rolled back the transaction that it runs in, and with it what it had done"
        return {
            "kind": "migration_failed",
            "tenant": session.tenant,
            "revision": session.revision,
            "message": message,
        }
    detail = "the transaction that began before revision %s is over after it" % session.revision
    return {"kind": "committed_behind_our_back", "tenant": session.tenant, "detail": detail}
