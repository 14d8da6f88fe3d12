"""Exercises, bugs and predictions of chapter 3.

Right answers come from accounts (`leverage_lab.margin`); wrong ones are written out, as a learner would get there.
"""

from leverage_lab.chapters.leverage.shared import ENTRY
from leverage_lab.chapters.margin.adding import adding
from leverage_lab.chapters.margin.shared import bet, opened
from leverage_lab.chapters.missing import all_but
from leverage_lab.leverage import pnl
from leverage_lab.liquidation import Rules, liquidation_price, maintenance_margin
from leverage_lab.margin import Account, Holding, collateral_liquidation_price, collateral_value, liquidate
from leverage_lab.panelkit.practice import Choice, Exercise, Prediction, Repair, Task, Wrong
from leverage_lab.words import amount, money, percent, price, times

RATE = 0.005  # maintenance margin, of the value now
RULES = Rules(RATE)


def _opened(wallet, *bets, mode="cross"):
    """An account with bets (symbol, side, value, leverage), all opened at 100."""
    return opened(wallet, *(bet(symbol, side, value, leverage, mode) for symbol, side, value, leverage in bets))


def _loss(account, moves):
    marks = {symbol: ENTRY * (1 + move) for symbol, move in moves.items()}
    after, _ = liquidate(account, marks)
    return account.wallet - after.equity(marks)


# --- one position -----------------------------------------------------------------------------------


def isolated_loss(wallet, margin, leverage, fall):
    answer = _loss(_opened(wallet, ("X", "long", margin * leverage, leverage), mode="isolated"), {"X": -fall})
    value, early = margin * leverage, (1 / leverage - RATE) / (1 - RATE)
    return Task(
        ask=(
            f"A wallet of {money(wallet)}; you are long with {money(margin)} of isolated margin at {times(leverage)}."
            f" The price falls by {percent(fall)}. How many dollars are lost? (What a liquidation leaves of the margin"
            " goes to the insurance fund.)"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                value * fall,
                "That is the loss on paper. An isolated position is closed when its margin is used up: it cannot lose"
                " more.",
            ),
            Wrong(wallet, "That is the whole wallet, which only a cross position can use up."),
            Wrong(
                value * early,
                "That is the loss at its liquidation price. The rest of the margin goes to the insurance fund.",
            ),
            Wrong(margin * fall, "The price moves the whole position, not only the margin."),
            Wrong(wallet - margin, "That is what is left of the wallet."),
            Wrong(value, "That is the whole position."),
        ),
        hints=(
            "How much would it be on paper? Compare that with the margin.",
            "An isolated position cannot lose more than its margin.",
            "loss = the smaller of margin × leverage × fall and the margin",
        ),
        steps=(
            f"on paper: {money(margin)} × {leverage:g} × {percent(fall)} = {money(value * fall)}, more than the margin"
            f" of {money(margin)}\nisolated, so it ends there: **{money(answer)}**"
        ),
        either_sign=True,
    )


def cross_loss(wallet, margin, leverage, fall):
    answer = _loss(_opened(wallet, ("X", "long", margin * leverage, leverage)), {"X": -fall})
    value = margin * leverage
    return Task(
        ask=(
            f"Cross mode: a wallet of {money(wallet)} and one long, {money(margin)} set aside for it at"
            f" {times(leverage)}. The price falls by {percent(fall)}; the position is still open. How many dollars are"
            " lost, on paper?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                margin,
                "There an isolated position would have been closed. In cross mode the loss goes on into the wallet.",
            ),
            Wrong(wallet, "The whole wallet backs the position, but the loss has not used it up yet."),
            Wrong(margin * fall, "The price moves the whole position, not only the margin."),
            Wrong(wallet * fall, "The price moves the position. How large is it?"),
            Wrong(wallet - value * fall, "That is what is left of the wallet."),
        ),
        hints=(
            "How large is the position?",
            "In cross mode the loss does not stop at the margin: it goes on into the wallet.",
            "loss = margin × leverage × fall, as long as the wallet lasts",
        ),
        steps=(
            f"position = {money(margin)} × {leverage:g} = {money(value)}\nloss = {money(value)} × {percent(fall)} ="
            f" **{money(answer)}**; a cross position has no wall at its margin"
        ),
        either_sign=True,
    )


