"""Turns what was caught into the failures that Lockstep knows, as data and without secrets."""

import configparser
import errno
import os
import re
import traceback


class Refusal(Exception):
    """Carries a failure through Alembic and SQLAlchemy."""

    def __init__(self, failure):
        super().__init__(failure["kind"])
        self.failure = failure


def first_line(error):
    """What an exception says, on one line and without addresses in memory."""
    orig = getattr(error, "orig", None)
    text = str(orig if orig is not None else error).strip().split("\n")[0]
    text = re.sub(r"0x[0-9a-fA-F]{6,}", "0x...", text)
    name = type(orig if orig is not None else error).__name__
    return "%s: %s" % (name, text) if text else name


def find_refusal(error):
    return next((one for one in _causes(error) if isinstance(one, Refusal)), None)


def stems_from(error, cause):
    """True when an exception is another, or was raised because of it."""
    return any(one is cause for one in _causes(error))


def _causes(error):
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def database_facts(error):
    """SQLSTATE, message, detail and constraint of a driver's error; None when the server did not say it."""
    orig = getattr(error, "orig", None) or error
    state = getattr(orig, "sqlstate", None) or getattr(orig, "pgcode", None)
    if not isinstance(state, str):
        return None
    diag = getattr(orig, "diag", None)
    cause = getattr(orig, "__cause__", None)
    message = getattr(diag, "message_primary", None) or getattr(cause, "message", None) or str(orig)
    detail = getattr(diag, "message_detail", None) or getattr(cause, "detail", None)
    constraint = getattr(diag, "constraint_name", None) or getattr(cause, "constraint_name", None)
    facts = {"sqlstate": state, "message": str(message).strip().split("\n")[0]}
    if detail:
        facts["detail"] = str(detail)
    if constraint:
        facts["constraint"] = str(constraint)
    return facts


def is_database_error(error):
    from sqlalchemy import exc

    if isinstance(error, exc.DBAPIError):
        return True
    return type(error).__module__.split(".")[0] in ("psycopg", "psycopg2", "asyncpg")


def is_server_problem(error):
    """True when a server, or the way to it, refused; anything else is the driver's or the project's own."""
    from sqlalchemy import exc

    return not isinstance(error, (ImportError, TypeError, AttributeError, exc.InvalidRequestError))


def is_lost(error):
    """True when nobody can know what the server did with the last statement."""
    facts = database_facts(error)
    return facts is None or facts["sqlstate"][:2] == "08" or facts["sqlstate"][:3] == "57P"


def locate(error, folder, wanted=None):
    """File, relative to the project, and line of the innermost frame that is the project's own code."""
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, SyntaxError) and error.filename:
        return {"file": relative(error.filename, folder), "line": error.lineno or 1}
    if isinstance(error, configparser.Error) and getattr(error, "source", None):
        lines = getattr(error, "errors", None)
        line = getattr(error, "lineno", None) or (lines[0][0] if lines else 1)
        return {"file": relative(str(error.source), folder), "line": line}
    own = [frame for frame in frames if is_own(frame.filename, folder, wanted)]
    return {"file": relative(own[-1].filename, folder), "line": own[-1].lineno} if own else {}


def is_own(filename, folder, wanted=None):
    """True for a file of the project that is no installed package."""
    if filename.startswith("<"):  # not a file, such as our own modules in a container
        return False
    path = os.path.realpath(filename)
    if wanted:
        return path == os.path.realpath(wanted)
    inside = path.startswith(os.path.realpath(folder) + os.sep)
    return inside and "site-packages" not in path


def relative(path, folder):
    try:
        path = os.path.relpath(os.path.realpath(path), os.path.realpath(folder))
    except ValueError:  # another drive
        pass
    return path.replace(os.sep, "/")


def source_failure(error, during, folder, wanted=None):
    failure = {"kind": "source_failed", "during": during, "error": first_line(error)}
    failure.update(locate(error, folder, wanted))
    if isinstance(error, ModuleNotFoundError) and error.name:
        failure["missingModule"] = error.name
    return failure


_CAUSES = (
    (r"password authentication failed|no password supplied|authentication failed|pg_hba\.conf", "authentication"),
    (r"role .* (does not exist|is not permitted)", "authentication"),
    (r"database .* does not exist", "database"),
    (r"refused", "ECONNREFUSED"),
    (r"translate host|Name or service|nodename|getaddrinfo|resolve", "ENOTFOUND"),
    (r"time(d)? ?out", "ETIMEDOUT"),
    (r"reset", "ECONNRESET"),
)


def connection_failure(error, server, database):
    """What kept us from connecting; the texts are libpq's, which sends no SQLSTATE at this point."""
    facts = database_facts(error)
    state = facts["sqlstate"] if facts else ""
    cause = "authentication" if state[:2] == "28" else "database" if state == "3D000" else None
    if cause is None and state:
        return {"kind": "database_error", "server": server["name"], "database": database, **facts}
    full = re.search(r"(?:FATAL:\s+)?(.*(?:too many connections for|too many clients|connection slots are reserved).*)", str(error))
    if cause is None and full:
        facts = {"sqlstate": "53300", "message": full.group(1).split("FATAL:")[-1].strip()}
        return {"kind": "database_error", "server": server["name"], "database": database, **facts}
    if cause is None and isinstance(error, OSError) and error.errno in errno.errorcode:
        cause = errno.errorcode[error.errno]
    for pattern, word in _CAUSES if cause is None else ():
        if re.search(pattern, str(error), re.IGNORECASE):
            cause = word
            break
    if cause == "authentication":
        return {"kind": "authentication_failed", "server": server["name"], "user": server["user"]}
    if cause == "database":
        return {"kind": "database_missing", "server": server["name"], "database": database}
    endpoint = "%s:%s" % (server["host"], server["port"])
    return {
        "kind": "server_unreachable",
        "server": server["name"],
        "endpoint": endpoint,
        "code": cause or "CONNECTION_FAILED",
    }


_FREE_TEXT = ("message", "detail", "error", "statement", "reason", "problem", "evidence", "during", "code")


def scrub(failure, secrets):
    """Takes secrets, by value, out of the free text of a failure."""
    return {key: _scrub_value(value, secrets) if key in _FREE_TEXT else value for key, value in failure.items()}


def _scrub_value(value, secrets):
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "***")
        return value
    if isinstance(value, (list, tuple)):
        return [_scrub_value(part, secrets) for part in value]
    return value
