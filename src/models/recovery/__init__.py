"""How opportunities follow from sales and abandoned checkouts, below what people do with them."""
