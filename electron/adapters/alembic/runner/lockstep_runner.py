"""Runs an unmodified Alembic project for Lockstep, which starts it with the project's own interpreter.

One JSON request per line on stdin, answers and messages on stdout; whatever the project prints goes to stderr.
One tenant after another in one warm process, never threads: Alembic keeps its state in module globals.
"""

import contextlib
import importlib
import os
import platform
import sys

# Without a file, lockstep_bootstrap.py brings our modules along.
_FOLDER = os.path.dirname(os.path.abspath(__file__)) if "__file__" in globals() else None
if _FOLDER:
    sys.path.insert(0, _FOLDER)
# The build's folder may be read-only, or signed: nothing is written beside these files.
_writes_bytecode = sys.dont_write_bytecode
sys.dont_write_bytecode = True

from lockstep_causes import explain_end  # noqa: E402
from lockstep_channel import Channel  # noqa: E402
from lockstep_errors import (  # noqa: E402
    Refusal,
    connection_failure,
    database_facts,
    find_refusal,
    first_line,
    is_database_error,
    is_lost,
    is_server_problem,
    locate,
    scrub,
    source_failure,
    stems_from,
)
from lockstep_graph import checksum_of, describe_graph, plan_steps, plan_way_back  # noqa: E402
from lockstep_hooks import install_hooks, session_runs  # noqa: E402
from lockstep_migration import Migration  # noqa: E402
from lockstep_project import (  # noqa: E402
    build_url,
    delivered_environment,
    load_script,
    make_config,
    project_folder,
    secret_forms,
)
from lockstep_reading import describe_write, is_refused_write  # noqa: E402
from lockstep_session import Session, find_version_table  # noqa: E402

# From here on the project's own modules cannot be hidden by ours.
sys.path[:] = [folder for folder in sys.path if folder != _FOLDER]
sys.dont_write_bytecode = _writes_bytecode


