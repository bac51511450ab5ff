"""The judgement: the catalog of grants, the viewer, his reach, and the gates of fields."""
