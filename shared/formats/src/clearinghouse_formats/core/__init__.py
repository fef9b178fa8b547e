"""The common formats that every realm may declare."""

from clearinghouse_formats.core import library, people

FORMATS = (*people.FORMATS, *library.FORMATS)
