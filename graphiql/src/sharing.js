/* Links to an operation: its text, variables and name, as a GET request would have them. */

/** The operation that the page's address names, or null. */
export function shared() {
  const { query, variables = "", operationName = "" } = Object.fromEntries(new URLSearchParams(location.search));
  return query === undefined ? null : { query, variables, operationName };
}

/** A link to an operation on this page. */
export function linkTo(operation) {
  const given = Object.entries(operation).filter(([, value]) => value);
  return `${location.origin}/graphql?${new URLSearchParams(given)}`;
}