def cross_end(wallet, margin, leverage):
    value = margin * leverage
    account = _opened(wallet, ("X", "long", value, leverage))
    answer = 1 - account.liquidation_prices({"X": ENTRY})["X", "long"] / ENTRY
    alone = (
        1
        - _opened(wallet, ("X", "long", value, leverage), mode="isolated").liquidation_prices({"X": ENTRY})["X", "long"]
        / ENTRY
    )
    return Task(
        ask=(
            f"A wallet of {money(wallet)}, one cross long of {money(value)} ({money(margin)} at {times(leverage)})."
            f" Maintenance margin is {percent(RATE)} of the value at the price then. By how many percent must the price"
            " fall until it is closed?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(alone, "That is where it would be closed in isolated mode, on its margin alone."),
            Wrong(1 / leverage, "That uses up the margin. In cross mode the whole wallet backs the position."),
            Wrong(
                wallet / value,
                "That uses up the whole wallet. It is closed a little earlier: the maintenance margin must remain.",
            ),
            Wrong((wallet - margin) / value, "The margin belongs to the wallet too: it is lost as well."),
            Wrong(
                wallet / value - RATE,
                "Almost: you used 0.5 % of the value at the entry. At the lower price the value is smaller, and so is"
                " what must remain.",
            ),
            Wrong(
                wallet / value / (1 - RATE),
                "Almost: the maintenance margin is missing on one side. Write down the whole equation.",
            ),
        ),
        either_sign=True,
        hints=(
            "How much money backs the position? And how much of it must remain?",
            "It is closed when the wallet minus the loss is as small as the maintenance margin at that price.",
            "wallet − value × fall = 0.5 % × value × (1 − fall). Solve for the fall.",
        ),
        steps=(
            f"wallet − value × fall = maintenance: {money(wallet)} − {money(value)} × fall = {RATE:g} × {money(value)}"
            f" × (1 − fall)\nfall = ({money(wallet)} / {money(value)} − {RATE:g}) / (1 − {RATE:g}) ="
            f" **{percent(answer)}**"
        ),
    )


# --- several positions ------------------------------------------------------------------------------


def winner_and_loser(margin, leverage, rise, fall):
    value, wallet = margin * leverage, 10 * margin
    book = (("BTC", "long", value, leverage), ("SOL", "long", value, leverage))
    answer = -_loss(_opened(wallet, *book, mode="isolated"), {"BTC": rise, "SOL": -fall})
    return Task(
        ask=(
            f"A wallet of {money(wallet)} and two isolated longs, BTC and SOL, each with {money(margin)} of margin at"
            f" {times(leverage)}. BTC rises by {percent(rise)}, SOL falls by {percent(fall)}. By how many dollars does"
            " the account change (with its sign)?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(-value * fall, "That is SOL alone, and on paper. Its loss ends at its margin, and BTC has gained."),
            Wrong(
                value * (rise - fall), "That is cross mode, where SOL's loss goes on. Isolated, it ends at its margin."
            ),
            Wrong(-margin, "That is SOL alone. BTC has gained."),
            Wrong(value * rise, "That is BTC alone. SOL's margin is lost."),
            Wrong(-2 * margin, "BTC's margin is safe: it has a wall of its own."),
            Wrong(value * rise + margin, "SOL's margin is lost, not gained."),
        ),
        hints=(
            "Look at the two one by one: does either of them reach its wall?",
            "BTC keeps its gain. SOL cannot lose more than its margin.",
            "change = gain of BTC − margin of SOL, if SOL was closed",
        ),
        steps=(
            f"BTC: {money(value)} × {percent(rise)} = {money(value * rise, signed=True)}\n"
            f"SOL on paper: −{money(value * fall)}, but its margin ends it: −{money(margin)}\n"
            f"together **{money(answer)}**"
        ),
    )


def free_to_use(wallet, btc, eth, loss):
    leverage = 10
    account = _opened(wallet, ("BTC", "long", btc * leverage, leverage), ("ETH", "long", eth * leverage, leverage))
    answer = account.available({"BTC": ENTRY, "ETH": ENTRY * (1 - loss / (eth * leverage))})
    return Task(
        ask=(
            f"A wallet of {money(wallet)} with two cross longs: BTC sets aside {money(btc)}, ETH {money(eth)}. BTC"
            f" is at its entry price, ETH has lost {money(loss)} on paper. How many dollars are available for a new"
            " position?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(wallet - btc - eth, "The loss on paper is missing. In cross mode it is taken off at once."),
            Wrong(wallet - loss, "That is the equity. The margins of the two positions are set aside."),
            Wrong(wallet - btc - eth + loss, "A loss makes it less, not more."),
            Wrong(wallet, "That is the wallet. What is set aside, and what is lost on paper?"),
            Wrong(wallet - btc, "Both margins are set aside, and the loss on paper is taken off."),
        ),
        hints=(
            "Start with the wallet. What is not free?",
            "The margins are set aside, and in cross mode a loss on paper counts at once.",
            "available = wallet − margins set aside − loss on paper",
        ),
        steps=f"available = {money(wallet)} − {money(btc)} − {money(eth)} − {money(loss)} = **{money(answer)}**",
    )


