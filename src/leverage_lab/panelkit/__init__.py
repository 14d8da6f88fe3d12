"""The mechanism of the lessons: panels, pictures, controls, cards, progress. It knows no chapter and no formula."""
