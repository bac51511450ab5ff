"""The code that `docs/clients.md` shows."""

import re

from scene import ROOT

PAGE = (ROOT / "docs" / "clients.md").read_text()


def shown(client: str, language: str, section: str = "Start") -> str:
    """The first code in a language that the page shows for a client, in a section."""
    found = PAGE.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    code = re.search(rf"```{language}\n(.*?)\n```", found.split(f"**{client}", 1)[1], re.DOTALL)
    assert code is not None, (client, language)
    return code[1] + "\n"


def documents() -> list[str]:
    """The GraphQL documents that the page shows by themselves."""
    return re.findall(r"```graphql\n(.*?)\n```", PAGE, re.DOTALL)
