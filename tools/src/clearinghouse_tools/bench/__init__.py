"""`make bench`: first figures of the chain, as ratios and percentiles, with engines and machine named."""

from clearinghouse_tools.bench.command import bench
from clearinghouse_tools.bench.run import Plan, measure

__all__ = ["Plan", "bench", "measure"]
