"""The Alembic project: its configuration, its script directory, and how a tenant's URL reaches env.py."""

import contextlib
import importlib.util
import inspect
import io
import os
import re
import sys
import warnings
from argparse import Namespace
from urllib.parse import parse_qsl, quote

from lockstep_errors import Refusal, source_failure
from lockstep_outside import Watch, watched

_loaded = {}


def project_folder(project):
    return os.path.dirname(os.path.abspath(project["iniFile"]))


def make_config(project, target="head", url=None, schema=None):
    """A fresh Config, as the alembic command makes it, with the tenant's URL and schema where the project looks for them."""
    from alembic import command
    from alembic.config import Config

    delivery = project["urlDelivery"]
    section = delivery["name"] if delivery["kind"] == "section" else project.get("section") or "alembic"
    options = Namespace(
        config=project["iniFile"],
        name=section,
        x=["%s=%s" % pair for pair in sorted((project.get("xArguments") or {}).items())],
        raiseerr=False,
        verbose=False,
        quiet=False,
        sql=False,
        tag=None,
        revision=target,
        cmd=(command.upgrade, ["revision"], ["sql", "tag"]),
    )
    if url is not None and delivery["kind"] == "x":
        options.x.append("%s=%s" % (delivery["name"], url))
    if schema is not None and project.get("schemaArgument"):
        options.x.append("%s=%s" % (project["schemaArgument"], schema))
    config = Config(ini_section=section, cmd_opts=options, stdout=io.StringIO(), **_config_files(project))
    if url is not None and delivery["kind"] in ("ini", "section"):
        config.set_main_option(delivery.get("option") or "sqlalchemy.url", url.replace("%", "%%"))
    return config


def _config_files(project):
    from alembic.config import Config

    path = os.path.abspath(project["iniFile"])
    files = {"file_": path}
    toml = path if path.endswith(".toml") else os.path.join(os.path.dirname(path), "pyproject.toml")
    if path.endswith(".toml"):
        files["file_"] = os.path.join(os.path.dirname(path), "alembic.ini")
    if "toml_file" in inspect.signature(Config.__init__).parameters and os.path.exists(toml):
        files["toml_file"] = toml
    return files


@contextlib.contextmanager
def delivered_environment(project, url):
    """Puts the URL into the environment while env.py runs, where the project reads it there."""
    delivery = project["urlDelivery"]
    if delivery["kind"] != "env":
        yield
        return
    name = delivery["variable"]
    before = os.environ.get(name)
    os.environ[name] = url
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def load_script(project):
    """The script directory; loaded once and again when a file of it changed, since loading runs every revision."""
    folder = project_folder(project)
    try:
        config = make_config(project)
    except Exception as error:
        raise Refusal(source_failure(error, "reading the configuration", folder))
    key = (project["iniFile"], config.config_ini_section)
    known = _loaded.get(key)
    if known and known[0] == _signature(known[1]):
        return known[1]
    from alembic.script import ScriptDirectory

    try:
        before = list(sys.path)
        script = ScriptDirectory.from_config(config)
        if known:
            sys.path[:] = before
    except Exception as error:
        raise Refusal(source_failure(error, "reading the configuration", folder))
    _load_revisions(script, folder)
    _loaded[key] = (_signature(script), script)
    return script


