"""Starts the runner where its files are not: they come as the first line of the input. Passed with -c."""

import sys

# -c puts the current folder first: a module of the project would be taken for Python's own.
if sys.path[:1] == [""]:
    del sys.path[0]
writes_bytecode = sys.dont_write_bytecode
sys.dont_write_bytecode = True

import json  # noqa: E402
import linecache  # noqa: E402
import os  # noqa: E402
import traceback  # noqa: E402
from importlib.machinery import ModuleSpec  # noqa: E402


class SentModules:
    """Imports modules whose sources were sent."""

    def __init__(self, sources):
        self._sources = sources

    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self, origin="<%s.py>" % name) if name in self._sources else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        source, filename = self._sources[module.__name__], module.__spec__.origin
        # The lines of a traceback are looked up here.
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        exec(compile(source, filename, "exec"), module.__dict__)


# The interpreter's own hook looks for source lines in files only.
sys.excepthook = traceback.print_exception
# Requests follow the first line at once: whatever was read ahead is the runner's.
reader = os.fdopen(os.dup(0), "rb")
line = reader.readline()
if not line.endswith(b"\n"):
    sys.exit(0)
sent = json.loads(line.decode("utf-8"))
os.environ.update(sent["environment"])
finder = SentModules(sent["files"])
sys.meta_path.insert(0, finder)

import lockstep_runner  # noqa: E402

# From here on the project's own modules cannot be hidden by ours.
sys.meta_path.remove(finder)
sys.dont_write_bytecode = writes_bytecode
lockstep_runner.main(reader)
