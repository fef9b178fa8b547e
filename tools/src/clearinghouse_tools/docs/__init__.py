"""`make docs`: descriptions of the interfaces, generated from what declares them."""

from clearinghouse_tools.docs.files import SAMPLES, described, write

__all__ = ["SAMPLES", "described", "write"]
