"""E-mails: their words, how they are made, and how they leave."""