def _load_revisions(script, folder):
    """Imports every revision; Alembic only warns about a revision that is there twice, which is refused here."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            # Programs may be asked, as in env.py; no revision needs a database to be loaded.
            with watched(Watch(is_strict=False)):
                script.get_heads()
        except Exception as error:
            problem = [str(w.message) for w in caught if "is not present" in str(w.message)]
            failure = source_failure(error, "loading the revisions", folder)
            if problem:
                failure["error"] = problem[-1]
            raise Refusal(failure)
    for warning in caught:
        if "present more than once" in str(warning.message):
            failure = {"kind": "source_failed", "during": "loading the revisions", "error": str(warning.message)}
            raise Refusal(failure)


def _signature(script):
    found = []
    for location in list(getattr(script, "_version_locations", None) or [script.versions]):
        for root, _, names in os.walk(str(location)):
            for name in names:
                if name.endswith(".py"):
                    path = os.path.join(root, name)
                    with contextlib.suppress(OSError):
                        status = os.stat(path)
                        found.append((path, status.st_mtime_ns, status.st_size))
    return sorted(found)


_DRIVERS = ("psycopg", "psycopg2", "asyncpg", "pg8000")


def choose_driver(project, config, script):
    """The driver part of the URL: the project's own, else one that is installed, fit for an async env.py."""
    if project.get("driver") is not None:
        return project["driver"]
    named = re.match(r"postgres(?:ql)?\+(\w+)://", _current_url(project, config))
    if named:
        return named.group(1)
    installed = [name for name in _DRIVERS if importlib.util.find_spec(name)]
    if _is_async(script) and "asyncpg" in installed:
        return "asyncpg"
    usable = [name for name in installed if name != "psycopg" or _knows_psycopg3()]
    return usable[0] if usable else ""


def _knows_psycopg3():
    return importlib.util.find_spec("sqlalchemy.dialects.postgresql.psycopg") is not None


def _is_async(script):
    try:
        with open(os.path.join(str(script.dir), "env.py"), encoding="utf-8") as file:
            return re.search(r"async_engine_from_config|create_async_engine", file.read()) is not None
    except OSError:
        return False


def _current_url(project, config):
    delivery = project["urlDelivery"]
    if delivery["kind"] == "env":
        return os.environ.get(delivery["variable"], "")
    option = delivery.get("option") or "sqlalchemy.url"
    # Raw, because what it is put together from may be missing where we deliver the whole URL anyway.
    return config.file_config.get(config.config_ini_section, option, raw=True, fallback="").replace("%%", "%")


_TLS_OPTION = {"asyncpg": "ssl"}
# Where to connect and how is never taken from the project's own URL: options win over the URL's parts.
_OURS = ("sslmode", "ssl", "host", "hostaddr", "port", "unix_sock", "user", "password", "dbname", "database")


def build_url(project, server, database, config, script):
    """The tenant's URL as text; proven to be read back unchanged by the SQLAlchemy that will read it."""
    from sqlalchemy.engine import URL, make_url

    driver = choose_driver(project, config, script)
    query = dict(parse_qsl(_current_url(project, config).partition("?")[2]))
    for name in _OURS:
        query.pop(name, None)
    host, port, tls = server["host"], server["port"], server["tls"]
    if host.startswith("/"):
        query.update(socket_options(driver, server))
        # No driver encrypts a socket, and asyncpg would look for certificates all the same.
        host, port, tls = None, None, "disable"
    if driver != "pg8000":
        query[_TLS_OPTION.get(driver, "sslmode")] = tls
    wanted = URL.create(
        "postgresql" + ("+" + driver if driver else ""),
        username=server["user"],
        password=server.get("password"),
        host=host,
        port=port,
        database=database,
        query=query,
    )
    text = wanted.render_as_string(hide_password=False)
    if make_url(text) == wanted:
        return text
    # SQLAlchemy before 2.1 does not quote the database's name in a URL: one with a question mark travels as an option.
    option = "database" if driver in ("asyncpg", "pg8000") else "dbname"
    text = wanted.set(database="").update_query_dict({option: database}).render_as_string(hide_password=False)
    return text


def socket_options(driver, server):
    """What a driver is told to connect through a socket in a folder of this machine."""
    if driver == "pg8000":
        return {"unix_sock": "%s/.s.PGSQL.%s" % (server["host"].rstrip("/"), server["port"])}
    return {"host": server["host"], "port": str(server["port"])}


def secret_forms(server, url):
    """Everything that must never be printed: the URL and the password, as written and as quoted."""
    password = server.get("password")
    forms = [url, url.replace("%", "%%")] if password and url else []
    if password and len(password) > 3:
        forms += [password, quote(password, safe=""), quote(password, safe=" +"), repr(password)[1:-1]]
    return sorted(set(forms), key=len, reverse=True)
