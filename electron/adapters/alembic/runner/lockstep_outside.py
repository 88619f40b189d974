"""What a revision does past its own connection: sessions of a driver, programs, sockets. Refused where nothing of it may stay."""

import contextlib
import importlib
import importlib.util
import sys
import threading

from lockstep_errors import Refusal

_state = {"watch": None, "allowed": 0, "installed": False}


class ReachesOut(Refusal):
    """Says what a revision was about to do."""

    def __init__(self, what, line=None):
        super().__init__({"kind": "internal", "message": "a revision " + what})
        self.what = what if line is None else "%s (line %d)" % (what, line)

    def __str__(self):
        return self.what


class Watch:
    """While it lasts, whatever leaves is refused; sessions of the database that is named are not."""

    def __init__(self, refuse=None, database=None, is_strict=True):
        self.database = database
        self.lines = None
        self.is_strict = is_strict
        self.found = None
        self._refuse = refuse
        # Threads of the project, such as one that reports errors, go on as ever.
        self._others = {thread.ident for thread in threading.enumerate()} - {threading.get_ident()}

    def concerns_us(self):
        return threading.get_ident() not in self._others

    def refuse(self, what):
        """Kept as well, because a revision may swallow the exception."""
        refusal = ReachesOut(what, self.lines and self.lines.current())
        self.found = self.found or refusal
        if self._refuse:
            self._refuse(str(refusal))
        raise refusal


@contextlib.contextmanager
def watched(watch):
    _install()
    before = _state["watch"]
    _state["watch"] = watch
    try:
        yield watch
    finally:
        _state["watch"] = before


@contextlib.contextmanager
def own_connection():
    """What SQLAlchemy opens is looked at elsewhere."""
    _state["allowed"] += 1
    try:
        yield
    finally:
        _state["allowed"] -= 1


def current_watch():
    watch = _state["watch"]
    return watch if watch and not _state["allowed"] and watch.concerns_us() else None


def _install():
    if _state["installed"]:
        return
    _state["installed"] = True
    for name, guard in _GUARDS.items():
        if name in sys.modules:
            with contextlib.suppress(Exception):
                guard(sys.modules[name])
    sys.meta_path.insert(0, _DriverFinder())
    if hasattr(sys, "addaudithook"):
        sys.addaudithook(_audit)


class _DriverFinder:
    """Guards a driver as soon as it is imported, which a revision may do while it runs."""

    def find_spec(self, name, path=None, target=None):
        guard = _GUARDS.get(name)
        if guard is None:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        if spec is not None and spec.loader is not None:
            real = spec.loader.exec_module

            def exec_module(module):
                real(module)
                with contextlib.suppress(Exception):
                    guard(module)

            spec.loader.exec_module = exec_module
        return spec


def _begin(call):
    """Refuses at once where no session may be opened; otherwise whoever opened one has to be looked at."""
    watch = current_watch()
    if watch and watch.database is None:
        watch.refuse("opens a connection of its own: " + call)
    return watch


def _look(watch, call, raw):
    if watch and getattr(getattr(raw, "info", None), "dbname", None) != watch.database:
        raw.close()
        watch.refuse("opens a connection of its own: " + call)
    return raw


def _guard_psycopg2(module):
    real = module._connect

    def connect(*arguments, **options):
        watch = _begin("psycopg2.connect()")
        return _look(watch, "psycopg2.connect()", real(*arguments, **options))

    module._connect = connect
    import psycopg2.extensions
    import psycopg2.extras

    plain = psycopg2.extensions.connection
    for found in list(vars(psycopg2.extras).values()):
        if isinstance(found, type) and issubclass(found, plain) and found.__module__ == "psycopg2.extras":
            _guard_init(found, "a connection of psycopg2.extras")
    psycopg2.extensions.connection = _guarded_class(plain)


def _guarded_class(plain):
    """Stands for the driver's class, whose own constructor cannot be replaced."""

    class Kind(type):
        def __instancecheck__(cls, found):
            return isinstance(found, plain)

        def __subclasscheck__(cls, found):
            return issubclass(found, plain)

    guarded = Kind(plain.__name__, (plain,), {"__module__": plain.__module__})
    _guard_init(guarded, "psycopg2.extensions.connection()")
    return guarded


def _guard_init(kind, call):
    real = kind.__init__

    def init(self, *arguments, **options):
        watch = _begin(call)
        real(self, *arguments, **options)
        _look(watch, call, self)

    kind.__init__ = init


def _guard_psycopg(module):
    for kind in module.Connection.__mro__:
        real = vars(kind).get("_connect_gen")
        if real is not None:
            kind._connect_gen = classmethod(_guard_generator(real.__func__))


def _guard_generator(real):
    def connect(kind, *arguments, **options):
        watch = _begin("psycopg.connect()")
        raw = yield from real(kind, *arguments, **options)
        if watch and raw.info.dbname != watch.database:
            raw.pgconn.finish()
            watch.refuse("opens a connection of its own: psycopg.connect()")
        return raw

    return connect


def _guard_asyncpg(module):
    utils = importlib.import_module("asyncpg.connect_utils")
    real = utils._connect

    async def connect(*arguments, **options):
        _refuse_unseen("asyncpg.connect()")
        return await real(*arguments, **options)

    utils._connect = connect


def _guard_pg8000(module):
    core = importlib.import_module("pg8000.core")
    for name in ("CoreConnection", "Connection"):
        kind = getattr(core, name, None)
        if kind is not None:
            _guard_unseen_init(kind)


def _guard_unseen_init(kind):
    real = kind.__init__

    def init(self, *arguments, **options):
        _refuse_unseen("pg8000.connect()")
        real(self, *arguments, **options)

    kind.__init__ = init


def _refuse_unseen(call):
    watch = current_watch()
    if watch:
        watch.refuse("opens a connection of its own: " + call)


_GUARDS = {
    "psycopg2": _guard_psycopg2,
    "psycopg": _guard_psycopg,
    "asyncpg": _guard_asyncpg,
    "pg8000": _guard_pg8000,
}

_PROGRAMS = frozenset(("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "pty.spawn"))
_SOCKETS = frozenset(("socket.connect", "socket.sendto", "socket.sendmsg"))
_LOGS = ("/dev/log", "/var/run/syslog", "/run/systemd/journal/socket", "/run/systemd/journal/dev-log")


def _audit(event, arguments):
    """Called for very many events: the name is looked at first."""
    is_program = event in _PROGRAMS
    if not is_program and event not in _SOCKETS:
        return
    watch = current_watch()
    if not watch or not watch.is_strict:
        return
    if is_program:
        watch.refuse("runs a program of its own: " + _name_program(event, arguments))
    elif not _stays_here(arguments):
        watch.refuse("opens a connection of its own: a socket to %s" % (_name_address(arguments[1]),))


def _name_program(event, arguments):
    first = arguments[0] if arguments else event
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
    return text.strip().split(" ")[0] or event


def _name_address(address):
    return "%s:%s" % tuple(address[:2]) if isinstance(address, tuple) and len(address) > 1 else str(address)


def _stays_here(arguments):
    """A message to the machine's own log, or a pair of sockets that an event loop makes of two."""
    if len(arguments) > 1 and arguments[1] in _LOGS:
        return True
    frame = sys._getframe(2)
    return any(name in ("socketpair", "_fallback_socketpair") for name in (frame.f_code.co_name, frame.f_back and frame.f_back.f_code.co_name))
