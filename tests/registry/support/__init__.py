"""Fakes of the registry's ports and the cases that each port's fake and real adapter both pass."""
