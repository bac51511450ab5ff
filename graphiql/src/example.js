/* What to try first: only what these grants open. */

export function example(person, standing) {
  if (!person) return "# Sign in to see what you may ask.\n{\n  instance {\n    name\n    version\n    locales\n  }\n}\n";
  const door = person.centrals.find((one) => one.id === standing);
  if (!door) return "# Choose a central to see what you may ask there.\n{\n  viewer {\n    name\n    email\n  }\n}\n";
  const lines = ["    name", "    myRole", "    currency"];
  if (door.grants.includes("VIEW_PRODUCTS")) {
    lines.push("    products(first: 5) {", "      totalCount", "      nodes {", "        name", "      }", "    }");
  }
  if (door.grants.includes("SEARCH_SALES")) {
    lines.push("    sales(first: 5) {", "      totalCount", "      nodes {", "        reference");
    lines.push("        status", "        price {", "          amount", "          currency", "        }");
    lines.push("        buyer {", "          name", "        }", "      }", "    }");
  }
  const hints = ["# Ctrl-Space: hints", "# Ctrl-Enter: run"];
  return [...hints, "{", "  account {", ...lines, "  }", "}", ""].join("\n");
}