def ratio_now(wallet, value, fall):
    account = _opened(wallet, ("X", "long", value, 10))
    answer = account.margin_ratio({"X": ENTRY * (1 - fall)})
    now, left = value * (1 - fall), wallet - value * fall
    return Task(
        ask=(
            f"A wallet of {money(wallet)}, one cross long of {money(value)} at the entry. The price has fallen by"
            f" {percent(fall)}. Maintenance margin is {percent(RATE)} of the value now. How high is the margin ratio"
            " (requirement / equity), in percent?"
        ),
        answer=answer,
        unit="%",
        wrong=(
            Wrong(RATE * now / wallet, "You divided by the wallet at the start. The loss on paper is no longer in it."),
            Wrong(
                left / (RATE * now),
                "Upside down: requirement over equity. (Some exchanges do print it this way round.)",
            ),
            Wrong(
                value / 10 / left,
                "You used the initial margin at 10x. What must remain is the maintenance margin, which is much less.",
            ),
            Wrong(
                RATE * value / wallet,
                "That was the margin ratio at the entry. Both the value and the equity are smaller now.",
            ),
            Wrong(RATE * now / (wallet + value * fall), "The long has lost: its loss is taken off the wallet."),
            Wrong(
                RATE * value / left,
                "That is the maintenance margin on the value at the entry. It is a share of the value now.",
            ),
        ),
        hints=(
            "You need two numbers: what is required now, and what is there now.",
            "The requirement is 0.5 % of the value now; the equity is the wallet minus the loss.",
            "ratio = 0.005 × value × (1 − fall) / (wallet − value × fall)",
        ),
        steps=(
            f"value now = {money(value)} × {1 - fall:g} = {money(now)}, requirement = {RATE:g} × {money(now)} ="
            f" {money(RATE * now)}\nequity = {money(wallet)} − {money(value * fall)} = {money(left)}\nmargin ratio ="
            f" {money(RATE * now)} / {money(left)} = **{percent(answer)}**"
        ),
    )


# --- adding margin ----------------------------------------------------------------------------------


def _with_added(entry, coins, leverage, added):
    held = Holding("X", "long", entry, coins, leverage, RULES, mode="isolated", added_margin=added)
    return Account(0, [held]).liquidation_prices({"X": entry})["X", "long"]


def after_adding(entry, coins, leverage, added):
    margin = entry * coins / leverage
    answer = _with_added(entry, coins, leverage, added)
    return Task(
        ask=(
            f"An isolated long: {amount(coins, 'BTC')} from {price(entry)} at {times(leverage)}, so {money(margin)} of"
            f" margin. Maintenance margin is {percent(RATE)} of the value at the price then. You add {money(added)} of"
            " margin. At which price is it closed now, to the dollar?"
        ),
        answer=answer,
        unit="$",
        tolerance=0.0003,
        to="to the dollar",
        wrong=(
            Wrong(
                _with_added(entry, coins, leverage, 0),
                "That is the liquidation price before. The added money moves it down.",
            ),
            Wrong(
                (entry - (margin - added) / coins) / (1 - RATE),
                "That is the wrong direction: more margin means more room.",
            ),
            Wrong(
                entry - (margin + added) / coins, "That is the bankruptcy price. The maintenance margin must remain."
            ),
            Wrong(
                _with_added(entry, coins, leverage, 0) - added,
                "The added dollars are shared among the coins: divide them by the quantity.",
            ),
            Wrong((entry - added / coins) / (1 - RATE), "The margin from the start is missing."),
            Wrong(
                entry - margin / coins,
                "That is the bankruptcy price before. The added money is missing, and the maintenance margin must"
                " remain.",
            ),
            Wrong(
                entry - added / coins,
                "That is the added money alone. The margin from the start covers a part of the loss, and the"
                " maintenance margin must remain.",
            ),
            Wrong(
                (entry - (margin + added) / coins) * (1 - RATE),
                "Divide by 1 − 0.005: a long is closed above its bankruptcy price, not below it.",
            ),
        ),
        hints=(
            "How much money is there for the loss, and how much is that for each coin?",
            "The position is closed when that money is used up, except for the maintenance margin.",
            "price × (1 − 0.005) = entry − (margin + added) / coins",
        ),
        steps=(
            f"margin + added = {money(margin + added)}, for each coin {money(margin + added)} / {coins:g} ="
            f" {money((margin + added) / coins)}\nprice = ({money(entry)} − {money((margin + added) / coins)}) / (1 −"
            f" {RATE:g}) = **{money(answer)}**"
        ),
    )


def missing_for_the_end(missing, wallet, coins, entry):
    known = {
        "wallet": ("the wallet balance", f"the wallet balance is {money(wallet)}"),
        "coins": ("the quantity", f"the quantity is {amount(coins, 'BTC')}"),
        "entry": ("the entry price", f"the entry price is {money(entry)}"),
        "rate": (
            "the maintenance margin rate",
            f"the maintenance margin is {percent(RATE)} of the value at the price then",
        ),
    }
    answer, said = all_but(missing, known)
    return Choice(
        ask=(
            f"A cross long in Bitcoin is the only position in an account. You know this: {said}. You want to calculate"
            " its liquidation price. Which information is missing?"
        ),
        answer=answer,
        wrong=(
            Wrong(
                "the leverage you have set",
                "In cross mode the leverage decides how much is set aside. The liquidation price depends on the"
                " wallet.",
            ),
            Wrong(
                "the margin set aside for it", "In cross mode the whole wallet covers the loss, not this part alone."
            ),
            Wrong(
                "the mark price now",
                "The loss is counted from the entry price. With one position the liquidation price does not move"
                " with the mark price.",
            ),
        ),
        hints=(
            "What covers the loss of a cross position? And what must remain?",
            "It is closed when the wallet minus the loss is only as large as the maintenance margin.",
            "wallet − quantity × (entry − price) = rate × quantity × price",
        ),
        steps=(
            "wallet − quantity × (entry − price) = rate × quantity × price\nSolved for the price, that needs the"
            f" wallet, the quantity, the entry price and the rate.\nYou have three; the fourth is **{answer}**"
        ),
    )


# --- hedge and plane --------------------------------------------------------------------------------


