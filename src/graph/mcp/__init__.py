"""The tools of assistants and AI agents: the Model Context Protocol."""
