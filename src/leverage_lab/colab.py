"""What differs in Google Colab, said below the setup cell there, with links that lead somewhere.

An IPython extension; only the setup cell in Colab loads it.
"""

import json
from importlib.metadata import distribution

NOTEBOOKS = (
    "00-start-here",
    "01-leverage-basics",
    "02-liquidation-mechanics",
    "03-margin-modes",
    "04-fees",
    "05-exchange-comparison",
    "06-survival",
    "07-using-leverage",
    "08-two-articles",
    "your-position",
)
WORDS = (
    "In Google Colab each notebook has a machine of its own, which is gone some time after you leave. Before you do, "
    "download your progress, and restore it in the next notebook: `progress()` does both."
)
LINKS = (
    "The links to other chapters and to the glossary lead nowhere in Colab. These do: chapter {chapters}, "
    "[your own position]({position}), [glossary]({glossary})."
)


def load_ipython_extension(shell):
    """Show the words."""
    said = "\n\n".join([WORDS, *links(distribution("leverage-lab").read_text("direct_url.json"))])
    shell.display_pub.publish({"text/markdown": said, "text/plain": said})


def links(origin):
    """[a sentence with links to the same version of all notebooks] from pip's note of where the package came from; []
    if that was no repository on GitHub."""
    origin = json.loads(origin or "{}")
    url, version = origin.get("url", "").removesuffix(".git"), origin.get("vcs_info", {}).get("requested_revision")
    if not (version and url.startswith("https://github.com/")):
        return []
    folder = f"{url.removeprefix('https://github.com/')}/blob/{version}/notebooks"
    *chapters, position = (f"https://colab.research.google.com/github/{folder}/{name}.ipynb" for name in NOTEBOOKS)
    numbered = ", ".join(f"[{number}]({link})" for number, link in enumerate(chapters))
    glossary = f"https://github.com/{folder}/glossary.md"
    return [LINKS.format(chapters=numbered, position=position, glossary=glossary)]
