"""The revision tree, and the steps from some heads to a target, rendered for reading."""

import ast
import contextlib
import hashlib
import io

from lockstep_errors import Refusal, first_line, locate, relative
from lockstep_hooks import install_hooks
from lockstep_lines import SourceLines, is_in_autocommit_block
from lockstep_project import load_script, make_config, project_folder
from lockstep_outside import ReachesOut, Watch, watched
from lockstep_sql import find_control, find_obstacle, quote_literal, split_words


def describe_graph(project):
    """Every revision, parents first."""
    script = load_script(project)
    folder = project_folder(project)
    revisions = reversed(list(script.walk_revisions()))
    return {
        "revisions": [describe_revision(revision, folder) for revision in revisions],
        "bases": sorted(script.get_bases()),
        "heads": sorted(script.get_heads()),
    }


def describe_revision(revision, folder):
    return {
        "id": revision.revision,
        "parents": list(revision._versioned_down_revisions),
        "dependsOn": list(revision._resolved_dependencies),
        "labels": sorted(revision._orig_branch_labels),
        "message": (revision.doc or "").strip().split("\n")[0],
        "file": relative(revision.path, folder),
        "checksum": checksum_of(revision.path),
        "isMerge": bool(revision.is_merge_point),
    }


def checksum_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def plan_steps(project, start, target):
    """The steps in the order in which Alembic would run them."""
    script = load_script(project)
    folder = project_folder(project)
    _refuse_unknown(script, start)
    goal = target[0] if len(target) == 1 else tuple(target)
    try:
        steps = script._upgrade_revs(goal, tuple(start)) if target else []
    except Exception as error:
        raise Refusal(_target_failure(error, script, target))
    heads = follow_heads(start)
    return [_plan_step(project, script, step, folder, heads) for step in steps]


def plan_way_back(project, start, goal):
    """The steps down from some heads to earlier ones, in the order in which Alembic would run them."""
    from alembic.runtime.migration import MigrationStep

    script = load_script(project)
    folder = project_folder(project)
    _refuse_unknown(script, tuple(start) + tuple(goal))
    undone = _with_ancestors(script, start) - _with_ancestors(script, goal)
    revisions = [revision for revision in script.walk_revisions() if revision.revision in undone]
    heads = follow_heads(start)
    steps = [
        _plan_step(project, script, MigrationStep.downgrade_from_script(script.revision_map, revision), folder, heads)
        for revision in revisions
    ]
    if sorted(heads.heads) != sorted(goal):
        named = [", ".join(sorted(names)) or "no revision" for names in (goal, heads.heads)]
        raise Refusal({
            "kind": "source_failed",
            "during": "finding the way back to " + named[0],
            "error": "going down ends at " + named[1],
        })
    return steps


def _with_ancestors(script, heads):
    """Revisions with all that they follow or depend on."""
    found, todo = set(), list(heads)
    while todo:
        revision = script.get_revision(todo.pop())
        if revision is not None and revision.revision not in found:
            found.add(revision.revision)
            todo.extend(revision._all_down_revisions)
    return found


def follow_heads(start):
    """Alembic's own arithmetic of the version table, without a table."""
    from alembic.runtime.migration import HeadMaintainer

    class Follower(HeadMaintainer):
        def _insert_version(self, version):
            self.heads.add(version)

        def _delete_version(self, version):
            self.heads.remove(version)

        def _update_version(self, from_, to_):
            self.heads.remove(from_)
            self.heads.add(to_)

    return Follower(None, start)


def _refuse_unknown(script, start):
    known = {revision.revision for revision in script.walk_revisions()}
    for head in start:
        if head not in known:
            raise Refusal({"kind": "revision_unknown", "tenant": "", "revision": head})


def _target_failure(error, script, target):
    heads = sorted(script.get_heads())
    if len(heads) > 1 and "Multiple head" in str(error):
        merge = 'alembic merge -m "merge heads" ' + " ".join(heads)
        return {"kind": "several_heads", "heads": heads, "mergeCommand": merge}
    if "Can't locate revision" in str(error):
        return {"kind": "revision_unknown", "tenant": "", "revision": ", ".join(target)}
    return {"kind": "source_failed", "during": "finding the way to " + ", ".join(target), "error": first_line(error)}


def _plan_step(project, script, step, folder, heads):
    revision = step.revision
    heads.update_to_step(step)
    way = "upgrade" if step.is_upgrade else "downgrade"
    statements, unrendered = _render_twice(project, script, revision, folder, way)
    reason = find_reason(revision.path, not unrendered, way) or ""
    for statement in statements:
        reason = reason or find_obstacle(statement["sql"]) or ""
    directives = SourceLines(revision.path).directives()
    facts = describe_revision(revision, folder)
    return {
        "revision": facts["id"],
        **({} if step.is_upgrade else {"direction": "down"}),
        "message": facts["message"],
        "file": facts["file"],
        "checksum": facts["checksum"],
        "headsAfter": sorted(heads.heads),
        "transactional": not reason,
        "reason": reason,
        "statements": [_describe_statement(statement) for statement in statements if not statement["is_frame"]],
        **({"directives": directives} if directives else {}),
        "unrendered": unrendered,
        **({"sourceSql": find_sql(revision.path, way)} if unrendered else {}),
    }


