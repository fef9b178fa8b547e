"""Fakes, contract cases that every adapter passes, and means of waiting, for the tests of all parts."""
