"""The role as which a transaction is prepared: whoever prepares it owns it, and only its owner may finish it."""

from lockstep_database import query, query_value
from lockstep_sql import quote_literal


def return_to_login(raw):
    """Leaves every role that env.py, a listener, a revision, a function or a setting of the connection has taken."""
    query(raw, "reset session authorization")
    query(raw, "set role none")


def find_foreign_owner(raw, finisher):
    """The login of this session, where the finishing session's own may neither be it nor take its role; else None."""
    version = int(query_value(raw, "select pg_catalog.current_setting('server_version_num')"))
    # Since PostgreSQL 16, being a member no longer says that one may set the role.
    privilege = "SET" if version >= 160000 else "MEMBER"
    return query_value(
        raw,
        "select session_user::text where not exists (select from pg_catalog.pg_roles f where f.rolname = %s"
        " and pg_catalog.pg_has_role(f.oid, session_user, '%s'))" % (quote_literal(finisher), privilege),
    )
