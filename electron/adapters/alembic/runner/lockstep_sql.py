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


def is_harmless(sql):
    """True when a text outside any transaction only looks or sets."""
    return all(words[0] in ("SELECT", "SHOW", "SET", "RESET", "EXPLAIN", "WITH") for words in split_words(sql))


def only_adds_rows(sql):
    """True for an INSERT of values, which reads no table."""
    texts = split_words(sql)
    return len(texts) == 1 and texts[0][0] == "INSERT" and not {"SELECT", "TABLE", "WITH"} & set(texts[0])


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
