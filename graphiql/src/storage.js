/*
 * What the page keeps in this browser. One person's tabs and history wait here for their next session;
 * they are never there for anyone else, and a sign-out removes them.
 */

export const SESSION = "centrals:session"; // whose session the cookies hold, as far as this browser knows, and until when
export const CENTRAL = "centrals:central"; // the central last chosen in this tab
const OWNER = "centrals:owner"; // whose queries these are: the last user's, until they sign out
const QUERIES = "centrals:queries:"; // their tabs and history, by central
const LAYOUT = /^graphiql:(theme|visiblePlugin|\w+Flex)$/; // what GraphiQL keeps that holds no query
const TABS = "graphiql:tabState";
const OF_TAB = { "graphiql:query": "query", "graphiql:variables": "variables" };

/** Whose queries this browser keeps. */
export const owner = () => localStorage.getItem(OWNER);

/** Drop the queries of everyone but this person; of everyone, if it is no one. */
export function keepQueriesOf(person) {
  if (person) localStorage.setItem(OWNER, person);
  else localStorage.removeItem(OWNER);
  const kept = person && `${QUERIES}${person}:`;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(QUERIES) && !(kept && key.startsWith(kept))) localStorage.removeItem(key);
  }
}

/**
 * One person's storage in one central.
 *
 * GraphiQL writes late: the text of the active tab after 100 ms, the tabs after 600. So the page stores the
 * tabs itself before it leaves them, with `storeTabs`, and then closes the storage to what comes late. The
 * text is read from the tabs, or it could be newer than they are, and GraphiQL would open it a second time.
 */
export function storageOf(person, central) {
  const named = (key) => (LAYOUT.test(key) ? key : `${QUERIES}${person}:${central}:${key}`);
  const own = () => Object.keys(localStorage).filter((key) => key.startsWith(named("")));
  let open = true;
  let cleared = false;
  const activeTab = () => {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem(named(TABS))) ?? { tabs: [] };
    return tabs[activeTabIndex];
  };
  const setItem = (key, value) => {
    if (key in OF_TAB || !open || owner() !== person) return;
    localStorage.setItem(named(key), value);
    cleared = false;
  };
  return {
    getItem: (key) => (key in OF_TAB ? (activeTab()?.[OF_TAB[key]] ?? null) : localStorage.getItem(named(key))),
    removeItem: (key) => open && localStorage.removeItem(named(key)),
    setItem,
    clear: () => {
      for (const key of own()) localStorage.removeItem(key);
      cleared = true;
    },
    get length() {
      return own().length;
    },
    storeTabs: (state) => cleared || setItem(TABS, JSON.stringify(state)),
    close: () => (open = false),
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
    storeTabs: () => {},
    close: () => {},
  };
}
