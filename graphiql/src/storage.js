/* What the page keeps in this browser: one person's queries are never there for the next. */

export const SESSION = "centrals:session"; // whose session the cookies hold, as far as this browser knows, and until when
export const CENTRAL = "centrals:central"; // the central last chosen in this tab
const QUERIES = "centrals:queries:"; // one person's tabs and history, by central
const LAYOUT = /^graphiql:(theme|visiblePlugin|\w+Flex)$/; // what GraphiQL keeps that holds no query

/** Drop the queries of everyone but this person; of everyone, if it is no one. */
export function keepQueriesOf(person) {
  const kept = person && `${QUERIES}${person}:`;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(QUERIES) && !(kept && key.startsWith(kept))) localStorage.removeItem(key);
  }
}

/** One person's storage in one central, for as long as `present` says that it is still theirs to write to. */
export function storageOf(person, central, present) {
  const named = (key) => (LAYOUT.test(key) ? key : `${QUERIES}${person}:${central}:${key}`);
  return {
    getItem: (key) => localStorage.getItem(named(key)),
    removeItem: (key) => localStorage.removeItem(named(key)),
    // GraphiQL may write late, when its person has already left
    setItem: (key, value) => present() && localStorage.setItem(named(key), value),
    clear: () => {
      for (const key of Object.keys(localStorage)) if (key.startsWith(named(""))) localStorage.removeItem(key);
    },
    get length() {
      return localStorage.length;
    },
  };
}

/** Signed out, a query may hold a password: nothing of it is kept. */
export function forgetfulStorage() {
  const kept = new Map();
  const at = (key) => (LAYOUT.test(key) ? localStorage.getItem(key) : kept.get(key));
  return {
    getItem: (key) => at(key) ?? null,
    removeItem: (key) => (LAYOUT.test(key) ? localStorage.removeItem(key) : kept.delete(key)),
    setItem: (key, value) => (LAYOUT.test(key) ? localStorage.setItem(key, value) : kept.set(key, value)),
    clear: () => kept.clear(),
    get length() {
      return kept.size;
    },
  };
}
