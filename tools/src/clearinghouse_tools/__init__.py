"""What developers run, and no product: benchmarks, generated documents, the contracts of imports."""
