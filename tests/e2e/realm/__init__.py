"""A fourth clearing-house, as its three folders would be: formats, registry and notifier.

The test copies each module into the package of its name, as ``<package>/bbnj/__init__.py``.
"""
