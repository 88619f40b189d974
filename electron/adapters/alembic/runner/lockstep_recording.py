"""Records what a migration sends, as it is sent, so that tenants which begin alike can be sent the same.

A recording is only of use where nothing that the server answered was used to decide; whatever is not understood says so.
"""

import os
import sys

from lockstep_database import is_own_query, query
from lockstep_errors import relative
from lockstep_revisions import find_decision, find_other_work
from lockstep_sql import split_words

# Beyond it the statements are data rather than a migration, and sending them again from here gains nothing.
_MOST_CHARACTERS = 16 * 1024 * 1024

# Below it a type has the same number in every database.
_FIRST_OF_ITS_OWN = 10000


class Recorder:
    """Follows one migration's connection from its first revision to its vote."""

    def __init__(self, session, settings):
        self._session = session
        self._settings = settings
        self._parts = []
        self._current = None
        self._characters = 0
        self._start = None
        self.refusals = {}

    def begin(self):
        """The transaction is open, its limits are set, and no revision has run."""
        session = self._session
        for revision in session.revisions:
            decision = find_decision(revision.path)
            if decision:
                self.refusals[revision.revision] = decision
        if len(session.context.on_version_apply_callbacks) > 1:
            self.refuse("env.py has functions of its own called with each revision")
        environment = getattr(session.context.opts.get("script"), "env_py_location", None)
        work = find_other_work(environment) if environment else "its source is not known"
        if work:
            self.refuse("env.py: " + work)
        listener = _find_listener(session.context.connection)
        if listener:
            self.refuse(listener)
        if self.refusals:
            return
        problem = _watch_cursors(self, session.raw)
        if problem:
            self.refuse(problem)
            return
        self._start = query(session.raw, self._settings)[0]
        self._start["isGuarded"] = session.is_guarded
        self._start["versionTable"] = session._version_table()
        self._start["hasVersionTable"] = bool(session.context._has_version_table())

    def refuse(self, reason):
        session = self._session
        revision = session.revision or session.revisions[0].revision
        line = self._line() if session.is_in_revision else None
        self.refusals.setdefault(revision, {"reason": reason, **({} if line is None else {"line": line})})

    def statement_begins(self, raw, statement, shown):
        """SQLAlchemy is about to send a statement."""
        session = self._session
        # Between the two, Lockstep looks at the version table.
        is_ours = session.phase == "before" and session.context is not None
        if self.refusals or is_ours:
            return
        if session.phase != "running":
            self.refuse("env.py runs statements of its own")
        elif raw is not session.raw:
            self.refuse("uses another connection")
        elif any(words[0] == "ROLLBACK" for words in split_words(statement)):
            self.refuse("goes back to a savepoint")
        else:
            self._current = self._add({"statement": statement, "shown": shown if session.is_in_revision else None})

    def statement_ends(self):
        self._current = None

    def constraints_settled(self, statements):
        """Our own statements between two revisions, which the others need as well."""
        if not self.refusals and self._start is not None:
            self._add({"statement": None, "shown": None, "wires": [{"text": statement} for statement in statements]})

    def rows_guarded(self, is_shown):
        """A statement or the end of a revision is next, and what a policy would hide is an error again."""
        if is_shown:
            self.refuse("is shown rows that a policy hides from others")
        elif not self.refusals and self._start is not None:
            self._add({"statement": None, "shown": None, "wires": [{"text": "set local row_security = off"}]})

    def applied(self):
        if not self.refusals and self._start is not None:
            self._add({"statement": None, "shown": None, "applied": True})

    def sent(self, text, types=None, values=None):
        """The driver sends something."""
        session = self._session
        if self.refusals or session.phase not in ("running", "ran"):
            return
        if self._current is None:
            self.refuse("runs a statement past SQLAlchemy")
            return
        self._characters += len(text) + sum(len(str(value)) for value in values or ())
        if self._characters > _MOST_CHARACTERS:
            self.refuse("sends too much to be kept")
            return
        wire = {"text": text}
        if values is not None:
            wire.update(types=list(types), values=list(values))
        self._current["wires"].append(wire)

    def fetched(self):
        """Rows of a statement were asked for: inside a revision, they may decide what comes next."""
        session = self._session
        if session.phase == "running" and session.is_in_revision:
            self.refuse("reads rows")

    def result(self):
        """What Lockstep is told before the vote: the recording, or why there is none."""
        reasons = [{"revision": name, **why} for name, why in self.refusals.items()]
        if reasons or self._start is None:
            return {"type": "recorded", "reasons": reasons, "recording": None}
        # What SQLAlchemy asks for itself between the revisions reads the version table only.
        parts = [part for part in self._parts if part["shown"] is not None or not _only_reads(part)]
        return {"type": "recorded", "reasons": [], "recording": {"start": self._start, "parts": parts}}

    def _add(self, part):
        session = self._session
        line = self._line() if session.is_in_revision else None
        place = {} if line is None else {"line": line, "file": self._file()}
        made = {"revision": session.revision, "applied": False, "wires": [], **place, **part}
        self._parts.append(made)
        return made

    def _path(self):
        session = self._session
        return next((one.path for one in session.revisions if one.revision == session.revision), None)

    def _file(self):
        return relative(self._path(), self._session.folder)

    def _line(self):
        """Where the revision is, as a failure of its statement would say it."""
        path = os.path.realpath(self._path() or "")
        frame = sys._getframe(1)
        while frame:
            name = frame.f_code.co_filename
            if not name.startswith("<") and os.path.realpath(name) == path:
                return frame.f_lineno
            frame = frame.f_back
        return None


