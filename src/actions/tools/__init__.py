"""Tools: versioned settings behind grants."""
