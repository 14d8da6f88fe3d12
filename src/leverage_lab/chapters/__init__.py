"""The content of the course: a folder a chapter, a file a panel."""
