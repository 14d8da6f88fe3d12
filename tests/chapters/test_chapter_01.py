"""What chapter 1 says of its panels, and its exercises worked by hand."""

STATES = (
    ("bought", {"move": -0.005}),
    ("bought", {"leverage": 10, "move": -0.002}),
    ("room", {"leverage": 37}),
)

# From the start numbers of each exercise.
BY_HAND = {
    "1-position": 3000,  # 40 × 75
    "1-margin": 250,  # 5,000 / 20
    "1-coins": 1000 / 3550,  # 50 × 20 at 3,550
    "1-profit": 12,  # 60 × 50 = 3,000; × 0.004
    "1-short": -0.30,  # −10 × 3 %
    "1-account": -60 / 1000,  # 200 × 10 × 3 % = 60 of 1,000
    "1-gone": 1 / 25,
    "1-same-position": 50,  # 5,000 × 1 %, at any leverage
    "1-inverse": 0.2 - 0.16,  # 10,000 / 50,000 − 10,000 / 62,500
    "1-now": 950 / 50,
}
