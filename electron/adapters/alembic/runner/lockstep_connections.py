"""Every connection that SQLAlchemy opens, whichever way: from a URL, in a do_connect listener, by the engine's own creator."""

import inspect

import lockstep_session
from lockstep_database import close_quietly, is_autocommit, query_value
from lockstep_outside import current_watch, own_connection
from lockstep_places import describe_function, find_place


class Opened:
    """A connection, how to open another like it, and whose function opened it where that was not SQLAlchemy's own."""

    def __init__(self, raw, dialect, reopen, options, opener, place):
        self.raw = raw
        self.dialect = dialect
        self.reopen = reopen
        self.options = options
        self.opener = opener
        self.place = place


def hook_connections():
    from sqlalchemy.engine.default import DefaultDialect
    from sqlalchemy.pool import Pool

    real_wrap = Pool._should_wrap_creator
    real_connect = DefaultDialect.connect

    def wrap_creator(pool, creator):
        real = real_wrap(pool, creator)

        def create(record):
            watch = current_watch()
            if watch and watch.database is None:
                watch.refuse("opens a connection of its own: an engine")
            session = lockstep_session.current()
            dialect = getattr(pool, "_dialect", None)
            if not session or getattr(dialect, "name", None) != "postgresql":
                return real(record)
            return _open(session, dialect, creator, lambda: real(record))

        return create

    def connect(dialect, *arguments, **options):
        session = lockstep_session.current()
        if not session or dialect.name != "postgresql":
            return real_connect(dialect, *arguments, **options)
        options = _with_login(session, dialect, options)
        session.connecting = (arguments, options)
        try:
            return real_connect(dialect, *arguments, **options)
        except Exception as error:
            session.connection_error = error
            raise

    Pool._should_wrap_creator = wrap_creator
    DefaultDialect.connect = connect


def _open(session, dialect, creator, create):
    own, listeners = _find_creator(creator), _listeners(dialect)
    opener = own and describe_function(own, "creator", session.folder)
    if opener is None and listeners:
        opener = describe_function(listeners[-1], "do_connect", session.folder)
    session.connecting = None
    watch = current_watch()
    try:
        with own_connection():
            raw = create()
    except Exception as error:
        if session.connecting is None:
            session.opening_error = (opener, error)
        raise
    reopen, options = create, {}
    if session.connecting is not None:
        arguments, options = session.connecting

        def reopen():
            return dialect.connect(*arguments, **options)

    if watch and watch.database is not None:
        _refuse_elsewhere(watch, raw)
    session.opened.append(Opened(raw, dialect, reopen, options, opener, find_place(session.folder)))
    session.enter_schema(raw)
    return raw


def _refuse_elsewhere(watch, raw):
    """A revision that is only tried may open more connections to the copy, and to nothing else."""
    found = query_value(raw, "select current_database()")
    if found != watch.database:
        close_quietly(raw)
        watch.refuse("opens a connection of its own to the database " + str(found))
    if not is_autocommit(raw):
        raw.rollback()


def _with_login(session, dialect, options):
    """Everything that the project sets counts, but who logs in is said by lockstep.yml, as it is in the URL."""
    listeners = _listeners(dialect)
    user, known = options.get("user"), session.server.get("password")
    if listeners and user is not None and user != session.server["user"]:
        opener = describe_function(listeners[-1], "do_connect", session.folder)
        session.fail({
            "kind": "source_failed",
            "during": "connecting as %s (do_connect)" % opener["name"],
            **{key: opener[key] for key in ("file", "line") if key in opener},
            "error": "it logs in as %s, and lockstep.yml as %s" % (user, session.server["user"]),
            "remedy": "Give the server user: %s in lockstep.yml, or let %s keep the user it is given."
            % (user, opener["name"]),
        })
    if listeners and known is not None and "password" in options:
        return {**options, "password": known}
    return options


def _listeners(dialect):
    return list(dialect.dispatch.do_connect) if getattr(dialect, "_has_events", False) else []


def _find_creator(creator):
    """The project's own function; None for the one that create_engine() makes from a URL."""
    if getattr(creator, "__module__", None) == "sqlalchemy.engine.create":
        return None
    if getattr(creator, "__module__", None) == "sqlalchemy.ext.asyncio.engine":
        return inspect.getclosurevars(creator).nonlocals.get("async_creator", creator)
    return creator
