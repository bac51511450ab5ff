"""Two-factor sign-in: authenticator apps, passkeys and recovery codes."""
