// gql.tada: the types come from schema.graphql, and the documents can be sent by their ids.
import { initGraphQLTada, type ResultOf, type TadaDocumentNode, type VariablesOf } from "gql.tada";
import type { introspection } from "./graphql-env.d.ts";

const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string; Date: string; Decimal: string };
}>();

// @include(if: true) has no effect but on the types: the field may be missing
export const page = graphql(`
  query TadaPage($first: Int!, $after: String) {
    account {
      name
      taxNumber @whenGranted @include(if: true)
      sales(first: $first, after: $after) @whenGranted @include(if: true) {
        nodes {
          reference
          net @whenGranted @include(if: true) { amount }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);
export const pageById = graphql.persisted("tada-page", page);

export const rename = graphql(`
  mutation TadaRename($input: SetNameInput!) {
    setName(input: $input) {
      viewer { name }
      errors { code message field }
    }
  }
`);

/** Of a persisted document it sends the id alone. */
async function send<R, V>(
  url: string,
  headers: Record<string, string>,
  document: TadaDocumentNode<R, V>,
  variables: V,
): Promise<R> {
  const { print } = await import("graphql");
  const id = (document as { documentId?: string }).documentId;
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(id ? { documentId: id, variables } : { query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as { data: R; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

type Page = ResultOf<typeof page>;
export const net = (data: Page): string | undefined => data.account.sales?.nodes[0]?.net?.amount;
// @ts-expect-error the net may be missing
export const unchecked = (data: Page): string => data.account.sales!.nodes[0]!.net.amount;
// @ts-expect-error there is no such input
export const misspelled: VariablesOf<typeof rename> = { input: { nam: "Tada" } };

export async function tada(url: string, headers: Record<string, string>) {
  const first = await send(url, headers, page, { first: 2 });
  const after = first.account.sales?.pageInfo.endCursor ?? null;
  const second = await send(url, headers, pageById, { first: 2, after });
  const refused = await send(url, headers, rename, { input: { name: "" } });
  const renamed = await send(url, headers, rename, { input: { name: "Tada" } });
  return {
    first: first.account.sales?.nodes.map((sale) => sale.reference),
    second: second.account.sales?.nodes.map((sale) => sale.reference),
    missing: [first.account.taxNumber, net(first)].map((value) => value === undefined),
    refused: refused.setName.errors.map((error) => [error.code, error.field]),
    renamed: renamed.setName.viewer?.name,
  };
}
