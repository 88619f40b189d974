"""Small questions to a DBAPI connection, past SQLAlchemy's events and alike for every driver."""


def raw_connection(proxy):
    """The DBAPI connection behind SQLAlchemy's pool proxy."""
    for name in ("dbapi_connection", "connection"):
        found = getattr(proxy, name, None)
        if found is not None:
            return found
    return proxy


_own = {"depth": 0}


def is_own_query():
    """True while a question of ours is asked, which is no part of the migration."""
    return _own["depth"] > 0


def query(raw, sql):
    """Rows of one statement, as dictionaries; none for a statement that has no rows."""
    _own["depth"] += 1
    try:
        return _query(raw, sql)
    finally:
        _own["depth"] -= 1


def _query(raw, sql):
    cursor = raw.cursor()
    try:
        cursor.execute(sql)
        if not cursor.description:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]
    finally:
        cursor.close()


def query_value(raw, sql):
    rows = query(raw, sql)
    return next(iter(rows[0].values())) if rows else None


def read_system_identifier(raw):
    """What tells one cluster from another; None for a role that may not ask, which would fail the transaction."""
    if not query_value(raw, "select has_function_privilege('pg_catalog.pg_control_system()', 'execute')"):
        return None
    return query_value(raw, "select system_identifier::text from pg_catalog.pg_control_system()")


def run_for_tag(raw, sql):
    """Runs one statement and gives the server's command tag, or None where the driver does not tell it."""
    if hasattr(raw, "run_async") and type(raw).__name__.startswith("AsyncAdapt_asyncpg"):
        return raw.run_async(lambda connection: connection.execute(sql))
    _own["depth"] += 1
    cursor = raw.cursor()
    try:
        cursor.execute(sql)
        return getattr(cursor, "statusmessage", None) or getattr(
            getattr(cursor, "_cursor", None), "statusmessage", None
        )
    finally:
        _own["depth"] -= 1
        cursor.close()


def prepare(raw, gid):
    """Prepares the transaction and gives the server's answer, which is a mere ROLLBACK where there was none."""
    tag = run_for_tag(raw, "prepare transaction " + gid)
    if tag is None:
        known = query_value(raw, "select count(*) from pg_prepared_xacts where gid = " + gid)
        return "PREPARE TRANSACTION" if known else "ROLLBACK"
    return tag


_DEFERRED = """
select string_agg(format('%I.%I', schema, name), ', ') from (
  select n.nspname as schema, c.conname as name
  from pg_catalog.pg_constraint c join pg_catalog.pg_namespace n on n.oid = c.connamespace
  group by 1, 2 having bool_or(c.condeferred) and bool_and(c.condeferrable)) deferred
"""


def settle_constraints(raw):
    """Without this, `alter table` in the next revision fails on trigger events that wait (55006). Says what it ran."""
    statements = ["set constraints all immediate"]
    query(raw, statements[0])
    deferred = query_value(raw, _DEFERRED)
    if deferred:
        statements.append("set constraints " + deferred + " deferred")
        query(raw, statements[1])
    return statements


def set_limits(raw, limits, is_local):
    """Sets timeouts for the transaction or for the session."""
    scope = "true" if is_local else "false"
    calls = ["set_config('%s', '%s', %s)" % (name, value, scope) for name, value in limits.items()]
    # A plain commit under synchronous_commit=off could be lost after it was recorded as done.
    calls.append(
        "case when current_setting('synchronous_commit') = 'off' then"
        " set_config('synchronous_commit', 'local', %s) end" % scope
    )
    query(raw, "select " + ", ".join(calls))


def is_autocommit(raw):
    """True when the connection commits each statement by itself."""
    if type(raw).__name__.startswith("AsyncAdapt_asyncpg"):
        return getattr(raw, "isolation_level", None) == "autocommit"
    return bool(getattr(raw, "autocommit", False))


def is_idle(raw):
    """True when no transaction is open; false also where the driver does not tell."""
    status = getattr(getattr(raw, "info", None), "transaction_status", None)
    if status is not None:
        return int(status) == 0
    if type(raw).__name__.startswith("AsyncAdapt_asyncpg"):
        return getattr(raw, "_transaction", raw) is None
    return not getattr(raw, "_in_transaction", True)


def is_async(raw):
    return hasattr(raw, "run_async") or type(raw).__name__.startswith("AsyncAdapt")


def close_quietly(raw):
    """Rolls back and closes what env.py left open; connections of an event loop ended with their loop."""
    if is_async(raw) or getattr(raw, "closed", False):
        return
    try:
        raw.close()
    except Exception:
        pass


def run_on_new_connection(dialect, reopen, statements):
    """Runs statements outside a transaction on a connection of their own, after env.py is over."""
    def work():
        raw = reopen()
        try:
            if type(raw).__name__.startswith("AsyncAdapt_asyncpg"):
                for sql in statements:
                    raw.run_async(lambda connection, sql=sql: connection.execute(sql))
                return
            dialect.set_isolation_level(raw, "AUTOCOMMIT")
            for sql in statements:
                query(raw, sql)
        finally:
            raw.close()

    if not getattr(dialect, "is_async", False):
        work()
        return
    import asyncio

    from sqlalchemy.util import greenlet_spawn

    asyncio.run(greenlet_spawn(work))


def runs_on_new_connection(dialect, reopen, statements):
    """The same, and whether it went well."""
    try:
        run_on_new_connection(dialect, reopen, statements)
        return True
    except Exception:
        return False