def hello(request, channel):
    try:
        from importlib import metadata
    except ImportError:
        metadata = None
    versions = {"python": platform.python_version()}
    for name in ("alembic", "sqlalchemy", "psycopg", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000"):
        try:
            versions[name] = metadata.version(name)
        except Exception:
            continue
    for name in ("alembic", "sqlalchemy"):
        try:
            __import__(name)
        except ImportError:
            failure = {"kind": "alembic_missing", "interpreter": sys.executable, "missing": name}
            raise Refusal(failure)
    return {"versions": versions}


def graph(request, channel):
    return describe_graph(request["project"])


def steps(request, channel):
    plan = plan_way_back if request.get("back") else plan_steps
    return {"steps": plan(request["project"], request["from"], request["target"])}


def heads(request, channel):
    found = []
    tables = []

    def capture(revisions, context):
        found.extend(revisions)
        tables.extend(find_version_table(context))
        return []

    session = Session(request)
    try:
        with session_runs(session):
            run_environment(request, session, {"fn": capture, "dont_mutate": True}, "heads")
    except BaseException as error:
        raise Refusal(describe(error, session, request))
    if session.failure or session.context is None:
        raise Refusal(session.failure or explain_end(session))
    return {"heads": sorted(found), "versionTable": tables[0] if tables else None}


def migrate(request, channel):
    script = load_script(request["project"])
    revisions = []
    for step in request["steps"]:
        try:
            revision = script.get_revision(step["revision"])
        except Exception as error:
            raise Refusal(source_failure(error, "loading revision " + step["revision"], project_folder(request["project"])))
        found = checksum_of(revision.path)
        if found != step["checksum"]:
            raise Refusal({
                "kind": "migration_edited",
                "file": step["file"],
                "revision": step["revision"],
                "tenant": request["tenant"],
                "recorded": step["checksum"],
                "found": found,
            })
        revisions.append(revision)
    session = Migration(request, channel, revisions, [step.get("direction") == "down" for step in request["steps"]])
    failure = None
    try:
        with session_runs(session):
            run_environment(request, session, {"fn": session.steps}, revisions[-1].revision)
    except BaseException as error:
        failure = describe(error, session, request)
    return conclude(session, failure or session.failure)


def conclude(session, failure):
    """What is certain about the database after env.py is over."""
    if not session.transactional:
        if not failure and session.applied != [revision.revision for revision in session.revisions]:
            failure = explain_end(session)
        if not failure:
            return {"status": "finished", "xid": None}
        # A failed step is not noted as applied, although what it ran outside a transaction may stay.
        is_known = not session.applied and failure["kind"] != "connection_lost"
        return {"status": "rolled_back" if is_known else "unknown", "xid": None, "failure": failure}
    if session.phase == "finished" and not failure:
        return {"status": "finished", "xid": session.xid}
    failure = failure or explain_end(session)
    if session.phase == "finished" and session.request["gid"] is not None and session.undo_prepared():
        return {"status": "rolled_back", "failure": failure}
    if session.phase in ("finished", "lost") or failure["kind"] == "committed_behind_our_back":
        return {"status": "unknown", "xid": session.xid, "failure": failure}
    return {"status": "rolled_back", "failure": failure}


def run_environment(request, session, options, target):
    """Runs env.py from its first line, as each alembic command does."""
    from alembic.runtime.environment import EnvironmentContext

    project = request["project"]
    script = load_script(project)
    url = build_url(project, request["server"], request["database"], make_config(project), script)
    session.url = url
    config = make_config(project, target, url, request.get("schema"))
    context_options = {"as_sql": False, "starting_rev": None, "destination_rev": target, "tag": None, **options}
    with delivered_environment(project, url), EnvironmentContext(config, script, **context_options):
        script.run_env()


def describe(error, session, request):
    """The failure behind whatever came out of env.py."""
    failure = _describe(error, session, request, project_folder(request["project"]))
    return scrub(failure, secret_forms(request["server"], session.url))


def _describe(error, session, request, folder):
    refusal = find_refusal(error)
    if refusal:
        return refusal.failure
    if session.opening_error is not None and stems_from(error, session.opening_error[1]):
        return _opening_failure(session.opening_error, folder)
    if session.connection_error is not None and not session.opened and is_server_problem(session.connection_error):
        return connection_failure(session.connection_error, request["server"], request["database"])
    facts = database_facts(error) if is_database_error(error) else None
    if is_refused_write(facts):
        if session.is_reading:
            return describe_write(session, facts, error, locate(error, folder))
        if session.failure:
            return session.failure
    if session.raw is not None and is_database_error(error) and is_lost(error) and (facts or _is_gone(session)):
        return {"kind": "connection_lost", "server": request["server"]["name"], "during": "migrating " + session.tenant}
    if session.revision is None:
        if facts:
            return {"kind": "database_error", "server": request["server"]["name"], "database": session.database, **facts}
        return source_failure(error, "running env.py", folder)
    return _migration_failure(error, facts, session, folder)


def _opening_failure(opening, folder):
    """A function of the project was to open the connection: no address of ours was asked."""
    opener, error = opening
    if opener is None:
        return source_failure(error, "running env.py", folder)
    failure = source_failure(error, "connecting by %s (%s)" % (opener["name"], opener["how"]), folder)
    return {**{key: opener[key] for key in ("file", "line") if key in opener}, **failure}


def _is_gone(session):
    inner = getattr(session.raw, "_connection", None)
    is_closed = getattr(inner, "is_closed", None)
    return bool(getattr(session.raw, "closed", False)) or bool(callable(is_closed) and is_closed())


def _migration_failure(error, facts, session, folder):
    statement = getattr(error, "statement", None)
    if facts and facts["sqlstate"] == "25001":
        return {
            "kind": "not_transactional",
            "tenant": session.tenant,
            "revision": session.revision,
            "statement": str(statement or ""),
            "reason": facts["message"],
        }
    if session.own_blocker and facts and facts["sqlstate"] == "55P03":
        return {
            "kind": "own_session_blocks",
            "tenant": session.tenant,
            "revision": session.revision,
            "statement": str(statement or "")[:20000],
            **session.own_blocker,
        }
    failure = {"kind": "migration_failed", "tenant": session.tenant, "revision": session.revision}
    failure.update(facts or {"message": first_line(error)})
    if statement:
        failure["statement"] = str(statement)[:20000]
    path = next((revision.path for revision in session.revisions if revision.revision == session.revision), None)
    failure.update(locate(error, folder, path))
    return failure


OPERATIONS = {"hello": hello, "graph": graph, "steps": steps, "heads": heads, "migrate": migrate}


def preload():
    """Imports what the first tenant needs, while there is nothing else to do: that takes longer than a migration."""
    for name in ("alembic.command", "sqlalchemy.dialects.postgresql", "psycopg", "psycopg2"):
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def main(reader=None):
    channel = Channel(reader)
    is_loaded = False
    while True:
        if not is_loaded and channel.is_waiting(0.03):
            preload()
            is_loaded = True
        request = channel.receive()
        try:
            if request["op"] != "hello":
                # Before the project's own modules make an engine.
                install_hooks()
            answer = {"type": "result", "result": OPERATIONS[request["op"]](request, channel)}
        except Refusal as refusal:
            answer = {"type": "failure", "failure": refusal.failure}
        except BaseException as error:
            answer = {"type": "failure", "failure": {"kind": "internal", "message": first_line(error)}}
        channel.send({"id": request["id"], **answer})


if __name__ == "__main__":
    main()
