"""The registry's documents and ledger on MongoDB."""
