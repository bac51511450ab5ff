// genql: the client is generated from what one's own credential opens.
import { createClient } from "./centrals";

export async function genql(url: string, headers: Record<string, string>) {
  const client = createClient({ url, headers });
  const read = async (after: string | null) => {
    const { account } = await client.query({
      account: {
        name: true,
        sales: {
          __args: { first: 2, after },
          nodes: { reference: true, status: true },
          pageInfo: { hasNextPage: true, endCursor: true },
        },
      },
    });
    return account.sales;
  };
  const first = await read(null);
  const second = await read(first?.pageInfo.endCursor ?? null);
  const rename = (name: string) =>
    client.mutation({
      setName: { __args: { input: { name } }, viewer: { name: true }, errors: { code: true, field: true } },
    });
  const [refused, renamed] = [await rename(""), await rename("genql")];
  // @ts-expect-error what the credential does not open is not in the client
  const hidden = await client.query({ account: { taxNumber: true } }).catch((error: Error) => error.message);
  return {
    first: first?.nodes.map((sale) => sale.reference),
    second: second?.nodes.map((sale) => sale.reference),
    refused: refused.setName.errors.map((error) => [error.code, error.field]),
    renamed: renamed.setName.viewer?.name,
    hidden,
  };
}
