#!/usr/bin/env python3
"""Random cohorts, trees and life tables against a slow, obvious oracle in another language, from docs/method.md section 4.

usage: health_oracle.py DIVIDEND [SEED [N_MODELS]]

Each model is written as configuration, run by the program, and worked out here person by person: a dictionary from
(state, time in state) to shares, one cycle after the other, every payoff added where it falls. All inputs are plain
numbers, so one draw is the answer. Exit code 1 and the offending model on the first difference.
"""
import csv
import math
import os
import random
import subprocess
import sys
import tempfile

TOLERANCE = 1e-10
SECTORS = ["council", "hospital", "residents"]
MORTALITY = {(age, sex): round(0.002 * 1.09 ** (age - 40) * (0.8 if sex else 1.0), 6)
             for age in range(40, 111) for sex in (0, 1)}
BANDS = [(0, 0.95), (45, 0.88), (60, 0.8), (75, 0.7)]

LIBRARY = """
sources = { example = { citation = "Random figures for a test"; }; };
sectors = {
  council = { label = "Council"; abbreviation = "Council"; perspectives = ["public_sector"]; };
  hospital = { label = "Hospital"; abbreviation = "Hosp"; perspectives = ["public_sector"]; };
  residents = { label = "Residents"; abbreviation = "Resid"; perspectives = ["all"]; };
};
sector_groups = {
  care = { label = "Care"; rule = "for tests"; members = { council = 0.25; hospital = 0.75; }; };
};
perspectives = { public_sector = { label = "Public sector"; }; all = { label = "All"; }; };
packs = {
  random = {
    kind = "appraisal"; label = "Random"; vintage = "test"; source = "example";
    costs = { from_year = [0, 6]; rate = [%(c0)r, %(c1)r]; };
    health = { from_year = [0, 9]; rate = [%(h0)r, %(h1)r]; };
    thresholds_gbp_per_qaly = [20000.0];
  };
  flat = {
    kind = "deflator"; label = "Flat"; vintage = "test"; source = "example";
    years = ["2024-25", "2025-26"]; index = [100.0, 100.0]; last_outturn_year = "2024-25";
  };
};
tables = {
  deaths = {
    label = "Deaths"; file = "deaths.csv"; index = ["age", "sex"]; value = "qx"; unit = "share/year";
    source = "example"; locator = "t";
  };
  norms = {
    label = "Norms"; file = "norms.csv"; index = ["from_age"]; bands = ["from_age"]; value = "utility";
    unit = "QALY/year"; source = "example"; locator = "t";
  };
};
"""


def table(name, *index):
    if name == "deaths":
        return MORTALITY[math.floor(index[0]), index[1]]
    return [value for start, value in BANDS if start <= index[0]][-1]


def normal_upper(z):
    return 0.5 * math.erfc(z / math.sqrt(2))


FUNCTIONS = {
    "iff": lambda c, a, b: a if c else b, "min": min, "max": max, "exp": math.exp, "log": math.log,
    "rate_to_prob": lambda r, t: 1 - math.exp(-r * t), "scale_prob": lambda p, h: 1 - (1 - p) ** h,
    "hazard_weibull": lambda t, a, b: (t / b) ** a if t > 0 else 0.0,
    "hazard_gompertz": lambda t, a, b: b * math.expm1(a * t) / a if t > 0 else 0.0,
    "survival_loglogistic": lambda t, a, b: 1 / (1 + (t / b) ** a) if t > 0 else 1.0,
    "survival_lognormal": lambda t, m, s: normal_upper((math.log(t) - m) / s) if t > 0 else 1.0,
    "table": table, "deaths": "deaths", "norms": "norms", "male": 0.0, "female": 1.0,
}


def evaluate(text, names, formulas):
    class Names(dict):
        def __missing__(self, key):
            if key in formulas:
                return evaluate(formulas[key], names, formulas)
            raise KeyError(key)

    scope = Names(FUNCTIONS)
    scope.update(names)
    return float(eval(str(text).replace("^", "**").replace("if(", "iff("), {"__builtins__": {}}, scope))


