"""The HTTP transport: the GraphQL endpoint, GraphiQL, sign-in with a provider, exports."""
