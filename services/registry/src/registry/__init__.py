"""The system of record: persons and designations, drafts, requests, records, revisions, ledger, transmissions owed."""