class Model:
    """A random cohort, with or without a tree in front."""

    def __init__(self, dice):
        self.dice = dice
        self.length = dice.choice([1.0, 0.5, 0.25])
        self.n_cycles = 2 * dice.randint(2, 12)
        self.correction = dice.choice(["none", "start", "end", "half", "life-table", "simpson",
                                       "simpson_reversed_darth"])
        self.by_points = self.correction not in ("start", "end", "life-table")
        self.discount_at = "counted" if self.by_points else dice.choice(["counted", "start", "middle", "end"])
        self.as_states = dice.random() < 0.4
        n = dice.randint(2, 5)
        self.states = [f"s{i}" for i in range(n)]
        self.dead = self.states[-1]
        self.tunnel = {s: dice.randint(2, 6) if dice.random() < 0.4 else 1 for s in self.states[:-1]}
        self.tunnel[self.dead] = 1
        self.groups = [("all", 1.0, {"start_years": 50.0, "sex": 1.0, "risk": 1.0})]
        if dice.random() < 0.5:
            weight = round(dice.uniform(0.1, 0.9), 3)
            self.groups = [("men", weight, {"start_years": 45.0, "sex": 0.0, "risk": 1.2}),
                           ("women", 1 - weight, {"start_years": 62.5, "sex": 1.0, "risk": 0.9})]
        self.formulas = {"effect": "1.0", "extra": "0", "hazard": "0.02 * risk"}
        self.options = [("usual", {})]
        for i in range(dice.randint(0, 3)):
            own = {}
            if dice.random() < 0.7:
                own["effect"] = dice.choice(["0.7", "if(cycle < 3, 0.5, 1)", "0.9 + 0.01 * min(cycle, 5)"])
            if dice.random() < 0.7:
                own["extra"] = dice.choice(["250.0", "if(elapsed_years < 2, 900, 0)", "100 * risk"])
            self.options.append((f"o{i}", own))
        self.combined = combine(self.options)
        self.rows = {s: self.row(s) for s in self.states[:-1]}
        self.payoffs = self.make_payoffs()
        self.tree = dice.random() < 0.3
        self.start = {self.states[0]: "1.0"} if n == 2 or dice.random() < 0.5 else \
            {self.states[0]: "0.75", self.states[1]: "rest"}
        self.rates = {k: round(dice.uniform(0, 0.06), 4) for k in ("c0", "c1", "h0", "h1")}

    def chance(self, state):
        """A formula between 0 and about .1, of anything that may vary."""
        dice = self.dice
        choices = ["0.03", "0.05 * effect", "rate_to_prob(hazard, %r)" % self.length, "0.02 * risk",
                   "if(cycle < 4, 0.04, 0.01)", "scale_prob(table(deaths, age, sex), 1.5 * effect)",
                   "1 - exp(hazard_gompertz(elapsed_years, 0.1, 0.02) - hazard_gompertz(elapsed_years + %r, 0.1, 0.02))"
                   % self.length,
                   "0.1 * (1 - survival_lognormal(elapsed_years + 1, 1.5, 0.8))"]
        if self.tunnel[state] > 1:
            choices += ["0.06 / (1 + time_in_state)", "0.02 * (1 + years_in_state)",
                        "1 - exp(hazard_weibull(years_in_state, 1.3, 20) - hazard_weibull(years_in_state + %r, 1.3, 20))"
                        % self.length,
                        "0.05 * survival_loglogistic(years_in_state + 0.5, 2, 3) * effect"]
        return dice.choice(choices)

    def row(self, state):
        others = [s for s in self.states if s != state]
        chosen = [s for s in others if self.dice.random() < 0.7] or [others[-1]]
        if self.dice.random() < 0.3:
            return "rates", {s: self.dice.choice(["0.05", "0.1 * risk", "hazard", "0.2 * effect"]) for s in chosen}
        cells = {s: self.chance(state) for s in chosen}
        cells[state] = "rest"
        return "to", cells

    def make_payoffs(self):
        dice, living = self.dice, self.states[:-1]
        amounts = ["1000.0", "500 * risk", "extra", "20 * age", "300 + extra", "if(cycle < 2, 700, 300)"]
        payers = ['payer = "council";', 'payer = "care";', 'payers = { hospital = 0.4; residents = 0.6; };']
        payoffs = [dict(kind="cost", on="state", states=living, amount="extra + 10 * effect + 100 * hazard", per="year", payer=payers[0])]
        for _ in range(dice.randint(1, 5)):
            on = dice.choice(["state", "state", "entry", "transition", "start"])
            kind = dice.choice(["cost", "cost", "qalys", "falls"])
            pay = dict(kind=kind, on=on, per=dice.choice(["year", "cycle"]) if on == "state" else "year",
                       payer=dice.choice(payers), states=dice.sample(self.states, dice.randint(1, len(self.states))))
            pay["from"] = dice.sample(living, dice.randint(1, len(living)))
            scale = {"cost": amounts, "qalys": ["-0.05", "-0.01 * risk"], "falls": ["0.2", "0.1 * effect"]}[kind]
            pay["amount"] = "250.0" if on == "start" and kind == "cost" else \
                "0.5" if on == "start" else dice.choice(scale)
            timed = pay["states"] if on == "state" else pay["from"] if on == "transition" else []
            if timed and all(self.tunnel[s] > 1 for s in timed) and dice.random() < 0.5:
                pay["amount"] = f"({pay['amount']}) / (1 + time_in_state)"
            payoffs.append(pay)
        for s in living:
            payoffs.append(dict(kind="utility", on="state", states=[s], per="year",
                                amount=dice.choice(["0.8", "0.9 - 0.001 * age", "table(norms, age)", "0.7 / risk"])))
        return payoffs

    # ---- as configuration ----

    def text(self):
        quote = lambda t: t if _is_number(t) else f'"{t}"'
        group = lambda cells: " ".join(f"{k} = {quote(v)};" for k, v in cells.items())
        names = lambda states: "[" + ", ".join(f'"{s}"' for s in states) + "]"
        out = [f'model = {{ kind = "cohort"; title = "Random"; cycle_length_years = {self.length!r};',
               f"  horizon_years = {self.length * self.n_cycles!r}; cycle_correction = \"{self.correction}\";"]
        if self.discount_at != "counted":
            out.append(f'  discount_at = "{self.discount_at}";')
        if self.as_states:
            out.append('  transition_weights = "as_states";')
        out.append('  start_age = "start_years";')
        out.append(f"  formulas = {{ {group(self.formulas)} }};")
        out.append("  groups = ( " + ", ".join(
            f'{{ name = "{n}"; weight = {w!r}; values = {{ {group({k: repr(v) for k, v in values.items()})} }}; }}'
            for n, w, values in self.groups) + " );")
        out.append("  options = ( " + ", ".join(
            f'{{ name = "{n}"; ' + (f"combines = {self.combined[n]}; " if n in self.combined else
                                      f"formulas = {{ {group(own)} }}; " if own else "") + "}"
            for n, own in self.options) + " );")
        out.append("  states = ( " + ", ".join(
            f'{{ name = "{s}"; ' + (f"tunnel_cycles = {self.tunnel[s]}; " if self.tunnel[s] > 1 else "")
            + ("dead = true; " if s == self.dead else "") + "}" for s in self.states) + " );")
        if self.tree:
            out.append('  trees = { front = { branches = ( { probability = 0.25; ends_in = "s0";'
                       ' costs = ( { name = "test"; amount = "40 * risk"; payer = "council"; } ); },'
                       f' {{ probability = "rest"; ends_in = "{self.states[-2]}"; qalys = 0.125; }} ); }}; }};')
        else:
            out.append(f"  start = {{ {group(self.start)} }};")
        out.append("  transitions = ( " + ",\n    ".join(
            f'{{ from = "{s}"; {form} = {{ {group(cells)} }}; }}' for s, (form, cells) in self.rows.items()) + " );")
        costs, effects, utilities = [], [], []
        for i, pay in enumerate(self.payoffs):
            if pay["kind"] == "utility":
                utilities.append(f"{pay['states'][0]} = {quote(pay['amount'])};")
                continue
            row = f'{{ name = "row {i}"; on = "{pay["on"]}"; amount = {quote(pay["amount"])}; '
            row += f'per = "{pay["per"]}"; ' if pay["on"] == "state" else ""
            row += f"states = {names(pay['states'])}; " if pay["on"] != "start" else ""
            row += f"from = {names(pay['from'])}; " if pay["on"] == "transition" else ""
            if pay["kind"] == "cost":
                costs.append(row + f'category = "c{i % 2}"; {pay["payer"]} }}')
            else:
                effects.append(row + f'outcome = "{pay["kind"]}"; }}')
        out.append('  outcomes = { falls = { label = "Falls"; unit = "fall"; discount = "none"; }; };')
        out.append("  costs = ( " + ",\n    ".join(costs) + " );")
        out.append("  utilities = { " + " ".join(utilities) + " };")
        if effects:
            out.append("  effects = ( " + ",\n    ".join(effects) + " );")
        return "\n".join(out) + "\n};\n"

    # ---- worked out ----

    def factor(self, schedule, years):
        if schedule == "none":
            return 1.0
        first, change, later = (self.rates["c0"], 6, self.rates["c1"]) if schedule == "costs" else \
            (self.rates["h0"], 9, self.rates["h1"])
        value, whole = 1.0, math.floor(years + 1e-9)
        for year in range(1, whole + 1):
            value /= 1 + (later if year >= change else first)
        rate = later if whole + 1 >= change else first
        return value * (1 + rate) ** -(years - whole)

    def weight_of_point(self, t):
        if self.correction == "none":
            return 1.0
        ends = t in (0, self.n_cycles)
        if self.correction == "half":
            return 0.5 if ends else 1.0
        odd = t % 2 == 1
        if self.correction == "simpson":
            return 1 / 3 if ends else 4 / 3 if odd else 2 / 3
        return 1 / 3 if ends else 2 / 3 if odd else 4 / 3

    def cycle_factor(self, schedule, cycle, counted):
        moment = {"counted": counted, "start": 0.0, "middle": 0.5, "end": 1.0}[self.discount_at]
        return self.factor(schedule, (cycle + moment) * self.length)

    def counted(self, schedule, cycle):
        """What shares at the start and the end of a cycle count for, valued as at its start."""
        if self.by_points:
            return self.weight_of_point(cycle) * self.factor(schedule, cycle * self.length), 0.0
        if cycle == self.n_cycles:
            return 0.0, 0.0
        start = {"start": 1.0, "end": 0.0, "life-table": 0.5}[self.correction]
        return start * self.cycle_factor(schedule, cycle, 0.0), (1 - start) * self.cycle_factor(schedule, cycle, 1.0)

    def move_weight(self, schedule, cycle):
        if not self.as_states:
            if self.by_points:
                return self.factor(schedule, (cycle + 1) * self.length)
            start = {"start": 1.0, "end": 0.0, "life-table": 0.5}[self.correction]
            return self.cycle_factor(schedule, cycle, 1.0 - start)
        if self.by_points:
            return self.counted(schedule, cycle + 1)[0]
        return self.counted(schedule, cycle + 1)[0] + self.counted(schedule, cycle)[1]

    def solve(self, own):
        formulas = dict(self.formulas, **own)
        totals = {}

        def add(pay, amount, weight_of):
            kinds = {"cost": "costs", "qalys": "health", "utility": "health", "falls": "none"}
            name = "qalys" if pay["kind"] == "utility" else pay["kind"]
            for discounted in (True, False):
                schedule = kinds[pay["kind"]] if discounted else "none"
                value = amount * weight_of(schedule)
                key = (name, discounted)
                totals[key] = totals.get(key, 0.0) + value
                if pay["kind"] == "cost":
                    for sector, share in payer_shares(pay["payer"]).items():
                        key = (sector, discounted)
                        totals[key] = totals.get(key, 0.0) + share * value

        for _, group_weight, values in self.groups:
            base = {k: v for k, v in values.items()}

            def names(cycle, time=0):
                return dict(base, cycle=float(cycle), elapsed_years=cycle * self.length,
                            age=base["start_years"] + cycle * self.length, time_in_state=float(time),
                            years_in_state=time * self.length)

            value = lambda text, cycle, time=0: evaluate(text, names(cycle, time), formulas)
            people = {}
            if self.tree:
                people = {("s0", 0): 0.25}
                people[self.states[-2], 0] = people.get((self.states[-2], 0), 0.0) + 0.75
                add(dict(kind="cost", payer='payer = "council";'), group_weight * 0.25 * 40 * base["risk"],
                    lambda s: 1.0)
                add(dict(kind="qalys"), group_weight * 0.75 * 0.125, lambda s: 1.0)
            else:
                known = {s: float(t) for s, t in self.start.items() if t != "rest"}
                for s in self.start:
                    people[s, 0] = known.get(s, 1 - sum(known.values()))
            for pay in self.payoffs:
                if pay["on"] == "start":
                    add(pay, group_weight * value(pay["amount"], 0), lambda s: 1.0)
            for cycle in range(self.n_cycles + 1):
                after = {}
                if cycle < self.n_cycles:
                    for (state, time), share in people.items():
                        for to, chance in self.chances(state, time, cycle, value).items():
                            later = min(time + 1, self.tunnel[state] - 1) if to == state else 0
                            after[to, later] = after.get((to, later), 0.0) + share * chance
                            for pay in self.payoffs:
                                entry = pay["on"] == "entry" and to in pay["states"] and to != state
                                made = pay["on"] == "transition" and state in pay["from"] and to in pay["states"]
                                if entry or made:
                                    add(pay, group_weight * share * chance * value(pay["amount"], cycle, time),
                                        lambda s: self.move_weight(s, cycle))
                for shares, side in ((people, 0), (after, 1)):
                    for (state, time), share in shares.items():
                        for pay in self.payoffs:
                            if pay["on"] == "state" and state in pay["states"]:
                                unit = self.length if pay["per"] == "year" else 1.0
                                amount = group_weight * share * unit * value(pay["amount"], cycle, time)
                                add(pay, amount, lambda s: self.counted(s, cycle)[side])
                        if state != self.dead:
                            for discounted in (True, False):
                                schedule = "health" if discounted else "none"
                                key = ("life_years", discounted)
                                totals[key] = totals.get(key, 0.0) + \
                                    group_weight * share * self.length * self.counted(schedule, cycle)[side]
                people = after if cycle < self.n_cycles else people
        return totals

    def chances(self, state, time, cycle, value):
        if state == self.dead:
            return {state: 1.0}
        form, cells = self.rows[state]
        if form == "to":
            known = {s: value(t, cycle, time) for s, t in cells.items() if t != "rest"}
            return dict(known, **{state: 1 - sum(known.values())})
        rates = {s: value(t, cycle, time) for s, t in cells.items()}
        total = sum(rates.values())
        leave = 1 - math.exp(-total * self.length)
        chances = {s: r / total * leave for s, r in rates.items()}
        chances[state] = 1 - sum(chances.values())
        return chances


