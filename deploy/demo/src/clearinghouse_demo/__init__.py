"""The main job of the clearing-house, done over HTTP and Kafka alone, as an outside system would.

Every step checks what it claims. ``main`` is what `make demo` calls against a running stack.
"""

from clearinghouse_demo.addresses import Addresses
from clearinghouse_demo.run import main

__all__ = ["Addresses", "main"]
