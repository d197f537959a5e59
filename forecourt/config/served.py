"""The application for the processes of our own web server: each ends when the server does.

Killed with -9, the server could not tell them, and they would keep the port.
"""

import ctypes
import signal
import sys

if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)

from forecourt.config.wsgi import application

__all__ = ["application"]
