"""The whole stack on one machine: engines, mail sink, issuer, supervisor. For trying out and testing only."""
