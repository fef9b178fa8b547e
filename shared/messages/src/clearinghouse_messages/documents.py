"""A record as it is exchanged."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
"""A record in the exchange form, header included."""
