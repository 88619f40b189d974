"""The line protocol with Lockstep: one JSON object per line on two pipes that nothing else may touch."""

import json
import os
import queue
import signal
import sys
import threading


class Channel:
    """Takes the standard pipes away from user code, whose output then goes to stderr."""

    def __init__(self, reader=None):
        # Ctrl-C reaches every process of the terminal; only Lockstep decides what it means.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._output = os.fdopen(os.dup(1), "wb", 0)
        self._input = reader or os.fdopen(os.dup(0), "rb")
        os.dup2(2, 1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        sys.stdout = sys.stderr
        self._lines = queue.Queue()
        self._next = None
        # This thread runs no user code: it ends the process when Lockstep is gone, even while the main
        # thread waits for the database.
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            for line in self._input:
                self._lines.put(line)
        finally:
            os._exit(0)

    def receive(self):
        """The next line from Lockstep; waits for it."""
        line, self._next = self._next, None
        return json.loads((line or self._lines.get()).decode("utf-8"))

    def is_waiting(self, seconds):
        """True when nothing comes from Lockstep for so long; what comes stays for `receive`."""
        try:
            self._next = self._lines.get(timeout=seconds)
            return False
        except queue.Empty:
            return True

    def send(self, message):
        data = json.dumps(message, default=_as_text).encode("ascii") + b"\n"
        while data:
            data = data[self._output.write(data):]


def _as_text(value):
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    return str(value)