def broken_hedge(value, leverage, fall, stays):
    wallet, margin = 1000, value / leverage
    book = _opened(wallet, ("X", "long", value, leverage), ("X", "short", value, leverage), mode="isolated")
    after, _ = liquidate(book, {"X": ENTRY * (1 - fall)})
    answer = after.equity({"X": ENTRY * (1 - stays)}) - wallet
    return Task(
        ask=(
            f"{money(value)} long and {money(value)} short of the same coin, each isolated at {times(leverage)}"
            f" ({money(margin)} of margin). The price falls by {percent(fall)} and comes back, to {percent(stays)}"
            " below the entry. By how many dollars has the account changed (with its sign)?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                0.0, "It would be in cross mode. Isolated, the long was closed on the way, and only the short is left."
            ),
            Wrong(
                value * fall - margin,
                "That was at the lowest price. When the price came back, the short lost some of its gain.",
            ),
            Wrong(-margin, "That is the long, closed. The short is still open and has a gain."),
            Wrong(value * stays, "That is the short alone. The long's margin is lost."),
            Wrong(-margin - value * stays, "A short gains when the price is below its entry."),
            Wrong(-2 * margin, "Only the long was closed. The short gains while the price is below its entry."),
        ),
        hints=(
            "Which leg was closed on the way down, and what did that cost?",
            "The closed long has lost its margin. The short still has a gain: how large is it now?",
            "change = gain of the short at the price now − margin of the long",
        ),
        steps=(
            f"the long: closed on the way down, its margin lost, −{money(margin)}\nthe short now: {money(value)} ×"
            f" {percent(stays)} = {money(value * stays, signed=True)}\ntogether **{money(answer)}**"
        ),
    )


def less_in_cross(margin, leverage, fall, now):
    wallet, value = 1000, margin * leverage
    lost = {}
    for mode in "isolated", "cross":
        after, _ = liquidate(_opened(wallet, ("X", "long", value, leverage), mode=mode), {"X": ENTRY * (1 - fall)})
        lost[mode] = wallet - after.equity({"X": ENTRY * (1 - now)})
    answer = lost["isolated"] - lost["cross"]
    return Task(
        ask=(
            f"A wallet of {money(wallet)} and a long of {money(margin)} at {times(leverage)}, once isolated and once"
            f" cross; maintenance margin is {percent(RATE)} of the value. The price falls by {percent(fall)} and comes"
            f" back, to {percent(now)} below the entry. By how many dollars is the loss in cross mode smaller"
            " than the isolated one (with a minus if it is larger)?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(-answer, "The amount is right. Which of the two has lost less?"),
            Wrong(
                0.0,
                "They lose the same as long as both are open. On the way down the isolated one was closed: it did not"
                " come back with the price.",
            ),
            Wrong(
                margin - value * fall,
                "That was at the lowest price. The cross position was open, and came back in part.",
            ),
            Wrong(value * now, "That is what cross has lost. And isolated?"),
            Wrong(margin, "That is what isolated has lost. The cross position is still open: what has it lost?"),
            Wrong(margin - margin * now, "The price moves the whole position, not only the margin: how large is it?"),
        ),
        hints=(
            "Which of the two was closed on the way down, and what did that cost?",
            "Isolated has lost its margin. Cross is open: its loss is counted at the price now.",
            "margin − margin × leverage × (how far the price is below the entry now)",
        ),
        steps=(
            f"isolated: closed on the way down, {money(margin)} lost\ncross: open, {money(value)} × {percent(now)} ="
            f" {money(value * now)} lost\n{money(margin)} − {money(value * now)} = **{money(answer)}**"
        ),
    )


def price_that_moves(btc, coins, eth, fall):
    def stated(eth_fall):
        account = Account(0.9 * btc * coins)  # any wallet with a liquidation price gives the same rise
        marks = {"BTC": btc, "ETH": 4000.0}
        for held in (Holding("BTC", "long", btc, coins, 20, RULES), Holding("ETH", "long", 4000, eth, 20, RULES)):
            account = account.open(held, marks)
        return account.liquidation_prices(marks | {"ETH": 4000 * (1 - eth_fall)})["BTC", "long"]

    answer = stated(fall) - stated(0)
    lost = 4000 * eth * fall
    return Task(
        ask=(
            f"One cross account, two longs: {amount(coins, 'BTC')} from {price(btc)} and {amount(eth, 'ETH')} from"
            f" $4,000. BTC does not move, ETH falls by {percent(fall)}. By how many dollars does the"
            " liquidation price shown for BTC rise? (Maintenance margin makes no difference here.)"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                0.0,
                "BTC's price does not move, but its liquidation price does: ETH's loss comes out of the same wallet.",
            ),
            Wrong(lost, "That is ETH's loss. It is spread over the BTC you have: divide it by the coins."),
            Wrong(btc * fall, "You moved BTC's price by ETH's percentage. What counts is ETH's loss in dollars."),
            Wrong(4000 * fall / coins, "How many ETH are there?"),
            Wrong(lost * coins, "Upside down: the loss is shared among the BTC, so divide."),
        ),
        hints=(
            "How many dollars does ETH lose? They are missing in the wallet.",
            "Each BTC can now lose less: the missing dollars are spread over the coins you have.",
            "rise = ETH × $4,000 × fall / BTC",
        ),
        steps=(
            f"ETH's loss = {eth:g} × $4,000 × {percent(fall)} = {money(lost)}\nfor each BTC: {money(lost)} / {coins:g}"
            f" = **{money(answer)}**"
        ),
    )


