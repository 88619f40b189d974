"""Looks at SQL just closely enough to see what begins, ends or forbids a transaction."""

import re

_TOKEN = re.compile(
    r"""
      (?P<skip>\s+|--[^\n]*)
    | (?P<comment>/\*)
    | (?P<escaped>[eE]'(?:[^'\\]|\\.|'')*(?:'|$))
    | (?P<string>(?:[uU]&|[bBxXnN])?'(?:[^']|'')*(?:'|$))
    | (?P<quoted>(?:[uU]&)?"(?:[^"]|"")*(?:"|$))
    | (?P<dollar>\$(?:[^\W\d]\w*)?\$)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<end>;)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"/\*|\*/")


def split_words(sql):
    """The bare words of each statement, upper case; strings, names in quotes and comments are left out."""
    statements = []
    words = []
    depth = 0
    position = 0
    while position < len(sql):
        match = _TOKEN.match(sql, position)
        kind = match.lastgroup
        position = match.end()
        if kind == "comment":
            position = _end_of_comment(sql, position)
        elif kind == "dollar":
            closing = sql.find(match.group(), position)
            position = len(sql) if closing < 0 else closing + len(match.group())
        elif kind == "word":
            word = match.group().upper()
            depth += _change_of_depth(words, word, depth)
            words.append(word)
        elif kind == "end" and depth == 0:
            if words:
                statements.append(words)
            words = []
    if words:
        statements.append(words)
    return statements


def _end_of_comment(sql, position):
    depth = 1
    while depth:
        match = _COMMENT.search(sql, position)
        if not match:
            return len(sql)
        depth += 1 if match.group() == "/*" else -1
        position = match.end()
    return position


def _change_of_depth(words, word, depth):
    """`begin atomic ... end` of an SQL function holds semicolons of its own (PostgreSQL 14)."""
    if not words or words[0] != "CREATE":
        return 0
    if word == "ATOMIC" and words[-1] == "BEGIN":
        return 1
    if depth and word == "CASE":
        return 1
    return -1 if depth and word == "END" else 0


def find_control(sql):
    """The first statement of a text that begins, ends or divides a transaction itself, or None."""
    for words in split_words(sql):
        first, second = words[0], (words[1] if len(words) > 1 else "")
        if first in ("COMMIT", "END", "ABORT", "BEGIN"):
            return first
        if first == "ROLLBACK" and "TO" not in words[1:3]:
            return first
        if (first, second) in (("START", "TRANSACTION"), ("PREPARE", "TRANSACTION")):
            return first + " " + second
    return None


_ALONE = {
    ("CREATE", "DATABASE"),
    ("DROP", "DATABASE"),
    ("ALTER", "SYSTEM"),
    ("CREATE", "TABLESPACE"),
    ("DROP", "TABLESPACE"),
    ("CREATE", "SUBSCRIPTION"),
    ("DROP", "SUBSCRIPTION"),
    ("REINDEX", "DATABASE"),
    ("REINDEX", "SYSTEM"),
    ("REINDEX", "SCHEMA"),
}


def find_obstacle(sql):
    """Why a text cannot be part of a transaction that is prepared, or None when nothing was seen."""
    for words in split_words(sql):
        first, second = words[0], (words[1] if len(words) > 1 else "")
        if first == "VACUUM" or (first == "CLUSTER" and len(words) == 1):
            return first
        if first in ("CREATE", "DROP", "REINDEX", "ALTER") and "CONCURRENTLY" in words:
            return first + " ... CONCURRENTLY"
        if (first, second) in _ALONE:
            return first + " " + second
        if first == "CREATE" and set(words[1:3]) & {"TEMP", "TEMPORARY"}:
            return "a temporary table cannot be part of a prepared transaction"
        if first in ("LISTEN", "NOTIFY"):
            return first + " cannot be part of a prepared transaction"
    return find_control(sql)


_LOOKS = ("SELECT", "SHOW", "SET", "RESET", "EXPLAIN", "WITH", "VALUES", "TABLE")
_LASTS = re.compile(
    r"dblink\w*|pg_logical_emit_message|pg_create_\w+|pg_drop_\w+|pg_copy_\w+|pg_replication_\w+|pg_file_\w+"
    r"|pg_reload_conf|pg_rotate_logfile|pg_switch_wal|pg_promote|pg_(terminate|cancel)_backend|pg_stat_reset\w*"
    r"|nextval|setval|lo_\w+|lowrite|pg_notify"
)
_SURE = {
    "set_config", "current_setting", "version", "current_schema", "current_schemas", "current_database", "now",
    "format_type", "to_regclass", "to_regnamespace", "pg_table_is_visible", "pg_backend_pid", "count", "coalesce",
}
_KEYWORDS = {"in", "and", "or", "not", "exists", "values", "as", "any", "all", "on", "from", "select", "where"}


def is_harmless(sql):
    """True when a text outside any transaction only looks or sets, as far as it shows; a function may do anything."""
    statements = split_words(sql)
    if any(words[0] not in _LOOKS or _has_write(words) for words in statements):
        return False
    if re.search(r"transaction_read_only|\bread\s+write\b", sql, re.IGNORECASE):
        return len(statements) == 1 and statements[0][0] in ("SET", "RESET", "SHOW")
    return True


def find_lasting(sql):
    """A function of a text whose effect neither a read-only transaction nor a rollback keeps back, or None."""
    return next((name for name in called_names(sql) if _LASTS.fullmatch(name.lower())), None)


def _has_write(words):
    if words[0] in ("SET", "RESET", "SHOW"):
        return False
    pairs = zip([""] + words, words)
    return any(
        word in ("INSERT", "DELETE", "MERGE", "INTO") or (word == "UPDATE" and before not in ("FOR", "KEY"))
        for before, word in pairs
    )


def may_write(sql):
    """True unless a text shows that it writes nothing: it calls nothing but what is known, or a lock."""
    if any(words[0] not in _LOOKS or _has_write(words) for words in split_words(sql)):
        return True
    names = {name.lower() for name in called_names(sql)} - _SURE - _KEYWORDS
    return any(not re.fullmatch(r"pg_(try_)?advisory_\w+", name) for name in names)


def only_adds_rows(sql):
    """True for an INSERT of values, which reads no table."""
    texts = split_words(sql)
    return len(texts) == 1 and texts[0][0] == "INSERT" and not {"SELECT", "TABLE", "WITH"} & set(texts[0])


def is_rollback(sql):
    return any(words[0] == "ROLLBACK" for words in split_words(sql))


def find_insert_target(sql):
    """The table of an INSERT as it is written; None where none is found."""
    name = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
    found = re.search(r"\binto\s+(%s(?:\s*\.\s*%s)?)" % (name, name), sql, re.IGNORECASE)
    return found.group(1) if found else None


def called_names(sql):
    """Everything that stands before a bracket; what stands in literals counts as well."""
    names = re.findall(r'([^\W\d][\w$]*)"?\s*\(', sql)
    return sorted(set(names) | {name.lower() for name in names})


def quote_identifier(name):
    return '"' + name.replace('"', '""') + '"'


def quote_literal(text):
    """A string literal that is right whatever standard_conforming_strings says."""
    quoted = "'" + text.replace("'", "''") + "'"
    return " E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted
