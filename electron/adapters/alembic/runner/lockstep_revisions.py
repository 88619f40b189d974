"""Says whether a revision's source alone decides what it sends: then one tenant's statements are those of all alike."""

import ast

_MODULES = {
    "__future__", "base64", "collections", "dataclasses", "datetime", "decimal", "enum", "functools", "hashlib",
    "itertools", "json", "logging", "math", "operator", "pgvector", "re", "sqlalchemy", "sqlmodel", "string",
    "textwrap", "typing", "typing_extensions", "uuid",
}
_LIVE_MODULES = ("sqlalchemy.orm", "sqlalchemy.ext", "sqlalchemy.event", "sqlalchemy.engine", "sqlalchemy.pool")

_OPERATIONS = {
    "add_column", "alter_column", "bulk_insert", "create_check_constraint", "create_exclude_constraint",
    "create_foreign_key", "create_index", "create_primary_key", "create_table", "create_table_comment",
    "create_unique_constraint", "drop_column", "drop_constraint", "drop_index", "drop_table", "drop_table_comment",
    "execute", "f", "get_bind", "inline_literal", "rename_table",
}

_ATTRIBUTES = {
    **dict.fromkeys(("rowcount", "lastrowid", "inserted_primary_key"), "looks at what a statement did"),
    **dict.fromkeys(("inspect", "inspector", "has_table", "reflect", "autoload_with"), "inspects the database"),
    **dict.fromkeys(("server_version_info", "_get_server_version_info"), "asks for the server's version"),
    **dict.fromkeys(("now", "utcnow", "today", "uuid1", "uuid4"), "takes the time or a random value"),
    **dict.fromkeys(
        ("url", "engine", "connection", "dbapi_connection", "driver_connection", "create_engine", "connectable"),
        "reaches for the connection",
    ),
    **dict.fromkeys(("info", "opts", "config", "get_x_argument", "environ"), "looks at where it runs"),
    **dict.fromkeys(("begin_nested", "begin", "rollback", "commit", "event"), "divides its transaction"),
    **dict.fromkeys(("__globals__", "__dict__", "__class__", "__subclasses__", "__builtins__"), "looks at where it runs"),
}
_NAMES = {
    **dict.fromkeys(("open", "input", "exec", "eval", "compile", "__import__", "breakpoint"), "calls %s()"),
    **dict.fromkeys(("globals", "locals", "vars", "getattr", "setattr", "delattr", "hash", "id"), "calls %s()"),
    "__builtins__": "uses %s",
}
_STATEMENTS = (
    ("Try", "handles errors"),
    ("TryStar", "handles errors"),
    ("With", "uses a context"),
    ("AsyncWith", "uses a context"),
    ("Global", "keeps state"),
    ("Nonlocal", "keeps state"),
    ("Await", "waits for something"),
)


_OTHER_WORK = {
    **dict.fromkeys(("cursor", "raw_connection", "dbapi_connection", "driver_connection"), "reaches past SQLAlchemy"),
    **dict.fromkeys(("system", "popen", "write_text", "write_bytes", "urlopen"), "does more than run the revisions"),
}
_OTHER_MODULES = {
    "aiohttp", "boto3", "ftplib", "http", "httpx", "paramiko", "redis", "requests", "smtplib", "socket", "subprocess",
    "urllib3",
}


def find_other_work(path):
    """What env.py does for each tenant that no statement of SQLAlchemy shows, and a replay would leave out; None for nothing."""
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return "its source cannot be read"
    return _first(_judge_work(node) for node in ast.walk(tree))


def _judge_work(node):
    if isinstance(node, ast.Attribute):
        return _OTHER_WORK.get(node.attr)
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        modules = [node.module or ""]
    else:
        is_open = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
        return "opens a file" if is_open and len(node.args) + len(node.keywords) > 1 else None
    return _first("imports %s" % name for name in modules if name.split(".")[0] in _OTHER_MODULES)


def find_decision(path):
    """Why the statements of a revision may be others for the next tenant, and the line; None where only its source counts."""
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return {"reason": "its source cannot be read"}
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    found = [
        (node.lineno, reason)
        for node in ast.walk(tree)
        if not (isinstance(node, ast.Name) and node.id in stored and node.id != "op")
        for reason in [_judge(node, parents)]
        if reason is not None and hasattr(node, "lineno")
    ]
    if not found:
        return None
    line, reason = min(found)
    return {"reason": reason, "line": line}


def _judge(node, parents):
    for name, reason in _STATEMENTS:
        kind = getattr(ast, name, None)
        if kind is not None and isinstance(node, kind):
            return _judge_with(node) or reason
    if isinstance(node, ast.Import):
        return _first(_judge_module(alias.name) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return _judge_import(node)
    if isinstance(node, ast.Attribute):
        return _judge_attribute(node)
    if isinstance(node, ast.Name):
        return _judge_name(node, parents.get(node))
    if isinstance(node, ast.keyword) and node.arg in ("autoload_with", "autoload"):
        return "inspects the database"
    return None


def _judge_with(node):
    """Names what is known of a block; any other may do whatever it likes when it ends."""
    for item in getattr(node, "items", []):
        call = item.context_expr
        name = getattr(getattr(call, "func", None), "attr", None)
        if name == "batch_alter_table":
            return "uses batch_alter_table()"
        if name == "autocommit_block":
            return "uses autocommit_block()"
    return None


def _judge_module(name):
    if name.split(".")[0] not in _MODULES or name.startswith(_LIVE_MODULES):
        return "imports %s" % name
    return None


def _judge_import(node):
    if node.level or node.module is None:
        return "imports a module of its own"
    if node.module == "alembic":
        return _first(None if alias.name == "op" and not alias.asname else "imports alembic.%s" % alias.name for alias in node.names)
    return _judge_module(node.module) or _first(_ATTRIBUTES.get(alias.name) for alias in node.names)


def _judge_attribute(node):
    base = node.value
    if isinstance(base, ast.Name) and base.id == "op":
        return None if node.attr in _OPERATIONS else "uses op.%s" % node.attr
    # A column, or a function of the server.
    name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", None)
    if name in ("c", "columns", "func", "log", "logger", "logging"):
        return None
    return _ATTRIBUTES.get(node.attr)


def _judge_name(node, parent):
    if node.id == "op" and not isinstance(parent, ast.Attribute):
        return "hands op on"
    reason = _NAMES.get(node.id)
    if reason is None or not isinstance(node.ctx, ast.Load):
        return _ATTRIBUTES.get(node.id) if node.id in ("inspect", "create_engine") else None
    return reason % node.id if "%s" in reason else reason


def _first(reasons):
    return next((reason for reason in reasons if reason), None)