def together(wallet, value):
    book = _opened(wallet, ("BTC", "long", value, 20), ("ETH", "long", value, 20))
    low, high = 0.0, 1.0
    for _ in range(60):  # the common fall at which equity meets the requirement, by halving
        middle = (low + high) / 2
        marks = {"BTC": ENTRY * (1 - middle), "ETH": ENTRY * (1 - middle)}
        low, high = (middle, high) if book.cross_equity(marks) > book.requirement(marks) else (low, middle)
    answer = low
    alone = 1 - book.liquidation_prices({"BTC": ENTRY, "ETH": ENTRY})["BTC", "long"] / ENTRY
    return Task(
        ask=(
            f"A cross wallet of {money(wallet)} with {money(value)} long BTC and {money(value)} long ETH, maintenance"
            f" margin {percent(RATE)} of the value at the price then. Both fall by the same percentage. At which is the"
            " account closed (to two decimals)?"
        ),
        answer=answer,
        unit="%",
        to="to two decimals",
        either_sign=True,
        wrong=(
            Wrong(alone, "That is the liquidation price shown for one coin, while the other does not move."),
            Wrong(wallet / value, "Both lose at once: the wallet backs the sum of the two."),
            Wrong(wallet / (2 * value), "Almost: that uses up the wallet, but the maintenance margin must remain."),
            Wrong(
                wallet / (2 * value) - RATE,
                "Almost: you used 0.5 % of the value at the entry. It is a share of the value at the price then, which"
                " is less.",
            ),
            Wrong(1 / 20, "That uses up the margins. In cross mode the whole wallet backs both."),
        ),
        hints=(
            "Both fall by the same percentage: what single position would lose as much?",
            "Together they are like one position of twice the value.",
            "fall = (wallet / total value − 0.005) / (1 − 0.005)",
        ),
        steps=(
            f"total value = {money(2 * value)}\nfall = ({money(wallet)} / {money(2 * value)} − {RATE:g}) / (1 −"
            f" {RATE:g}) = **{percent(answer)}**"
        ),
    )


# --- coins as margin --------------------------------------------------------------------------------


def coins_as_margin(coins, entry, haircut, loss):
    worth = coins * entry
    answer = collateral_value(coins, entry, haircut) - loss
    return Task(
        ask=(
            f"A unified account without a dollar: {amount(coins, 'BTC')} at {price(entry)} each are the margin, with a"
            f" haircut of {percent(haircut)}. A cross position in another coin has lost {money(loss)} on paper. How"
            " many dollars of equity does the exchange count?"
        ),
        answer=answer,
        unit="$",
        wrong=(
            Wrong(
                worth - loss, "That is at the full price. The exchange counts the coins for less: take the haircut off."
            ),
            Wrong(worth * (1 - haircut), "That is what the coins count for. The loss on paper is taken off it."),
            Wrong((worth - loss) * (1 - haircut), "The haircut is on the coins alone. A loss counts in full."),
            Wrong(worth * haircut - loss, "The haircut is what does not count. The rest does."),
            Wrong(worth * (1 - haircut) + loss, "A loss makes it less, not more."),
            Wrong(worth * (1 + haircut) - loss, "A haircut makes it less, not more."),
        ),
        hints=(
            "Two steps: what do the coins count for, and what is taken off?",
            "A haircut of 10 % leaves 90 % of the value: coins × price × (1 − haircut).",
            "equity = coins × price × (1 − haircut) − loss",
        ),
        steps=(
            f"the coins count for {coins:g} × {money(entry)} × {1 - haircut:g} = {money(worth * (1 - haircut))}\n"
            f"equity = {money(worth * (1 - haircut))} − {money(loss)} = **{money(answer)}**"
        ),
    )


def price_of_the_margin(coins, haircut, value, fall):
    account = Account(0.0, [bet("BTC", "long", value, 10, "cross")])
    answer = collateral_liquidation_price(account, {"BTC": ENTRY * (1 - fall)}, coins, haircut)
    loss, required, counted = value * fall, RATE * value * (1 - fall), coins * (1 - haircut)
    return Task(
        ask=(
            f"Your whole margin is {amount(coins, 'ETH')}, at $4,000 each, with a haircut of {percent(haircut)}. A"
            f" cross long of {money(value)} in BTC has fallen by {percent(fall)} and stays there; maintenance"
            f" margin is {percent(RATE)} of its value now. At which price of ETH is it closed, to the dollar?"
        ),
        answer=answer,
        unit="$",
        tolerance=0.0003,
        to="to the dollar",
        wrong=(
            Wrong((loss + required) / coins, "That is without the haircut. Each coin counts for less than its price."),
            Wrong(loss / counted, "That uses up the equity. It is closed earlier: the maintenance margin must remain."),
            Wrong(
                (loss + required) / coins * (1 - haircut),
                "Divide by the part of a coin that counts: with a haircut it is closed at a higher price.",
            ),
            Wrong(
                (loss + RATE * value) / counted,
                "Almost: you used 0.5 % of the value at the entry. It is a share of the value now.",
            ),
            Wrong(4000 - (loss + required) / counted, "That is how far ETH may fall. Which price is that?"),
            Wrong(4000 * (1 - fall), "That is BTC's fall, taken from ETH. How many dollars must the ETH count for?"),
        ),
        hints=(
            "How many dollars must the ETH count for, so that the position stays open?",
            "They must cover the loss on paper and the maintenance margin.",
            "price × coins × (1 − haircut) = loss + 0.5 % of the value now",
        ),
        steps=(
            f"loss = {money(value)} × {percent(fall)} = {money(loss)}; required = {RATE:g} × {money(value)} ×"
            f" {1 - fall:g} = {money(required)}\nprice = ({money(loss)} + {money(required)}) / ({coins:g} ×"
            f" {1 - haircut:g}) = **{money(answer)}**"
        ),
    )


