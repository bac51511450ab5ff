"""What refusals say, in the five languages: one file for each noun."""
