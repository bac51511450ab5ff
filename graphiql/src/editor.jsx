/* GraphiQL itself: one for each person and central, so schema, hints, tabs and history are never mixed. */

import "./workers.js";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "@graphiql/plugin-explorer/style.css";
import "graphiql/graphiql.css";

import { DOC_EXPLORER_PLUGIN, useDocExplorer } from "@graphiql/plugin-doc-explorer";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { ToolbarButton, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import * as monaco from "monaco-graphql/esm/monaco-editor.js";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { linkTo } from "./sharing.js";

const PLUGINS = [HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];

let root = null;
let mounted = 0;
let leave = () => {};

/** Show a GraphiQL with nothing of the last one in it. */
export function show(place, { fetcher, storage, defaultQuery, operation }) {
  leave();
  root?.unmount();
  for (const model of monaco.editor.getModels()) model.dispose();
  root = createRoot(place, { identifierPrefix: `n${++mounted}` });
  root.render(
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      defaultQuery={defaultQuery}
      initialQuery={operation?.query}
      initialVariables={operation?.variables}
      plugins={PLUGINS}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      isHeadersEditorEnabled={false}
      showPersistHeadersSettings={false}
      schemaDescription
      inputValueDeprecation
    >
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, merge, copy }) => (
          <>
            {prettify}
            {merge}
            {copy}
            <ShareButton />
            <Tabs storage={storage} />
            <DocsFromTheTop />
            {operation?.operationName && <Chosen name={operation.operationName} />}
          </>
        )}
      </GraphiQL.Toolbar>
    </GraphiQL>,
  );
}

/** Puts the cursor into the operation that a shared link names, for Ctrl-Enter, once the document has been read. */
function Chosen({ name }) {
  const { operations, queryEditor } = useGraphiQL(({ operations, queryEditor }) => ({ operations, queryEditor }));
  const { setOperationName } = useGraphiQLActions();
  const [done, setDone] = useState(false);
  useEffect(() => {
    const found = operations?.find((one) => one.name?.value === name);
    if (done || !found || !queryEditor) return;
    queryEditor.setPosition(queryEditor.getModel().getPositionAt(found.loc.start));
    setOperationName(name);
    setDone(true);
  }, [done, name, operations, queryEditor, setOperationName]);
  return null;
}

/** Shows each entry of the documentation from its top, with what it needs, however far the last was scrolled. */
function DocsFromTheTop() {
  const entries = useDocExplorer();
  useEffect(() => {
    document.querySelector(".graphiql-doc-explorer")?.closest(".graphiql-plugin")?.scrollTo(0, 0);
  }, [entries]);
  return null;
}

/** Stores the tabs, as they stand, before the page or this GraphiQL is left. */
function Tabs({ storage }) {
  const state = useGraphiQL(({ tabs, activeTabIndex, queryEditor, variableEditor }) => ({
    tabs,
    activeTabIndex,
    queryEditor,
    variableEditor,
  }));
  useEffect(() => {
    const store = () => storage.storeTabs(stored(state));
    leave = () => {
      store();
      storage.close();
    };
    addEventListener("pagehide", store);
    return () => removeEventListener("pagehide", store);
  }, [state, storage]);
  return null;
}

/** The tabs as GraphiQL stores them, with what was written in the active one just now. */
function stored({ tabs, activeTabIndex, queryEditor, variableEditor }) {
  const active = queryEditor && { query: queryEditor.getValue(), variables: variableEditor?.getValue() ?? null };
  const dropped = { hash: null, headers: null, response: null };
  return {
    tabs: tabs.map((tab, index) => ({ ...tab, ...(index === activeTabIndex && active), ...dropped })),
    activeTabIndex,
  };
}

/** Copies a link to the operation of this tab; the link holds its variables too, and no one's session. */
function ShareButton() {
  const { queryEditor, variableEditor, operationName } = useGraphiQL((state) => ({
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
    operationName: state.operationName,
  }));
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const operation = { query: queryEditor.getValue(), variables: variableEditor?.getValue(), operationName };
    // without a secure context there is no clipboard: the address bar has the link then
    if (navigator.clipboard) await navigator.clipboard.writeText(linkTo(operation));
    else history.replaceState(null, "", linkTo(operation));
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <ToolbarButton label={copied ? "Link copied" : "Copy a link to this operation"} onClick={copy}>
      <svg viewBox="0 0 24 24" className="graphiql-toolbar-icon" fill="none" stroke="currentColor" strokeWidth="1.5">
        <path d="M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1.5 1.5M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1.5-1.5" />
      </svg>
    </ToolbarButton>
  );
}
