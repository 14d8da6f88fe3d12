"""The course as a book on the web: pages made of the stored notebooks, with panels and cards that move there."""
