"""Distribution of new sales and opportunities."""
