"""What decides who works in a central, and what each may see and do there."""
