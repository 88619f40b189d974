"""A migration of one tenant: statements are reported, and the transaction ends only in the vote."""

import contextlib

from lockstep_causes import describe_ended_transaction
from lockstep_database import (
    is_autocommit,
    prepare,
    query,
    query_value,
    raw_connection,
    runs_on_new_connection,
    set_limits,
    settle_constraints,
)
from lockstep_errors import Refusal, is_lost
from lockstep_index import settle_index
from lockstep_lines import SourceLines
from lockstep_outside import Watch, watched
from lockstep_recording import Recorder
from lockstep_role import find_foreign_owner, return_to_login
from lockstep_session import Session, refuses_control
from lockstep_sql import called_names, find_insert_target, is_rollback, only_adds_rows, quote_literal
from lockstep_trace import Trace

_ROW_SECURITY = """
select pg_catalog.set_config(name, %s, %s) from pg_catalog.pg_settings where name = 'row_security'
"""


class Migration(Session):
    """Runs the steps; in one transaction that is prepared or committed as told, or one by one."""

    is_reading = False

    def __init__(self, request, channel, revisions, downward):
        super().__init__(request)
        self.channel = channel
        self.request = request
        self.transactional = request["transactional"]
        self.revisions = revisions
        self.downward = downward
        self.applied = []
        self.commits = 0
        self.xid = None
        self.index = 0
        self.ran = 0
        self.lines = None
        self.backend = None
        self.answer = None
        self.trace = Trace(request["trace"]) if request.get("trace") else None
        self.accepted = {step["revision"] for step in request["steps"] if step.get("acceptsHiddenRows")}
        self.is_guarded = False
        self.recorder = Recorder(self, request["record"]) if request.get("record") else None

    def configure(self, context):
        context._transaction_per_migration = not self.transactional
        if self.transactional:
            context.impl.transactional_ddl = True
        context.on_version_apply_callbacks = tuple(context.on_version_apply_callbacks) + (self._report_revision,)

    def begin(self, context):
        self.revision = self.revisions[0].revision
        if self.transactional and self.context is None:
            # Must be the first statement of the transaction wherever the database's default is another level.
            query(raw_connection(context.connection.connection), "set transaction isolation level read committed")
        self.adopt(context)
        self._set_limits()
        if self.transactional:
            self._prove_transaction()
            self._lock_version_table()
        self._verify_heads()
        self.phase = "running"
        seen = {"trace": self.trace.start(self.raw)} if self.trace else {}
        self.channel.send({"type": "started", "backendPid": self.backend, "xid": self.xid, **seen})
        self.channel.receive()
        self._ask_guard()
        if self.recorder:
            self.recorder.begin()

    def _ask_guard(self):
        """Counts before the first step, under locks that stay for as long as the transaction does."""
        queries = self.request.get("guard") or []
        if not queries:
            return
        if not self.transactional and is_autocommit(self.raw):
            query(self.raw, "begin")
        rows = {item["name"]: query(self.raw, item["sql"]) for item in queries}
        if not self.transactional:
            query(self.raw, "rollback") if is_autocommit(self.raw) else self.raw.rollback()
        self.channel.send({"type": "guarded", "rows": rows})
        if self.channel.receive()["answer"] != "go":
            self.fail({"kind": "cancelled", "reason": "what was counted before the first step was refused"})

    def end(self):
        self.phase = "ran"
        self.is_in_revision = False

    def steps(self, heads, context):
        """What Alembic asks for its steps: exactly the planned ones."""
        from alembic.runtime.migration import MigrationStep

        for revision, is_down in zip(self.revisions, self.downward):
            make = MigrationStep.downgrade_from_script if is_down else MigrationStep.upgrade_from_script
            step = make(context.script.revision_map, revision)
            step.migration_fn = self._wrap(revision, step.migration_fn)
            yield step

    def _wrap(self, revision, migrate):
        def run(**options):
            self.revision, self.index, self.is_in_revision = revision.revision, 0, True
            if revision.revision in self.accepted:
                self._show_hidden_rows(True)
            self.lines = SourceLines(revision.path) if self.trace else None
            try:
                with self._contained(revision):
                    migrate(**options)
            finally:
                self.is_in_revision = False
            self._show_hidden_rows(False)
            if self.transactional:
                self._check_xid()
                settled = settle_constraints(self.raw)
                if self.recorder:
                    self.recorder.constraints_settled(settled)

        return run

    def _contained(self, revision):
        """On a copy, nothing of a revision may reach anything else; what swallows the refusal is stopped at the vote."""
        if not self.request.get("isOnCopy"):
            return contextlib.nullcontext()

        def refuse(what):
            reach = "revision %s %s" % (revision.revision, what)
            self.fail({"kind": "reaches_beyond", "tenant": self.tenant, "reach": reach, "why": ""})

        watch = Watch(refuse, self.database)
        watch.lines = SourceLines(revision.path)
        return watched(watch)

    def _report_revision(self, step=None, **_):
        self.applied.append(self.revision)
        if self.recorder:
            self.recorder.applied()
        self.channel.send({"type": "revision", "revision": self.revision})

    def _set_limits(self):
        limits = {
            "lock_timeout": "%dms" % self.request["lockTimeoutMs"],
            "statement_timeout": "%dms" % self.request["statementTimeoutMs"],
            "idle_in_transaction_session_timeout": "0",
        }
        self.backend = query_value(self.raw, "select pg_backend_pid()")
        set_limits(self.raw, limits, self.transactional)
        # What a policy would narrow is an error, instead of passing over rows in silence.
        self.is_guarded = bool(query(self.raw, self.request["rowGuard"]))
        if not self.transactional and not is_autocommit(self.raw):
            self.raw.commit()

    def _prove_transaction(self):
        self.xid = query_value(self.raw, "select pg_current_xact_id()::text")
        if is_autocommit(self.raw) or self._assigned() != self.xid:
            self.refuse_statement("env.py", "it connects in autocommit")

    def _assigned(self):
        return query_value(self.raw, "select pg_current_xact_id_if_assigned()::text")

    def _check_xid(self):
        if self._assigned() == self.xid:
            return
        status = query_value(self.raw, "select pg_xact_status('%s'::xid8)" % self.xid)
        self.fail(describe_ended_transaction(self, status))

    def _version_table(self):
        return self.context.connection.dialect.identifier_preparer.format_table(self.context._version)

    def _lock_version_table(self):
        if self.context._has_version_table():
            query(self.raw, "lock table " + self._version_table() + " in share row exclusive mode")

    def _verify_heads(self):
        found, expected = sorted(self.context.get_current_heads()), sorted(self.request["from"])
        if found != expected:
            named = [", ".join(heads) or "nothing" for heads in (found, expected)]
            self.fail({
                "kind": "migration_failed",
                "tenant": self.tenant,
                "revision": self.revision,
                "message": "the version table holds %s, and the plan begins at %s" % tuple(named),
            })

    def check_statement(self, raw, statement):
        if not self.transactional:
            return
        refuses_control(self, statement)
        super().check_statement(raw, statement)

    def guard_rows(self, raw, statement):
        """An INSERT of values passes over no row: its policy refuses aloud, unless it runs code that looks at others."""
        # A failed transaction takes nothing but its way back to a savepoint.
        if raw is not self.raw or not self.is_in_revision or is_rollback(statement):
            return
        self._show_hidden_rows(self.revision in self.accepted or self._shows_rows(statement))

    def _shows_rows(self, statement):
        target = find_insert_target(statement) if self.is_guarded and only_adds_rows(statement) else None
        if target is None:
            return False
        calls = "array[%s]::text[]" % ", ".join(quote_literal(name) for name in called_names(statement))
        return query_value(self.raw, self.request["insertGuard"] % {"target": quote_literal(target), "calls": calls})

    def _show_hidden_rows(self, is_shown):
        # Before every statement: a savepoint, RESET ALL, or a statement of the revision may have taken it back.
        if not self.is_guarded:
            return
        value = "reset_val" if is_shown else "'off'"
        scope = "true" if self.transactional else "false"
        query(self.raw, _ROW_SECURITY % (value, scope))
        if self.recorder:
            self.recorder.rows_guarded(is_shown)

    def is_made(self, raw, statement):
        if self.transactional or raw is not self.raw or not self.is_in_revision or not is_autocommit(raw):
            return False

        def makes_same(sql, definition):
            self.channel.send({"type": "existing_index", "sql": sql, "definition": definition})
            return self.channel.receive()["answer"] == "skip"

        return settle_index(raw, statement, makes_same)

    def before_statement(self, raw, statement):
        if raw is not self.raw or not self.is_in_revision:
            return
        coming = {"type": "coming", "revision": self.revision, "index": self.index, "sql": statement}

        def announce():
            self.channel.send(coming)
            self.channel.receive()

        self.trace.before(raw, statement, self.index == 0 or not self.transactional, announce)

    def statement_failed(self, raw):
        if raw is self.raw:
            self.trace.give_up(raw)

    def report_statement(self, statement, row_count, elapsed):
        seen = self.trace.after(self.raw) if self.trace else {}
        line = self.lines.current() if self.trace else None
        self.channel.send({
            "type": "statement",
            "revision": self.revision,
            "index": self.index,
            "sql": statement,
            "rowCount": row_count if isinstance(row_count, int) and row_count >= 0 else None,
            "durationMs": round(elapsed, 3),
            **({} if line is None else {"line": line}),
            **seen,
        })
        self.index += 1
        self.ran += 1
        if self.trace:
            # Whoever asked for a trace looks from outside while the statement's locks are held.
            if self.channel.receive()["answer"] == "stop":
                self._stop()
            self.trace.finish(self.raw)
        if self.ran == self.request.get("probeAfter"):
            self._probe()

    def _stop(self):
        """Whoever looked on wants nothing of this to stay."""
        self.trace.give_up(self.raw)
        if not is_autocommit(self.raw):
            self.raw.rollback()
        self.phase = "undone"
        self.fail({"kind": "cancelled", "reason": "the statement was refused"})

    def _probe(self):
        """Tries whether what ran so far could vote; it is rolled back when env.py is over."""
        self._return_to_login()
        self._prepare()
        self.phase = "finished"
        self.fail({"kind": "cancelled", "reason": "only tried"})

    def commit(self, raw, really_commit):
        if self.failure:
            raw.rollback()
            raise Refusal(self.failure)
        if not self.transactional or is_autocommit(raw):
            self.commits += 1
            really_commit()
            return
        xid = query_value(raw, "select pg_current_xact_id_if_assigned()::text")
        if raw is self.raw and self.phase == "ran":
            self._vote(xid, really_commit)
        elif xid is None:
            really_commit()
        else:
            raw.rollback()
            self._refuse_commit(raw)

    def _refuse_commit(self, raw):
        if self.phase == "finished":
            self.fail({
                "kind": "committed_behind_our_back",
                "tenant": self.tenant,
                "detail": "env.py wrote more and wanted to commit it after the migration's own transaction",
            })
        who = "a commit by env.py"
        if self.is_in_revision:
            who = "a commit inside the revision" + ("" if raw is self.raw else ", on a connection of its own")
        self.refuse_statement(who, "it would commit apart from the migration's own transaction")

    def _vote(self, xid, really_commit):
        if xid != self.xid:
            self._check_xid()
        if self.recorder:
            self.channel.send(self.recorder.result())
        # What is checked at the end is checked as the role that wrote it, and with its rights.
        query(self.raw, "set constraints all immediate")
        rows = self._inspect()
        seen = {"trace": self.trace.look(self.raw)} if self.trace else {}
        if self.request["gid"] is not None:
            self._return_to_login()
        self.channel.send({"type": "ready", "xid": xid, **rows, **seen})
        self.answer = self.channel.receive()["answer"]
        if self.answer != "finish":
            self.raw.rollback()
            self.phase = "undone"
            self.fail({"kind": "cancelled", "reason": "the vote was no"})
        self.phase = "finishing"
        try:
            self._prepare() if self.request["gid"] is not None else really_commit()
        except Refusal:
            self.phase = "undone"
            raise
        except Exception as error:
            self.phase = "lost" if is_lost(error) else "undone"
            raise
        self.phase = "finished"

    def _return_to_login(self):
        return_to_login(self.raw)
        owner, finisher = find_foreign_owner(self.raw, self.server["user"]), self.server["user"]
        if owner is not None:
            failure = {"kind": "vote_unfinishable", "tenant": self.tenant, "owner": owner, "user": finisher}
            self.raw.rollback()
            self.phase = "undone"
            self.fail(failure)

    def _inspect(self):
        """Looks at the result inside the transaction; a savepoint keeps the locks of looking out of it."""
        query(self.raw, "savepoint lockstep_inspection")
        heads = query(self.raw, "select version_num from " + self._version_table())
        rows = {}
        for item in self.request["inspection"] or []:
            given = item.get("given")
            is_given = given is None or rows.get(given["name"]) == given["rows"]
            rows[item["name"]] = query(self.raw, item["sql"] if is_given else item["otherwise"])
        query(self.raw, "rollback to savepoint lockstep_inspection")
        query(self.raw, "release savepoint lockstep_inspection")
        return {"heads": sorted(row["version_num"] for row in heads), "rows": rows}

    def _prepare(self):
        tag = prepare(self.raw, quote_literal(self.request["gid"]))
        if tag != "PREPARE TRANSACTION":
            # Outside a transaction, or in an aborted one, the server answers with a mere warning.
            self.failure = {
                "kind": "committed_behind_our_back",
                "tenant": self.tenant,
                "detail": "the transaction was over when it was to be prepared: " + str(tag),
            }
            raise Refusal(self.failure)

    def undo_prepared(self):
        """Rolls a prepared transaction back after env.py failed; True when it is gone."""
        sql = "rollback prepared " + quote_literal(self.request["gid"])
        # The login has prepared it, whatever role its connections begin with.
        return any(
            opened.raw is self.raw and runs_on_new_connection(opened.dialect, opened.reopen, ("set role none", sql))
            for opened in self.opened
        )
