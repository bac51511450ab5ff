"""What a sale consists of: its columns, the words that find it, its payment slip and its warranty."""
