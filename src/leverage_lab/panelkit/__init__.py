"""The mechanism of the lessons: panels, pictures, controls, cards and progress. It knows no chapter, no exchange and no formula."""
