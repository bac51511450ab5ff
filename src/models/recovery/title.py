"""The title of an opportunity in SQL, as the API shows it."""


def title_text(opportunity: str, product: str) -> str:
    """The title of an opportunity, by its alias and that of its product."""
    return f"COALESCE({opportunity}.title, {opportunity}.contact_name, {product}.name, '–')"
