"""`make bench`: first figures of the chain, as ratios and percentiles, with engines and machine named."""

from clearinghouse_local.bench.command import bench
from clearinghouse_local.bench.run import Plan, measure

__all__ = ["Plan", "bench", "measure"]
