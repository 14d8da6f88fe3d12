"""Exercises that ask which information is missing: of what is needed, all is said but one thing."""


def all_but(missing, known, join="; "):
    """(what is missing, the other sentences joined). known: {key: (what it is, the sentence that says it)}."""
    return known[missing][0], join.join(said for key, (_, said) in known.items() if key != missing)