# --- bugs -------------------------------------------------------------------------------------------


def _cross_ratio(side, quantity, entry, mark, wallet, leverage, rate):
    rules = Rules(rate, "entry")
    return maintenance_margin(quantity, entry, rules) / (wallet + pnl(side, quantity, entry, mark))


RATIO_CASES = (
    ("short", 20, 1600, 1596, 350, 100, 0.005),
    ("long", 20, 1600, 1596, 500, 100, 0.005),
    ("short", 2, 50_000, 51_000, 6000, 25, 0.004),
    ("long", 0.5, 60_000, 66_000, 9000, 10, 0.01),
)

ratio = Repair(
    id="3-bug-ratio",
    ask=(
        "**Find the bug.** A help page of Toobit calculates a cross account: a short of 20 ETH from 1,600, the mark"
        " price at 1,596, 350 in the wallet, maintenance rate 0.5 %. It prints a margin ratio of 118.5 %, more than the"
        " 100 % at which a position is closed. The function does what the page does. Two things are wrong; repair them."
        " (This page uses the maintenance margin on the value at the entry.)"
    ),
    right=_cross_ratio,
    cases=RATIO_CASES,
    unit="%",
    wrong=(
        Wrong(
            lambda side, quantity, entry, mark, wallet, leverage, rate: (
                (quantity * entry / leverage) / (wallet + quantity * (mark - entry))
            ),
            "Two lines are wrong: one does not use `rate`, the other does not use `side`.",
        ),
        Wrong(
            lambda side, quantity, entry, mark, wallet, leverage, rate: (
                rate * quantity * entry / (wallet + quantity * (mark - entry))
            ),
            "The requirement is right now. The profit is not: a short gains when the price falls.",
        ),
        Wrong(
            lambda side, quantity, entry, mark, wallet, leverage, rate: (
                (quantity * entry / leverage) / (wallet + pnl(side, quantity, entry, mark))
            ),
            "The profit is right now. The requirement is not: that is the initial margin, not the maintenance margin.",
        ),
        Wrong(
            lambda side, quantity, entry, mark, wallet, leverage, rate: (
                rate * quantity * entry / (wallet - quantity * (mark - entry))
            ),
            "The requirement is right. Now the longs are wrong: the sign must depend on `side`.",
        ),
        Wrong(
            lambda side, quantity, entry, mark, wallet, leverage, rate: rate * quantity * entry / wallet,
            "The profit or loss on paper belongs to the equity.",
        ),
        Wrong(
            lambda side, quantity, entry, mark, wallet, leverage, rate: (
                rate * quantity * mark / (wallet + pnl(side, quantity, entry, mark))
            ),
            "Almost: this page takes the maintenance margin on the value at the entry, not at the mark.",
        ),
        Wrong(
            lambda side, quantity, entry, mark, wallet, leverage, rate: (
                rate * quantity * entry / leverage / (wallet + pnl(side, quantity, entry, mark))
            ),
            "The rate is taken of the whole value: leverage has no part in the requirement.",
        ),
        Wrong(
            lambda side, quantity, entry, mark, wallet, leverage, rate: (
                (wallet + pnl(side, quantity, entry, mark)) / (rate * quantity * entry)
            ),
            "Upside down: requirement over equity.",
        ),
    ),
    hints=(
        "What must remain of the value: 1 / leverage, or the maintenance rate?",
        "Who gains when the price falls from 1,600 to 1,596?",
        '`sign = 1 if side == "long" else -1`',
    ),
    steps=(
        "The requirement is `rate * quantity * entry`: 0.005 × 20 × 1,600 = 160, not the 320 that 100x sets aside. The"
        ' profit is `sign * quantity * (mark - entry)` with `sign = 1 if side == "long" else -1`: +80, not −80. So the'
        " ratio is 160 / (350 + 80) = **37.21 %**: far from liquidation."
    ),
)


def _isolated_end(side, entry, quantity, leverage, rate, wallet):
    return liquidation_price(side, entry, quantity, entry * quantity / leverage, Rules(rate))


def _end_on(side, entry, quantity, money_behind, rate):
    sign = 1 if side == "long" else -1
    return (sign * quantity * entry - money_behind) / (quantity * (sign - rate))