def find_reason(path, rendered, way="upgrade"):
    """Reads the source of a revision, without its other way, for what cannot be part of a transaction."""
    for node in _walk_way(path, way):
        reason = _reason_of(node, rendered)
        if reason:
            return reason
    return None


_VERBS = frozenset(
    "ALTER CALL COMMENT COPY CREATE DECLARE DELETE DO DROP GRANT IMPORT INSERT LOAD MERGE NOTIFY PERFORM REASSIGN"
    " REVOKE SECURITY SELECT UPDATE WITH".split()
)


def find_sql(path, way):
    """Strings in the source of a revision, without its other way, that begin like SQL."""
    found = []
    for node in _walk_way(path, way):
        called = _name_called(node)
        if called:
            found.append("select %s()" % called)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = split_words(node.value)
            if words and words[0][0] in _VERBS and (len(words[0]) > 1 or words[0][0] == "DO"):
                found.append(node.value)
    return found


def _name_called(node):
    """The function of the database that `func.name()` stands for."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    owner = node.func.value
    while isinstance(owner, ast.Attribute) and owner.attr != "func":
        owner = owner.value
    is_func = getattr(owner, "attr", getattr(owner, "id", None)) == "func"
    return '"%s"' % node.func.attr.replace('"', '""') if is_func else None


def _walk_way(path, way):
    other = "downgrade" if way == "upgrade" else "upgrade"
    with open(path, "rb") as file:
        todo = [ast.parse(file.read())]
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == other:
            continue
        yield node
        todo.extend(reversed([child for child in ast.iter_child_nodes(node) if not _is_prose(child)]))


def _is_prose(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _reason_of(node, rendered):
    if isinstance(node, ast.Attribute) and node.attr == "autocommit_block":
        return "autocommit_block()"
    if isinstance(node, ast.keyword) and node.arg == "postgresql_concurrently":
        return "postgresql_concurrently=True" if getattr(node.value, "value", None) is True else None
    # Strings of the source are looked at only where the rendered statements are not known in full.
    if not rendered and isinstance(node, ast.Constant) and isinstance(node.value, str):
        words = [word for statement in split_words(node.value) for word in statement]
        is_prose = words[:1] and words[0] in ("BEGIN", "END", "ABORT", "NOTIFY", "LISTEN") and len(words) > 2
        return None if is_prose else find_obstacle(node.value)
    return None


def _describe_statement(statement):
    line = {} if statement["line"] is None else {"line": statement["line"]}
    return {"sql": statement["sql"], "tables": [], **line}


def _render_twice(project, script, revision, folder, way):
    """A plan is hashed: statements that come out differently each time are not shown."""
    first, reason = _render(project, script, revision, folder, way)
    if not reason and first and _render(project, script, revision, folder, way)[0] != first:
        return [], "its statements differ each time that they are made"
    return first, reason


def _render(project, script, revision, folder, way):
    from alembic.operations import Operations
    from alembic.runtime.environment import EnvironmentContext

    install_hooks()
    statements = []
    lines = SourceLines(revision.path)

    def note(text):
        sql = text.strip().rstrip(";").rstrip()
        # autocommit_block() renders a commit and a begin around its statements: they are not the revision's own.
        is_frame = find_control(sql) is not None and is_in_autocommit_block()
        statements.append({"sql": sql, "line": lines.current(), "is_frame": is_frame})

    config = make_config(project, revision.revision)
    options = {"fn": None, "as_sql": True, "starting_rev": None, "destination_rev": revision.revision}
    environments = EnvironmentContext(config, script, **options)
    with watched(Watch()) as watch, literals_without_type(), environments as environment:
        watch.lines = lines
        environment.configure(
            dialect_name="postgresql",
            literal_binds=True,
            dialect_opts={"paramstyle": "named"},
            output_buffer=io.StringIO(),
        )
        context = environment.get_context()
        context.impl.static_output = note
        try:
            with Operations.context(context):
                getattr(revision.module, way)()
        except BaseException as error:
            return _clean(statements), _unrendered(watch.found or error, revision, folder)
    # The revision may have gone on without what was refused.
    return _clean(statements), _unrendered(watch.found, revision, folder) if watch.found else ""


@contextlib.contextmanager
def literals_without_type():
    """Values of columns that a revision names without a type are shown too; Alembic's own --sql refuses them."""
    from sqlalchemy.types import NullType

    real = NullType.literal_processor
    NullType.literal_processor = lambda self, dialect: _show_value
    try:
        yield
    finally:
        NullType.literal_processor = real


def _show_value(value):
    if value is None:
        return "NULL"
    if isinstance(value, (bool, int, float)):
        return str(value).lower()
    return quote_literal(str(value)).strip()


def _clean(statements):
    return [statement for statement in statements if split_words(statement["sql"])]


def _unrendered(error, revision, folder):
    where = locate(error, folder, revision.path)
    line = " (line %d)" % where["line"] if where else ""
    reads = isinstance(error, (AttributeError, TypeError)) and ("NoneType" in str(error) or "MockConnection" in str(error))
    if isinstance(error, ReachesOut):
        return "it " + str(error)
    if reads or type(error).__name__ in ("NoInspectionAvailable", "NoConnection"):
        return "it reads the database while it runs" + line
    return "it cannot be rendered: " + first_line(error) + line
