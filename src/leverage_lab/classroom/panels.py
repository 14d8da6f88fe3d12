"""All panels of the course by name: `panels.bought()` is a new panel; `panels.bought(leverage=20)` starts elsewhere."""

from leverage_lab.chapters.exchanges.depth import depth
from leverage_lab.chapters.exchanges.ends import ends
from leverage_lab.chapters.exchanges.known import known
from leverage_lab.chapters.exchanges.maxima import maxima
from leverage_lab.chapters.exchanges.one_trade import one_trade
from leverage_lab.chapters.exchanges.stairs import stairs
from leverage_lab.chapters.fees.fee_waterfall import fee_waterfall
from leverage_lab.chapters.fees.funding_rule import funding_rule
from leverage_lab.chapters.fees.funding_years import funding_years
from leverage_lab.chapters.fees.holding_cost import holding_cost
from leverage_lab.chapters.fees.settlements import settlements
from leverage_lab.chapters.fees.standing_still import standing_still
from leverage_lab.chapters.fees.way_to_pay import way_to_pay
from leverage_lab.chapters.leverage.bought import bought
from leverage_lab.chapters.leverage.inverse import inverse
from leverage_lab.chapters.leverage.payoff import payoff
from leverage_lab.chapters.leverage.room import room
from leverage_lab.chapters.leverage.same_margin import same_margin
from leverage_lab.chapters.leverage.same_position import same_position
from leverage_lab.chapters.liquidation.closed_early import closed_early
from leverage_lab.chapters.liquidation.crash import crash
from leverage_lab.chapters.liquidation.mark_or_last import mark_or_last
from leverage_lab.chapters.liquidation.median_of_three import median_of_three
from leverage_lab.chapters.liquidation.tiers import tiers
from leverage_lab.chapters.liquidation.venue import venue
from leverage_lab.chapters.liquidation.way_left import way_left
from leverage_lab.chapters.margin.adding import adding
from leverage_lab.chapters.margin.both_sides import both_sides
from leverage_lab.chapters.margin.collateral import collateral
from leverage_lab.chapters.margin.fall_together import fall_together
from leverage_lab.chapters.margin.one_path import one_path
from leverage_lab.chapters.margin.plane import plane
from leverage_lab.chapters.margin.three_positions import three_positions
from leverage_lab.chapters.margin.two_modes import two_modes
from leverage_lab.chapters.start.first_touch import first_touch
from leverage_lab.chapters.strategies.before_stop import before_stop
from leverage_lab.chapters.strategies.coins_as_margin import coins_as_margin
from leverage_lab.chapters.strategies.evidence import evidence
from leverage_lab.chapters.strategies.hedged_coins import hedged_coins
from leverage_lab.chapters.strategies.hedged_evening import hedged_evening
from leverage_lab.chapters.strategies.orders import orders
from leverage_lab.chapters.strategies.sized import sized
from leverage_lab.chapters.strategies.stopped_minutes import stopped_minutes
from leverage_lab.chapters.strategies.win_rate import win_rate
from leverage_lab.chapters.survival.held import held
from leverage_lab.chapters.survival.lifetime import lifetime
from leverage_lab.chapters.survival.many import many
from leverage_lab.chapters.survival.rounds import rounds
from leverage_lab.chapters.survival.shorter import shorter

ALL = {
    "first_touch": first_touch,
    "bought": bought,
    "payoff": payoff,
    "same_position": same_position,
    "same_margin": same_margin,
    "room": room,
    "inverse": inverse,
    "rounds": rounds,
    "closed_early": closed_early,
    "way_left": way_left,
    "tiers": tiers,
    "mark_or_last": mark_or_last,
    "median_of_three": median_of_three,
    "crash": crash,
    "venue": venue,
    "lifetime": lifetime,
    "two_modes": two_modes,
    "three_positions": three_positions,
    "one_path": one_path,
    "adding": adding,
    "both_sides": both_sides,
    "plane": plane,
    "fall_together": fall_together,
    "collateral": collateral,
    "fee_waterfall": fee_waterfall,
    "way_to_pay": way_to_pay,
    "settlements": settlements,
    "standing_still": standing_still,
    "funding_rule": funding_rule,
    "funding_years": funding_years,
    "holding_cost": holding_cost,
    "maxima": maxima,
    "stairs": stairs,
    "one_trade": one_trade,
    "depth": depth,
    "ends": ends,
    "known": known,
    "shorter": shorter,
    "sized": sized,
    "before_stop": before_stop,
    "stopped_minutes": stopped_minutes,
    "hedged_coins": hedged_coins,
    "coins_as_margin": coins_as_margin,
    "hedged_evening": hedged_evening,
    "orders": orders,
    "held": held,
    "win_rate": win_rate,
    "many": many,
    "evidence": evidence,
}