class LifeTable:
    """A random multi-state life table: risks, diseases, groups."""

    def __init__(self, dice):
        self.dice = dice
        self.n_years = dice.randint(1, 30)
        self.discount_at = dice.choice(["start", "middle", "end"])
        self.formulas = {"smokers": "0.2 * risk", "drift": "1.0", "fatal": "0.05"}
        self.options = [("usual", {})]
        for i in range(dice.randint(1, 3)):
            own = {}
            if dice.random() < 0.8:
                own["smokers"] = dice.choice(["0.1 * risk", "if(cycle < 5, 0.2, 0.05) * risk", "0.0"])
            if dice.random() < 0.4:
                own["drift"] = "0.8"
            if dice.random() < 0.3:
                own["fatal"] = "0.04"
            self.options.append((f"o{i}", own))
        self.population = dice.random() < 0.5
        self.groups = [("all", 1.0, {"start_years": 50.0, "sex": 1.0, "risk": 1.0})]
        if self.population:
            pairs = [(age, sex, q) for age in range(50, 53) for sex in (0, 1) for q in (1, 2)]
            people = {p: (p[0] - 40) * (1 + p[1]) / p[2] for p in pairs}
            self.groups = [(str(p), w / sum(people.values()),
                            {"age_now": float(p[0]), "start_years": float(p[0]), "sex": float(p[1]),
                             "quintile": float(p[2]), "risk": 0.8 + 0.2 * p[2]}) for p, w in people.items()]
        self.combined = combine(self.options)
        self.diseases = []
        for name in ("stroke", "cancer")[:dice.randint(1, 2)]:
            self.diseases.append(dict(
                name=name, prevalence=dice.choice(["0.02", "0.03 * risk", "0"]),
                incidence=dice.choice(["0.01", "0.0002 * age * drift", "0.005 * drift"]),
                remission=dice.choice(["0", "0.1"]), case_fatality=dice.choice(["0.08", "fatal", "0"]),
                utility_loss=dice.choice(["0.2", "0.3 / risk"]), cost=dice.choice(["1200.0", "50 * age"]),
                payer=dice.choice(['payer = "council";', 'payer = "care";'])))
        self.risks = [dict(name="smoking", lag=dice.choice([0, 0, 3]), categories=[
            ("smoker", "smokers", {d["name"]: dice.choice(["2.0", "1.5 + 0.01 * age"]) for d in self.diseases}),
            ("former", "0.3", {self.diseases[0]["name"]: "1.2"}), ("never", "rest", {})])]
        if dice.random() < 0.4:
            self.risks.append(dict(name="pressure", lag=1, categories=[
                ("everyone", "1.0", {self.diseases[0]["name"]: "exp(0.4 * (3 * drift) + (0.4 * 0.5) ^ 2 / 2)"})]))
        if dice.random() < 0.5:
            self.risks.append(dict(name="exercise", lag=0, categories=[
                ("active", "0.5 + smokers", {self.diseases[-1]["name"]: "0.7"}), ("idle", "rest", {})]))
        self.rates = {k: round(dice.uniform(0, 0.06), 4) for k in ("c0", "c1", "h0", "h1")}

    def text(self):
        quote = lambda t: t if _is_number(t) else f'"{t}"'
        group = lambda cells: " ".join(f"{k} = {quote(v)};" for k, v in cells.items())
        risk = lambda r: "0.8 + 0.2 * quintile" if self.population else "1.0"
        formulas = dict(self.formulas, **({"risk": risk(0)} if self.population else {}))
        formulas["used"] = "smokers + drift + fatal"
        out = [f'model = {{ kind = "life_table"; title = "Random"; horizon_years = {self.n_years};',
               f'  discount_at = "{self.discount_at}"; formulas = {{ {group(formulas)} }};',
               '  mortality = "table(deaths, age, sex) + 0 * used"; utility = "0.9 - 0.002 * age";']
        if self.population:
            out.append('  population = { ages = [50, 52]; quintiles = 2; '
                       'weight = "(age_now - 40) * (1 + sex) / quintile"; };')
        else:
            out.append('  start_age = "start_years"; groups = ( { name = "all"; weight = 1.0; '
                       'values = { start_years = 50.0; sex = 1.0; risk = 1.0; }; } );')
        out.append("  options = ( " + ", ".join(
            f'{{ name = "{n}"; ' + (f"combines = {self.combined[n]}; " if n in self.combined else
                                      f"formulas = {{ {group(own)} }}; " if own else "") + "}"
            for n, own in self.options) + " );")
        out.append("  diseases = ( " + ",\n    ".join(
            "{ " + f'name = "{d["name"]}"; {d["payer"]} ' + group({k: d[k] for k in (
                "prevalence", "incidence", "remission", "case_fatality", "utility_loss", "cost")}) + " }"
            for d in self.diseases) + " );")
        out.append("  risks = ( " + ",\n    ".join(
            f'{{ name = "{r["name"]}"; lag_years = {r["lag"]}; categories = ( ' + ", ".join(
                f'{{ name = "{n}"; share = {quote(share)}; ' +
                (f"relative_risks = {{ {group(rr)} }}; " if rr else "") + "}"
                for n, share, rr in r["categories"]) + " ); }" for r in self.risks) + " );")
        return "\n".join(out) + "\n};\n"

    factor = Model.factor

    def solve(self, own):
        totals = {}
        moment = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.discount_at]
        for _, group_weight, base in self.groups:
            value = lambda text, year, formulas: evaluate(
                text, dict(base, cycle=float(year), elapsed_years=float(year), age=base["start_years"] + year),
                dict(self.formulas, **formulas))
            arms = [{}, own]
            states = [[(1 - value(d["prevalence"], 0, arm), value(d["prevalence"], 0, arm)) for d in self.diseases]
                      for arm in arms]
            alive = [1.0, 1.0]
            for year in range(self.n_years):
                seen = []
                for a, arm in enumerate(arms):
                    rows = []
                    for k, d in enumerate(self.diseases):
                        impact = 1.0
                        for r in self.risks:
                            if year >= r["lag"] and a == 1:
                                impact *= self.risk(r, d, year, arm, value) / self.risk(r, d, year, {}, value)
                        i = value(d["incidence"], year, arm) * impact
                        remission, fatal = value(d["remission"], year, arm), value(d["case_fatality"], year, arm)
                        well, ill = states[a][k]
                        m = expm(-i, remission, i, -(remission + fatal))
                        after = (m[0] * well + m[1] * ill, m[2] * well + m[3] * ill)
                        mean = 0.5 * (ill / (well + ill) + after[1] / sum(after))
                        rows.append((i, mean, fatal, value(d["utility_loss"], year, arm), value(d["cost"], year, arm)))
                        states[a][k] = after
                    seen.append(rows)
                rate = value("table(deaths, age, sex)", year, {})
                excess = sum(o[1] * o[2] - n[1] * n[2] for o, n in zip(seen[1], seen[0]))
                gain = sum(n[1] * n[3] - o[1] * o[3] for o, n in zip(seen[1], seen[0]))
                after = alive[1] * math.exp(-max(0.0, rate + excess))
                lived = 0.5 * (alive[1] + after)
                alive[1] = after
                self.add(totals, "life_years", "health", year + moment, group_weight * lived)
                self.add(totals, "qalys", "health", year + moment,
                         group_weight * lived * (value("0.9 - 0.002 * age", year, {}) + gain))
                for d, (i, mean, _, _, cost) in zip(self.diseases, seen[1]):
                    self.add(totals, d["name"], "none", year, group_weight * lived * i * (1 - mean))
                    for sector, share in [("cost", 1.0), *payer_shares(d["payer"]).items()]:
                        self.add(totals, sector, "costs", year + moment, group_weight * lived * mean * cost * share)
        return totals

    def add(self, totals, name, schedule, years, amount):
        for discounted in (True, False):
            key = (name, discounted)
            weight = self.factor(schedule, years) if discounted else 1.0
            totals[key] = totals.get(key, 0.0) + amount * weight

    @staticmethod
    def risk(risk, disease, year, arm, value):
        known = {n: value(share, year, arm) for n, share, _ in risk["categories"] if share != "rest"}
        total = 0.0
        for name, share, rr in risk["categories"]:
            part = known.get(name, 1 - sum(known.values()))
            total += part * (value(rr[disease["name"]], year, arm) if disease["name"] in rr else 1.0)
        return total