foreign = Repair(
    id="3-bug-wallet",
    ask=(
        "**Find the bug.** In a comment of the trading software freqtrade, in its tests, somebody calculates where an"
        " isolated short is closed: 0.6 coins from 10 at 5x, maintenance rate 1 %. It uses 1.6 of money for the"
        " position and gets about 12.56. The function does the same with its wallet (without the small deduction of"
        " the original). Repair it: which money backs an isolated position?"
    ),
    right=_isolated_end,
    cases=(
        ("short", 10, 0.6, 5, 0.01, 1.6),
        ("long", 10, 1, 3, 0.01, 4),
        ("short", 50_000, 0.2, 10, 0.005, 5000),
        ("long", 50_000, 0.1, 20, 0.005, 1000),
    ),
    unit="$",
    wrong=(
        Wrong(
            lambda side, entry, quantity, leverage, rate, wallet: _end_on(side, entry, quantity, wallet, rate),
            "That money would back a cross position. An isolated position has its margin, and nothing else.",
        ),
        Wrong(
            lambda side, entry, quantity, leverage, rate, wallet: _end_on(
                side, entry, quantity, wallet + entry * quantity / leverage, rate
            ),
            "Wallet and margin together are too much: the wallet is on the other side of the wall.",
        ),
        Wrong(
            lambda side, entry, quantity, leverage, rate, wallet: _end_on(
                side, entry, quantity, wallet - entry * quantity / leverage, rate
            ),
            "That is what is left of the wallet: exactly the part that an isolated position cannot use.",
        ),
        Wrong(
            lambda side, entry, quantity, leverage, rate, wallet: _end_on(
                side, entry, quantity, wallet / leverage, rate
            ),
            "The margin is a part of the position's value, not of the wallet: value / leverage.",
        ),
        Wrong(
            lambda side, entry, quantity, leverage, rate, wallet: _end_on(
                side, entry, quantity, entry / leverage, rate
            ),
            "That is the margin of one coin. How many are there?",
        ),
        Wrong(
            lambda side, entry, quantity, leverage, rate, wallet: _end_on(
                side, entry, quantity, entry * quantity, rate
            ),
            "That is the whole position. The margin is that, over the leverage.",
        ),
    ),
    hints=(
        "Isolated or cross: which one may use the wallet?",
        "The margin is the position's value over its leverage.",
        "`behind = entry * quantity / leverage`",
    ),
    steps=(
        "Put `behind = entry * quantity / leverage` in the place of the wallet: 10 × 0.6 / 5 = 1.2, not 1.6. Then the"
        " short ends at (−6 − 1.2) / (0.6 × (−1 − 0.01)) = **$11.88**. The table has 11.90 for the original, with its"
        " deduction of 0.01."
    ),
)

EXERCISES = (
    Exercise(
        "3-isolated",
        isolated_loss,
        {
            "wallet": (1000, 900, 2500, 5000),
            "margin": (40, 50, 75, 120),
            "leverage": (20, 10, 25, 50),
            "fall": (0.3, 0.22, 0.35, 0.45),
        },
        also=(1,),
    ),
    Exercise(
        "3-cross",
        cross_loss,
        {
            "wallet": (1000, 1500, 2000, 3000),
            "margin": (60, 50, 80, 120),
            "leverage": (20, 10, 25, 8),
            "fall": (0.3, 0.2, 0.25, 0.35),
        },
    ),
    Exercise(
        "3-cross-end",
        cross_end,
        {"wallet": (1000, 800, 1200, 1500), "margin": (200, 150, 250, 300), "leverage": (20, 15, 25, 40)},
        also=(2,),
    ),
    Exercise(
        "3-two",
        winner_and_loser,
        {
            "margin": (100, 50, 150, 200),
            "leverage": (20, 10, 15, 25),
            "rise": (0.03, 0.02, 0.035, 0.07),
            "fall": (0.2, 0.15, 0.25, 0.3),
        },
    ),
    Exercise(
        "3-available",
        free_to_use,
        {"wallet": (1000, 1500, 2000), "btc": (150, 200, 250), "eth": (100, 120, 180), "loss": (80, 60, 130, 210)},
    ),
    Exercise(
        "3-ratio",
        ratio_now,
        {"wallet": (500, 800, 1000), "value": (2000, 2500, 3000, 4000), "fall": (0.1, 0.08, 0.12)},
        also=(2,),
    ),
    Exercise(
        "3-added",
        after_adding,
        {
            "entry": (60_000, 50_000, 80_000, 110_000),
            "coins": (0.05, 0.02, 0.04, 0.1),
            "leverage": (20, 10, 25),
            "added": (100, 60, 150),
        },
        also=(2,),
    ),
    Exercise(
        "3-hedge",
        broken_hedge,
        {
            "value": (2000, 1500, 2500, 3000),
            "leverage": (20, 10, 16),
            "fall": (0.18, 0.2, 0.25, 0.3),
            "stays": (0.02, 0.03, 0.04),
        },
    ),
    Exercise(
        "3-loses-less",
        less_in_cross,
        {
            "margin": (80, 60, 100, 50),
            "leverage": (25, 20),
            "fall": (0.1, 0.12, 0.15),
            "now": (0.03, 0.07, 0.015, 0.09),
        },
    ),
    Exercise(
        "3-moves",
        price_that_moves,
        {
            "btc": (100_000, 80_000, 114_000),
            "coins": (0.05, 0.08, 0.04),
            "eth": (1.5, 0.8, 1.2, 2),
            "fall": (0.1, 0.06, 0.15, 0.2),
        },
    ),
    Exercise("3-together", together, {"wallet": (1000, 800, 1200, 1500), "value": (3000, 2500, 4000, 5000)}),
    Exercise(
        "3-haircut",
        coins_as_margin,
        {
            "coins": (0.05, 0.04, 0.08, 0.1),
            "entry": (100_000, 80_000, 120_000),
            "haircut": (0.05, 0.1, 0.025, 0.15),
            "loss": (800, 600, 1100, 1400),
        },
    ),
    Exercise(
        "3-margin-falls",
        price_of_the_margin,
        {
            "coins": (0.5, 0.6, 0.8),
            "haircut": (0.1, 0.05, 0.15, 0.2),
            "value": (12_000, 10_000, 15_000),
            "fall": (0.08, 0.06, 0.07, 0.05),
        },
    ),
    Exercise(
        "3-missing",
        missing_for_the_end,
        {
            "missing": ("wallet", "rate", "coins", "entry"),
            "wallet": (1000, 800, 2500),
            "coins": (0.1, 0.05, 0.2),
            "entry": (60_000, 45_000, 90_000),
        },
        also=(2,),
    ),
    ratio,
    foreign,
)


