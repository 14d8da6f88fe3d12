"""The course's questions and words in the formats of other programs: learning management systems, and Anki."""
