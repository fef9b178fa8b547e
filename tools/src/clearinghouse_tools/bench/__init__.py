"""`make bench`: the chain measured, as ratios and percentiles, with engines and machine named."""

from clearinghouse_tools.bench.command import bench
from clearinghouse_tools.bench.run import BenchPlan, measure

__all__ = ["BenchPlan", "bench", "measure"]
