"""The judgement: the catalogue of grants, the viewer, his reach, and the gates of fields."""
