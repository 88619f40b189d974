"""Asks the migrating session about itself before and after statements, for a rehearsal."""

import contextlib

from lockstep_database import is_autocommit, query
from lockstep_sql import find_obstacle, split_words

# A revision may have set a search path or limits that these questions must neither obey nor change.
_SETTINGS = (
    "select pg_catalog.set_config('search_path', '', true), pg_catalog.set_config('statement_timeout', '0', true),"
    " pg_catalog.set_config('lock_timeout', '0', true)"
)


class Trace:
    """Follows one migration's connection."""

    def __init__(self, queries):
        self._all = queries
        self._repeated = [one for one in queries if not one.get("once")]
        self._before = None
        self._has_begun = False

    def start(self, raw):
        return _look(raw, self._all)

    def look(self, raw):
        return _look(raw, self._repeated)

    def before(self, raw, statement, is_apart, announce):
        """`is_apart`: something that is no statement of the migration ran since the last."""
        self._before = None
        if not is_autocommit(raw):
            # In a transaction that has failed, going back is all that works.
            if is_apart and not _goes_back(statement):
                self._before = _look(raw, self._repeated)
        elif _may_be_in_transaction(statement):
            # A transaction around one statement changes nothing, and keeps its locks until they have been read.
            query(raw, "begin")
            self._has_begun = True
            self._before = _look_inside(raw, self._repeated)
        else:
            self._before = _look(raw, self._repeated)
            announce()

    def after(self, raw):
        look = _look_inside if self._has_begun else _look
        seen = {"trace": look(raw, self._repeated)}
        if self._before is not None:
            seen["traceBefore"] = self._before
        return seen

    def finish(self, raw):
        """Ends what was begun around the statement, once it has been looked at."""
        if self._has_begun:
            self._has_begun = False
            query(raw, "commit")

    def give_up(self, raw):
        """The statement failed: user code may catch that, and go on."""
        if self._has_begun:
            self._has_begun = False
            with contextlib.suppress(Exception):
                query(raw, "rollback")


def _look(raw, queries):
    if not is_autocommit(raw):
        return _look_inside(raw, queries)
    query(raw, "begin")
    rows = _ask(raw, queries)
    query(raw, "rollback")
    return rows


def _look_inside(raw, queries):
    """The savepoint gives back the locks on catalogs, and the settings."""
    query(raw, "savepoint lockstep_trace")
    rows = _ask(raw, queries)
    query(raw, "rollback to savepoint lockstep_trace")
    query(raw, "release savepoint lockstep_trace")
    return rows


def _ask(raw, queries):
    query(raw, _SETTINGS)
    return {one["name"]: query(raw, one["sql"]) for one in queries}


def _goes_back(statement):
    return any(words[0] == "ROLLBACK" for words in split_words(statement))


def _may_be_in_transaction(statement):
    """A procedure or a block may commit by itself, which the server refuses inside a transaction that we began."""
    if find_obstacle(statement):
        return False
    return not any(words[0] in ("CALL", "DO") for words in split_words(statement))