def expm(a, b, c, d):
    """exp of the matrix a b / c d by its series."""
    total, term = [1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0]
    for n in range(1, 40):
        term = [(term[0] * a + term[1] * c) / n, (term[0] * b + term[1] * d) / n,
                (term[2] * a + term[3] * c) / n, (term[2] * b + term[3] * d) / n]
        total = [x + y for x, y in zip(total, term)]
    return total


def combine(options):
    """Adds an option that takes two others together, where they change different formulas."""
    for i, (a, own) in enumerate(options[1:], 1):
        for b, other in options[i + 1:]:
            if own and other and not set(own) & set(other):
                options.append(("both", {**own, **other}))
                return {"both": f'["{a}", "{b}"]'}
    return {}


def payer_shares(text):
    if "care" in text:
        return {"council": 0.25, "hospital": 0.75}
    return {"hospital": 0.4, "residents": 0.6} if "payers" in text else {"council": 1.0}


def _is_number(text):
    try:
        float(text)
        return "." in text or text.lstrip("-").isdigit()
    except ValueError:
        return False


def read_options(folder):
    found = {}
    with open(os.path.join(folder, "options.csv"), newline="") as file:
        for row in csv.DictReader(file):
            if row["measure"] == "cost":
                name = "cost" if row["who"] == "total" else row["who"]
            elif row["measure"] == "outcome":
                name = row["item"]
            else:
                continue
            found[row["option"], name, True] = float(row["mean"])
            found[row["option"], name, False] = float(row["undiscounted_mean"])
    return found


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def check(program, folder, model):
    write(f"{folder}/models/library.cfg", LIBRARY % model.rates)
    write(f"{folder}/models/data/deaths.csv", "age,sex,qx\n" + "".join(
        f"{age},{'female' if sex else 'male'},{q!r}\n" for (age, sex), q in MORTALITY.items()))
    write(f"{folder}/models/data/norms.csv", "from_age,utility\n" + "".join(f"{a},{u}\n" for a, u in BANDS))
    write(f"{folder}/models/random/model.cfg", model.text())
    write(f"{folder}/scenarios/random.cfg", 'scenario = { title = "Random"; model = "random"; conventions = { '
          'appraisal_pack = "random"; deflator_pack = "flat"; price_year = "2025-26"; }; };\n')
    run = subprocess.run([program, "run", "--no-shipped-models", "--models", f"{folder}/models", "--out",
                          f"{folder}/out", "--quiet", f"{folder}/scenarios"], capture_output=True, text=True)
    if run.returncode != 0:
        return f"exit code {run.returncode}\n{run.stdout}{run.stderr}", 0
    found, n = read_options(f"{folder}/out"), 0
    for option, own in model.options:
        expected = model.solve(own)
        for name in ("cost", "qalys", "life_years", "falls", "stroke", "cancer", *SECTORS):
            for discounted in (True, False):
                key = (option, name, discounted)
                wanted = expected.get((name, discounted), 0.0)
                if key not in found and (name, discounted) not in expected:
                    continue
                if not abs(found.get(key, math.nan) - wanted) <= TOLERANCE * (1 + abs(wanted)):
                    return f"{key}: {found.get(key)!r}, and by hand {wanted!r}", n
                n += 1
    return None, n


def main():
    program = os.path.abspath(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    n_models = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    n_figures = 0
    for number in range(n_models):
        kind = LifeTable if number % 4 == 3 else Model
        model = kind(random.Random(seed * 1000003 + number))
        with tempfile.TemporaryDirectory() as folder:
            problem, n = check(program, folder, model)
        if problem is not None:
            print(f"model {number} of seed {seed}: {problem}\n{model.text()}")
            return 1
        n_figures += n
    print(f"{n_models} random cohorts and life tables, {n_figures} figures agree within {TOLERANCE:g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
