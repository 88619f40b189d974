"""Maps what a revision does back to the lines of its file, and finds the comments in it that speak to Lockstep."""

import ast
import os
import re
import sys

_DIRECTIVE = re.compile(r"#\s*lockstep\s*:\s*(allow\b.*)", re.IGNORECASE)


class SourceLines:
    """The lines of one revision's file."""

    def __init__(self, path):
        self.path = os.path.realpath(path)
        with open(path, "rb") as file:
            source = file.read()
        self.text = source.decode("utf-8", "replace").split("\n")
        self.statements = sorted(_spans(ast.parse(source)), key=lambda span: (span[0], -span[1]))
        self.starts = {line: first for first, last in self.statements for line in range(first, last + 1)}
        self.is_own = {}

    def current(self):
        """The line where the innermost statement of this file that is running now begins, or None."""
        frame = sys._getframe(1)
        while frame:
            if self._holds(frame.f_code.co_filename):
                return self.starts.get(frame.f_lineno, frame.f_lineno)
            frame = frame.f_back
        return None

    def _holds(self, filename):
        if filename not in self.is_own:
            # What is not a file has a name in brackets, such as our own modules in a container.
            self.is_own[filename] = not filename.startswith("<") and os.path.realpath(filename) == self.path
        return self.is_own[filename]

    def directives(self):
        """Each such comment, and the line on which the statement that it speaks of begins."""
        found = [(index + 1, _DIRECTIVE.search(text)) for index, text in enumerate(self.text)]
        return [
            {"line": line, "text": match.group(1).strip(), "at": self._target_of(line)}
            for line, match in found
            if match
        ]

    def _target_of(self, line):
        is_alone = self.text[line - 1].lstrip().startswith("#")
        inside = [first for first, last in self.statements if first <= line <= last and (not is_alone or first < line)]
        # A comment on a line of its own may stand in the middle of a call, or between two statements of a block.
        below = [first for first, _ in self.statements if first > line]
        if is_alone and below and self._only_comments(line, below[0]):
            return below[0]
        return inside[-1] if inside else None

    def _only_comments(self, line, end):
        return all(text.lstrip().startswith("#") for text in self.text[line:end - 1])


def _spans(tree):
    """First and last line of each statement; of one with a body, of its head only."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None)
        if not isinstance(body, list) or not body:
            yield node.lineno, node.end_lineno
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.lineno, max(node.lineno, body[0].lineno - 1)


def is_in_autocommit_block():
    """Whether it is Alembic's autocommit_block() that is writing now."""
    frame = sys._getframe(1)
    while frame:
        if frame.f_code.co_name == "autocommit_block":
            return True
        frame = frame.f_back
    return False
