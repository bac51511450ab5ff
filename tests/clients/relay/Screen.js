import { graphql } from "react-relay";

export const screen = graphql`
  query ScreenQuery {
    account {
      name
      ...ScreenSales @whenGranted
      taxNumber @whenGranted
    }
    viewer {
      id
      ...ScreenViewer
    }
  }
`;

export const sales = graphql`
  fragment ScreenSales on Account
  @refetchable(queryName: "ScreenSalesPageQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" }) {
    sales(first: $first, after: $after) @connection(key: "ScreenSales_sales") @whenGranted {
      edges {
        node {
          id
          reference
          ... on Sale @whenGranted { net { amount } }
        }
      }
    }
  }
`;

export const viewer = graphql`
  fragment ScreenViewer on Viewer @refetchable(queryName: "ScreenViewerQuery") {
    name
    centrals { id accountName }
  }
`;

export const rename = graphql`
  mutation ScreenRenameMutation($input: SetNameInput!) {
    setName(input: $input) {
      viewer { id name }
      errors { code message field }
    }
  }
`;

export const changed = graphql`
  subscription ScreenChangedSubscription($after: String) {
    saleChanged(after: $after) {
      cursor
      sale { id reference }
    }
  }
`;
