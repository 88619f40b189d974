"""Small questions to a DBAPI connection, past SQLAlchemy's events and alike for every driver."""


def raw_connection(proxy):
    """The DBAPI connection behind SQLAlchemy's pool proxy."""
    for name in ("dbapi_connection", "connection"):
        found = getattr(proxy, name, None)
        if found is not None:
            return found
    return proxy


def query(raw, sql):
    """Rows of one statement, as dictionaries; none for a statement that has no rows."""
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
    cursor = raw.cursor()
    try:
        cursor.execute(sql)
        return getattr(cursor, "statusmessage", None) or getattr(
            getattr(cursor, "_cursor", None), "statusmessage", None
        )
    finally:
        cursor.close()


def is_autocommit(raw):
    """True when the connection commits each statement by itself."""
    if type(raw).__name__.startswith("AsyncAdapt_asyncpg"):
        return getattr(raw, "isolation_level", None) == "autocommit"
    return bool(getattr(raw, "autocommit", False))


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
