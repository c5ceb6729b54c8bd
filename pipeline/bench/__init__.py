"""Throughput, latency and cost of the chain, measured side by side with the language functions alone."""