PREDICTIONS = (
    Prediction(
        "3-one-wallet",
        "$1,000 in the wallet, $100 of it as margin for a long at 20x. The price falls by 15 %. Cross mode, and the"
        " position is still open. How many dollars has it lost?",
        answer=_loss(_opened(1000, ("X", "long", 2000, 20)), {"X": -0.15}),
        unit="$",
        either_sign=True,
        why=(
            "The position is $2,000, and 15 % of it is $300: three times the margin. Isolated, it would have been"
            " closed at −4.52 %, with $100 lost."
        ),
    ),
    Prediction(
        "3-three",
        "Three cross longs, BTC, ETH and SOL, $2,000 each, on a wallet of $1,000. BTC and ETH do not move, SOL falls by"
        " half. How many of the three are closed?",
        answer="all three",
        options=("none", "one, SOL", "all three"),
        why="SOL's loss of $1,000 comes out of the wallet that backs all three. BTC and ETH had not lost a cent.",
    ),
    Prediction(
        "3-path",
        "The same long, isolated and cross, goes through the crash of 12 and 13 March 2020: 10x, $200 of margin,"
        " $1,000 in the wallet. BTC falls by half and ends at −29 %. Which of the two is still open at the end?",
        answer="neither",
        options=("both", "only the isolated one", "only the cross one", "neither"),
        why=(
            "The isolated one loses its $200 in hour 11. The cross one survives that and loses all $1,000 in the hour"
            " of the lowest price, just before BTC began to rise again."
        ),
    ),
    Prediction(
        "3-add",
        "$100 at 20x, isolated: closed at −4.52 %. You add another $100. By how many percent may the price fall now,"
        " from the entry?",
        answer=-adding.model(100, 20, 100, 0).end["with more margin"],
        unit="%",
        either_sign=True,
        why="$100 is 5 % of the $2,000, so it buys about 5 points more: −9.55 %. What you can lose has doubled.",
    ),
    Prediction(
        "3-hedge",
        "$2,000 long and $2,000 short of the same coin, each isolated at 10x. The price falls by 20 % and comes all the"
        " way back. What has the account lost?",
        answer="$200",
        options=("nothing", "$200", "$400"),
        why=(
            "On the way down the long was closed, and its margin of $200 is lost. The short gained, and lost its gain"
            " again. In cross mode nothing would have happened."
        ),
    ),
    Prediction(
        "3-plane",
        "A cross account with $3,000 of BTC and $3,000 of ETH, both long. The screen says that BTC is liquidated at"
        " −32.5 %. Now ETH falls by 10 %, and BTC does not move. What does the screen say for BTC now?",
        answer="−22.5 %: nearer",
        options=("−32.5 %, as before", "−42.5 %: further away", "−22.5 %: nearer"),
        why=(
            "ETH has taken $300 from the wallet that backs BTC too, 10 % of BTC's $3,000. The number was right only"
            " while ETH did not move."
        ),
    ),
    Prediction(
        "3-stablecoin",
        "1,000 stablecoins of $1 are your whole margin; the exchange counts 90 % of their price. A cross long of $8,000"
        " in BTC has fallen by 7 % and stays there. Now the stablecoin falls to $0.65. What happens to the long?",
        answer="it is closed",
        options=("nothing: BTC has not moved", "it has less equity, but stays open", "it is closed"),
        why=(
            "The coins count for $585 now. The loss on paper is $560, so $25 are left, and $37.20 are required. With"
            " $1,000 in dollars it would be open: −7 % is far from −12.06 %."
        ),
    ),
)

# In no notebook: only `practice()` draws them.
FOR_PRACTICE = ("3-available", "3-cross", "3-hedge", "3-margin-falls", "3-missing", "3-together")
