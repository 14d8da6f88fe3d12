"""What chapter 0 says, against its panel."""

STATES = (("first_touch", {"leverage": 100}),)
ALLOWED = {"500x": "the title of chapter 1"}
BY_HAND = {"0-first": 10 * 30 * 0.01}  # 3
