"""The controlled vocabularies of the common formats, as data."""
