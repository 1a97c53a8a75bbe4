"""Benchmarks: never a test, always beside a bare Django view in the same run. See docs/performance.md."""
