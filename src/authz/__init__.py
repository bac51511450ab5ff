"""Authorization: the catalog of grants, the viewer and their reach, and the gates of fields."""
