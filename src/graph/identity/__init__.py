"""The nouns of a person's own sign-in: their user, sessions, second factors and e-mail address."""
