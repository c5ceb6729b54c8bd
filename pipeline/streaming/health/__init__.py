"""Whether a worker process is well: deadlines, progress, lag, the health server and the supervisor."""
