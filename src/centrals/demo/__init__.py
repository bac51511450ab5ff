"""The demo: two sellers, their people, and two years of sales, the same in every run."""
