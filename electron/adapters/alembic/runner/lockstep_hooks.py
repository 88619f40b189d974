"""Hooks into Alembic and SQLAlchemy, put in once; they do nothing while no session is current."""

import contextlib
import time

import lockstep_session
from lockstep_causes import find_own_blocker
from lockstep_connections import hook_connections
from lockstep_database import raw_connection
from lockstep_errors import database_facts
from lockstep_reading import is_refused_write

_installed = False


def install_hooks():
    global _installed
    if _installed:
        return
    _installed = True
    _hook_alembic()
    hook_connections()
    _hook_commits()
    _hook_events()


def _hook_alembic():
    from alembic.runtime.migration import MigrationContext

    real_init = MigrationContext.__init__
    real_run = MigrationContext.run_migrations
    real_block = MigrationContext.autocommit_block

    def init(self, dialect, connection, opts, *arguments, **options):
        session = lockstep_session.current()
        if session and not opts.get("as_sql", False):
            session.place_version_table(opts)
        real_init(self, dialect, connection, opts, *arguments, **options)
        if session and not self.as_sql:
            session.configure(self)

    def run_migrations(self, **options):
        session = lockstep_session.current()
        if not session or self.as_sql:
            return real_run(self, **options)
        session.begin(self)
        real_run(self, **options)
        session.end()

    def autocommit_block(self):
        session = lockstep_session.current()
        if session and session.transactional and not self.as_sql:
            session.refuse_statement("autocommit_block()", "it commits what ran before it")
        return real_block(self)

    MigrationContext.__init__ = init
    MigrationContext.run_migrations = run_migrations
    MigrationContext.autocommit_block = autocommit_block


def _hook_commits():
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.default import DefaultDialect

    real_commit = DefaultDialect.do_commit
    real_twophase = Connection.begin_twophase

    def do_commit(self, connection):
        session = lockstep_session.current()
        if not session or self.name != "postgresql":
            return real_commit(self, connection)
        return session.commit(raw_connection(connection), lambda: real_commit(self, connection))

    def begin_twophase(self, *arguments, **options):
        session = lockstep_session.current()
        if session and self.dialect.name == "postgresql":
            session.refuse_statement("begin_twophase()", "env.py commits in two phases by itself")
        return real_twophase(self, *arguments, **options)

    DefaultDialect.do_commit = do_commit
    Connection.begin_twophase = begin_twophase


def _hook_events():
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    @event.listens_for(Engine, "before_cursor_execute", retval=True)
    def before(connection, cursor, statement, parameters, context, many):
        session = lockstep_session.current()
        if session and connection.dialect.name == "postgresql":
            raw = raw_connection(connection.connection)
            session.check_statement(raw, statement)
            session.guard_rows(raw, statement)
            session.is_skipping = session.is_made(raw, _unescape(connection, statement))
            if session.is_skipping:
                return "select 1", parameters
            if session.trace:
                session.before_statement(raw, _unescape(connection, statement))
            # A dialect asks its first connection what the server is, before anybody is lent it.
            if session.recorder and type(connection.connection).__name__ == "_ConnectionFairy":
                session.recorder.statement_begins(raw, statement, _unescape(connection, statement))
            session.statement_started = time.perf_counter()
        return statement, parameters

    @event.listens_for(Engine, "after_cursor_execute")
    def after(connection, cursor, statement, parameters, context, many):
        session = lockstep_session.current()
        if session and connection.dialect.name == "postgresql":
            session.narrowed.after(raw_connection(connection.connection))
            if session.recorder:
                session.recorder.statement_ends()
        if not session or not session.is_in_revision or session.is_skipping:
            return
        elapsed = (time.perf_counter() - session.statement_started) * 1000
        session.report_statement(_unescape(connection, statement), getattr(cursor, "rowcount", -1), elapsed)

    @event.listens_for(Engine, "handle_error")
    def failed(context):
        session = lockstep_session.current()
        if not session or context.connection is None or context.is_disconnect:
            return
        raw = raw_connection(context.connection.connection)
        if session.trace:
            session.statement_failed(raw)
        facts = database_facts(context.original_exception)
        if session.narrowed.failed(raw) and not session.is_reading and is_refused_write(facts):
            session.note_refused_write(str(context.statement or ""))
        if raw is session.raw and facts and facts["sqlstate"] == "55P03":
            # Asked now: after env.py its sessions are gone, and with them their locks.
            session.own_blocker = find_own_blocker(session, str(context.statement or ""))


def _unescape(connection, statement):
    return statement.replace("%%", "%") if connection.dialect.paramstyle in ("format", "pyformat") else statement


@contextlib.contextmanager
def session_runs(session):
    """Makes a session current; what env.py leaves open is closed afterwards."""
    install_hooks()
    lockstep_session.set_current(session)
    try:
        yield session
    finally:
        lockstep_session.set_current(None)
        session.close()
