"""One run of env.py for one tenant: what is expected of it, and where it stands.

before: env.py runs, the migrations have not begun. running: inside run_migrations. ran: env.py goes on to its
commit. finishing: the server was asked to prepare or commit and has not answered. finished: it has.
lost: the answer will never be known. undone: the transaction was rolled back.
"""

from lockstep_database import close_quietly, is_autocommit, query, query_value, raw_connection, read_system_identifier
from lockstep_errors import Refusal
from lockstep_places import find_place
from lockstep_project import project_folder
from lockstep_reading import Narrowed, forbid_writes
from lockstep_sql import find_control, find_lasting, is_harmless, quote_identifier, quote_literal

AT_ONCE = "it would be committed at once, outside the transaction"
_state = {"session": None}


def current():
    return _state["session"]


def set_current(session):
    _state["session"] = session


class Session:
    """Reads a tenant's heads; never lets env.py write. Migrating builds on it."""

    transactional = False
    is_reading = True
    trace = None
    recorder = None
    is_skipping = False

    def __init__(self, request):
        self.tenant = request["tenant"]
        self.database = request["database"]
        self.schema = request.get("schema")
        self.server = request["server"]
        self.folder = project_folder(request["project"])
        self.url = ""
        self.phase = "before"
        self.failure = None
        self.connection_error = None
        self.opened = []
        self.connecting = None
        self.opening_error = None
        self.own_blocker = None
        self.run_place = {}
        self.is_begun_outside = False
        self.is_begun = False
        self.context = None
        self.raw = None
        self.raw_at_hand = None
        self.narrowed = Narrowed()
        self.revision = None
        self.is_in_revision = False
        self.statement_started = 0.0

    def fail(self, failure):
        """Refuses, and goes on refusing when user code swallows the exception."""
        self.failure = self.failure or failure
        raise Refusal(failure)

    def refuse_statement(self, statement, reason):
        self.fail(self._not_transactional(statement, reason))

    def note_refused_write(self, statement):
        """The server has refused it for us: env.py may go on, the migration may not."""
        self.failure = self.failure or self._not_transactional(statement, AT_ONCE)

    def _not_transactional(self, statement, reason):
        return {
            "kind": "not_transactional",
            "tenant": self.tenant,
            "revision": self.revision or "",
            "statement": statement[:2000],
            "reason": reason,
        }

    def place_version_table(self, options):
        """A tenant that is a schema keeps its versions in there, whatever else the search path leads to."""
        if self.schema is None:
            return
        named = options.get("version_table_schema")
        if named is None:
            options["version_table_schema"] = self.schema
        elif named != self.schema:
            self._refuse_schema("version_table_schema is %s" % named)

    def enter_schema(self, raw):
        """On each connection that env.py opens: names are looked up in the tenant's schema, then in what all share."""
        if self.is_reading:
            forbid_writes(raw)
        if self.schema is None or is_autocommit(raw):
            return
        query(raw, "set search_path = %s, public" % quote_identifier(self.schema))
        # Committed, so that no rollback takes it back.
        raw.commit()

    def configure(self, context):
        """Called with each MigrationContext that env.py configures."""

    def begin(self, context):
        self.adopt(context)
        query(self.raw, "set transaction read only")
        self.phase = "running"

    def end(self):
        self.phase = "ran"

    def adopt(self, context):
        """Takes the connection of env.py, if it is the one that was asked for."""
        self.run_place = find_place(self.folder)
        self.is_begun_outside = bool(getattr(context, "_in_external_transaction", False))
        self.is_begun = getattr(context, "_transaction", None) is not None
        dialect = context.connection.dialect
        raw = self.raw_at_hand = raw_connection(context.connection.connection)
        if dialect.name != "postgresql":
            self._refuse_database(dialect.name)
        actual = query_value(raw, "select current_database()")
        if actual != self.database:
            self._refuse_database(actual)
        if self.schema is not None:
            found = query_value(raw, "select current_schema()")
            if found != self.schema:
                self._refuse_schema("its search_path begins in %s" % found)
        if self.context is not None:
            self.fail({
                "kind": "source_failed",
                "during": "running env.py",
                "error": "it runs the migrations more than once for one URL",
            })
        self._check_server(raw)
        self.context, self.raw = context, raw

    def _check_server(self, raw):
        expected = self.server.get("systemIdentifier")
        actual = read_system_identifier(raw) if expected else None
        if actual is not None:
            if actual != str(expected):
                self._refuse_database("%s on server %s" % (self.database, actual), expected)
            return
        # Behind a forwarded port the server itself knows another port: what env.py connects to is compared.
        for opened in self.opened:
            options = opened.options
            port = options.get("port")
            if opened.raw is raw and port and str(port) != str(self.server["port"]):
                self._refuse_database("%s on port %s" % (self.database, port), "port %s" % self.server["port"])
            if opened.raw is raw and self.server["host"].startswith("/"):
                self._check_socket(options)

    def _check_socket(self, options):
        """Behind a socket, ports are often alike: the folder tells one server from another."""
        expected = "%s/.s.PGSQL.%s" % (self.server["host"].rstrip("/"), self.server["port"])
        host = str(options.get("host") or "")
        actual = options.get("unix_sock") or "%s/.s.PGSQL.%s" % (host.rstrip("/"), self.server["port"])
        if actual != expected:
            self._refuse_database("%s on %s" % (self.database, host or actual), self.server["host"])

    def _refuse_database(self, actual, where=None):
        expected = self.database + (" on " + str(where) if where else "")
        self._refuse_place(expected, str(actual))

    def _refuse_schema(self, actual):
        expected = "%s, schema %s" % (self.database, self.schema)
        self._refuse_place(expected, actual)

    def _refuse_place(self, expected, actual):
        failure = {"kind": "wrong_database", "tenant": self.tenant, "expected": expected, "actual": actual}
        opener = self._opener_of(self.raw_at_hand)
        self.fail({**failure, "opener": opener} if opener else failure)

    def _opener_of(self, raw):
        return next((opened.opener for opened in self.opened if opened.raw is raw), None)

    def check_statement(self, raw, statement):
        """Before each statement: nothing is written outside a transaction."""
        if is_autocommit(raw) and not is_harmless(statement):
            self.refuse_statement(statement, AT_ONCE)
        lasting = find_lasting(statement) if self.is_reading else None
        if lasting:
            self.refuse_statement(statement, lasting + "() takes effect although tenants are only read")
        if not self.is_reading or self.phase != "running":
            self.narrowed.before(raw, statement, self.is_reading)

    def guard_rows(self, raw, statement):
        """Only a migration has rows that a policy may hide."""

    def is_made(self, raw, statement):
        """Only a migration goes on from what an earlier attempt has made."""
        return False

    def report_statement(self, statement, row_count, elapsed):
        """Only a migration reports statements."""

    def commit(self, raw, really_commit):
        """Stands in for the dialect's commit: what only set something is kept, what wrote is not."""
        if is_autocommit(raw):
            really_commit()
        elif query_value(raw, "select pg_current_xact_id_if_assigned()::text") is None:
            really_commit()
        else:
            raw.rollback()

    def close(self):
        for opened in self.opened:
            close_quietly(opened.raw)


def find_version_table(context):
    """Schema and name of the version table, as the search path of env.py leads to it; none before it is made."""
    name = context.connection.dialect.identifier_preparer.format_table(context._version)
    return query(raw_connection(context.connection.connection), _PLACE % quote_literal(name))


_PLACE = """
select n.nspname::text as schema, c.relname::text as name
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.oid = pg_catalog.to_regclass(%s)
"""


def refuses_control(session, statement):
    """Refuses a statement that would begin or end the transaction that is not its own."""
    control = find_control(statement)
    if control:
        session.refuse_statement(statement, control + " ends or divides the transaction")
