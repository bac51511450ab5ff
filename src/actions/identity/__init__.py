"""What people do with their own sign-in: their user, sessions, second factors and e-mail address."""
