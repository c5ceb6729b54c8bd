"""What people do to a stream: audit, repair, replay, look up. Free of Faust."""
