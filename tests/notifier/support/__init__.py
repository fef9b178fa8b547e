"""Fakes, samples and contract cases of the notifier's ports."""
