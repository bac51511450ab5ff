"""What requests cost: beside a handler written by hand, and beside the usual way."""
