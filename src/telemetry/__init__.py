"""What an operator sees of the running server: figures, the record of a request, traces and faults."""