# The listeners of Lockstep's own are counted here.
_STATEMENT_EVENTS = (("before_execute", 0), ("after_execute", 0), ("before_cursor_execute", 1), ("after_cursor_execute", 1))
_TABLE_EVENTS = ("before_create", "after_create", "before_drop", "after_drop")


def _find_listener(connection):
    """The project's own listeners may change statements, or add some; None where there are none."""
    from sqlalchemy import MetaData, Table

    if any(len(list(getattr(connection.dispatch, name))) > known for name, known in _STATEMENT_EVENTS):
        return "env.py listens to statements"
    table = Table("lockstep", MetaData())
    if any(list(getattr(table.dispatch, name)) for name in _TABLE_EVENTS):
        return "the project listens to tables that are made"
    return None


def _only_reads(part):
    return part["statement"] is not None and all(words[0] == "SELECT" for words in split_words(part["statement"]))


def _watch_cursors(recorder, raw):
    """Has every cursor of a connection made by us from here on; why it cannot be done, or None."""
    module = type(raw).__module__.split(".")[0]
    if module == "psycopg2":
        return _watch_psycopg2(recorder, raw)
    if module == "psycopg":
        return _watch_psycopg(recorder, raw)
    return "what its driver sends cannot be seen (%s)" % type(raw).__name__


def _watch_psycopg2(recorder, raw):
    import psycopg2.extensions

    plain = psycopg2.extensions.cursor
    if raw.cursor_factory not in (None, plain):
        return "the connection has cursors of its own"
    if str(raw.encoding).upper() not in ("UTF8", "UTF-8", "UNICODE"):
        return "its connection is not in UTF-8"

    class Cursor(_reading_cursor(recorder, plain, ("fetchone", "fetchmany", "fetchall", "scroll", "callproc"))):
        def __init__(self, *arguments, **options):
            if any(name is not None for name in arguments[1:2]) or options.get("name") is not None:
                recorder.refuse("uses a cursor of the server")
            super().__init__(*arguments, **options)

        def execute(self, sql, parameters=None):
            if is_own_query():
                return super().execute(sql, parameters)
            # With nothing to fill in, a percent sign is one.
            is_plain = parameters is None and isinstance(sql, (str, bytes))
            text = sql if is_plain else self.mogrify(sql, parameters)
            recorder.sent(text.decode("utf-8") if isinstance(text, bytes) else str(text))
            return super().execute(sql, parameters)

        def executemany(self, sql, sets):
            # The driver's own sends one statement after another, and asks nobody.
            sets = list(sets)
            for parameters in sets:
                recorder.sent(self.mogrify(sql, parameters).decode("utf-8"))
            return super().executemany(sql, sets)

    _refuse_copies(recorder, Cursor, ("copy_from", "copy_to", "copy_expert"))
    raw.cursor_factory = Cursor
    return None


def _watch_psycopg(recorder, raw):
    import psycopg

    if type(raw) is not psycopg.Connection or raw.cursor_factory is not psycopg.Cursor:
        return "what its driver sends cannot be seen (%s)" % type(raw).__name__
    if raw.info.encoding.lower() not in ("utf-8", "utf8"):
        return "its connection is not in UTF-8"

    class Cursor(_reading_cursor(recorder, psycopg.Cursor, ("fetchone", "fetchmany", "fetchall", "scroll", "results"))):
        def execute(self, sql, parameters=None, **options):
            if not is_own_query():
                if options:
                    recorder.refuse("tells its driver how to send a statement")
                _send_converted(recorder, self, sql, parameters)
            return super().execute(sql, parameters, **options)

        def executemany(self, sql, sets, **options):
            sets = list(sets)
            if options.get("returning"):
                recorder.refuse("reads rows")
            for parameters in sets:
                _send_converted(recorder, self, sql, parameters)
            return super().executemany(sql, sets, **options)

    _refuse_copies(recorder, Cursor, ("copy", "stream"))
    raw.cursor_factory = Cursor
    server = raw.server_cursor_factory

    def named(*arguments, **options):
        recorder.refuse("uses a cursor of the server")
        return server(*arguments, **options)

    raw.server_cursor_factory = named
    return None


def _send_converted(recorder, cursor, sql, parameters):
    """What psycopg makes of a statement, by its own converter."""
    from psycopg._queries import PostgresQuery
    from psycopg.adapt import Transformer

    made = PostgresQuery(Transformer.from_context(cursor))
    made.convert(sql, parameters)
    text = bytes(made.query).decode("utf-8")
    # Without values psycopg sends a text as it is, which may then be several statements.
    if not made.params:
        recorder.sent(text)
        return
    values = []
    for value, oid, is_binary in zip(made.params, made.types, made.formats):
        if oid >= _FIRST_OF_ITS_OWN:
            recorder.refuse("sends a value of a type of the database's own")
            return
        raw = None if value is None else bytes(value)
        values.append(None if raw is None else {"binary": raw.hex()} if is_binary else raw.decode("utf-8"))
    recorder.sent(text, made.types, values)


def _reading_cursor(recorder, plain, names):
    """A cursor whose rows are not fetched unseen."""

    def watch(name):
        real = getattr(plain, name)

        def fetch(self, *arguments, **options):
            if not is_own_query():
                recorder.fetched()
            return real(self, *arguments, **options)

        return fetch

    present = [name for name in tuple(names) + ("__iter__", "__next__") if hasattr(plain, name)]
    return type("ReadingCursor", (plain,), {name: watch(name) for name in present})


def _refuse_copies(recorder, kind, names):
    def refuse(name):
        real = getattr(kind, name)

        def copy(self, *arguments, **options):
            recorder.refuse("uses %s() of its driver" % name)
            return real(self, *arguments, **options)

        return copy

    for name in names:
        if hasattr(kind, name):
            setattr(kind, name, refuse(name))
