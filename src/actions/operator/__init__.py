"""What whoever runs the server does to people across accounts."""
