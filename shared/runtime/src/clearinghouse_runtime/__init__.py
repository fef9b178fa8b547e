"""What every service runs on: store, leased work, event stream, HTTP, settings, logging, health.

Nothing here connects, reads the environment or starts anything at import. Parts come as extras
(``http``, ``mongo``, ``stream``), so that none drags in what it does not use.
"""
