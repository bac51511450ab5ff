"""What refusals, and the page of links, say in the five languages: one file for each noun."""
