"""Keeps env.py from writing where nothing of it may stay: while tenants are only read, and in autocommit.

The server itself refuses, in read-only transactions; so what a function does is covered, and what a driver is told
past SQLAlchemy. While tenants are read, a transaction of env.py may still make things that take no effect when it is
rolled back, as it will be: many an env.py makes its schema first.
"""

from lockstep_database import is_autocommit, is_idle, query
from lockstep_sql import may_write, split_words

_SAVEPOINT = "lockstep_reading"
_MAKES = ("CREATE", "ALTER", "COMMENT", "GRANT", "REVOKE", "DROP", "DO", "SECURITY")


class Narrowed:
    """Which connections run one statement with less than they have."""

    def __init__(self):
        self._raw = None

    def before(self, raw, statement, is_reading):
        """Before each statement of env.py; a revision's own run in the migration's transaction."""
        if is_autocommit(raw):
            if may_write(statement):
                query(raw, "set default_transaction_read_only = on")
                self._raw = None if is_reading else raw
            return
        if not is_reading:
            return
        if is_idle(raw):
            query(raw, "set transaction read write")
        if may_write(statement) and not _only_makes(statement):
            query(raw, "savepoint " + _SAVEPOINT)
            query(raw, "set transaction read only")
            self._raw = raw

    def after(self, raw):
        """After it, if it went well."""
        if self._raw is not raw:
            return
        self._raw = None
        if is_autocommit(raw):
            query(raw, "reset default_transaction_read_only")
        else:
            query(raw, "release savepoint " + _SAVEPOINT)

    def failed(self, raw):
        """Whether it was such a statement; the savepoint goes with the transaction, which is aborted."""
        if self._raw is not raw:
            return False
        if is_autocommit(raw):
            self.after(raw)
        self._raw = None
        return True


def forbid_writes(raw):
    """On each connection that env.py opens while tenants are only read."""
    query(raw, "set default_transaction_read_only = on")
    if not is_autocommit(raw):
        # Committed, so that no rollback takes it back.
        raw.commit()


def _only_makes(statement):
    return all(words[0] in _MAKES for words in split_words(statement))


def is_refused_write(facts):
    """True where a read-only transaction of ours refused, and not a standby."""
    return bool(facts) and facts["sqlstate"] == "25006" and "recovery" not in facts["message"]


def describe_write(session, facts, error, place):
    """env.py wrote where it is only asked where a tenant stands."""
    when = {"before": "before", "running": "while", "ran": "after"}.get(session.phase, "around")
    statement = " ".join(str(getattr(error, "statement", None) or "").split())[:200]
    return {
        "kind": "source_failed",
        "during": "reading where tenant %s stands" % session.tenant,
        **place,
        "error": "env.py writes %s run_migrations(), and so with every look at the tenant%s: %s"
        % (when, ": " + statement if statement else "", facts["message"]),
        "remedy": "Put it into a revision, or into a function that env.py gives to"
        " context.configure(on_version_apply=...), which runs with migrations alone.",
    }
