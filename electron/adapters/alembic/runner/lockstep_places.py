"""Names the places of the project's own code."""

import inspect
import sys

from lockstep_errors import is_own, relative


def describe_function(function, how, folder):
    """How a function of the project comes to open a connection, its name, and where it is."""
    while hasattr(function, "func"):  # functools.partial
        function = function.func
    function = inspect.unwrap(function)
    code = getattr(function, "__code__", None) or getattr(type(function).__call__, "__code__", None)
    name = getattr(function, "__name__", None) or type(function).__name__
    described = {"how": how, "name": name}
    if code is not None:
        described.update(file=relative(code.co_filename, folder), line=code.co_firstlineno)
    return described


def find_place(folder):
    """File and line of the project's own code that is being run, as far as it shows."""
    frame = sys._getframe(1)
    while frame is not None:
        if is_own(frame.f_code.co_filename, folder):
            return {"file": relative(frame.f_code.co_filename, folder), "line": frame.f_lineno}
        frame = frame.f_back
    return {}
