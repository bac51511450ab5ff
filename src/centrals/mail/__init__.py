"""E-mails: composing and sending them."""
