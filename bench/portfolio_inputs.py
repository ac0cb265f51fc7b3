"""Writes a portfolio of N programmes over ten sectors and ten years into a folder, for bench/run portfolio.

Each programme takes part in three of N / 2 + 1 demands (so that up to six share one), is paid by two sectors, and has
its own uncertain uptake, cost and effects. Budgets of all ten sectors bind in every year. Areas: 1 (one group) or more
(the first districts of Lancashire, by quintile).
"""
import pathlib
import sys

SECTORS = ["icb", "acute", "primary_care", "adult_social_care", "childrens_services", "public_health", "district",
           "housing", "police", "fire"]
DISTRICTS = ["burnley", "chorley", "fylde", "hyndburn", "lancaster", "pendle", "preston", "ribble_valley",
             "rossendale", "south_ribble", "west_lancashire", "wyre"]
ASSUMED = 'source = "assumption";  reason = "benchmark";  grade = 6;'


def evidence(programmes, demands):
    lines = ["evidence = { bench = {"]
    for d in range(demands):
        first, second, third = (SECTORS[(d + k) % 10] for k in (0, 3, 7))
        lines.append(
            f'  cost_{d} = {{ label = "Cost of demand {d}";  kind = "cost";  unit = "GBP/unit";  price_year = "2024-25";'
            f'  value = {{ dist = "gamma"; mean = {400 + 37 * d}.0; sd = {60 + 5 * d}.0; }};'
            f'  split = {{ {first} = 0.6; {second} = 0.3; {third} = 0.1; }};  cashable = 0.3;  {ASSUMED} }};')
        lines.append(
            f'  baseline_{d} = {{ label = "Demand {d} a person";  kind = "count";  unit = "unit/person";'
            f'  value = {{ dist = "gamma"; mean = {1.0 + 0.1 * d}; sd = 0.1; }};  {ASSUMED} }};')
    for p in range(programmes):
        lines.append(
            f'  uptake_{p} = {{ label = "Uptake {p}";  kind = "probability";  unit = "share";'
            f'  value = {{ dist = "beta"; mean = {0.2 + 0.01 * (p % 7)}; sd = 0.04; }};  {ASSUMED} }};')
        lines.append(
            f'  price_{p} = {{ label = "Cost of programme {p}";  kind = "cost";  unit = "GBP/person";'
            f'  price_year = "2024-25";  value = {{ dist = "gamma"; mean = {150 + 17 * p}.0; sd = 25.0; }};'
            f'  {ASSUMED} }};')
        for k in range(3):
            lines.append(
                f'  effect_{p}_{k} = {{ label = "Effect {p} on {k}";  kind = "share";  unit = "share";'
                f'  value = {{ dist = "beta"; mean = {0.1 + 0.013 * ((3 * p + 5 * k) % 11)}; sd = 0.03; }};'
                f'  {ASSUMED} }};')
    lines.append("}; };")
    lines.append("demand = {")
    for d in range(demands):
        step = "  release = { step = 250.0; reason = \"benchmark\"; };" if d % 3 == 0 else ""
        lines.append(f'  bench_demand_{d} = {{ label = "Demand {d}";  unit = "unit";'
                     f'  baseline_per_person = "bench.baseline_{d}";  unit_cost = "bench.cost_{d}";{step} }};')
    lines.append("};")
    return "\n".join(lines)


def model(p, demands):
    outcomes = ",\n".join(
        f'    {{ demand = "bench_demand_{(p + 4 * k) % demands}";  effect_form = "relative";'
        f'  effect = "bench.effect_{p}_{k}";  deadweight = {{ form = "multiplicative"; value = 0.2; }};'
        f'  profile = {{ lag_years = {k}; fade = "retention"; retention_per_year = 0.6; plateau_years = 2;'
        f'  when_funding_stops = "fade"; }}; }}' for k in range(3))
    return f'''model = {{
  kind = "programme";  title = "Benchmark programme {p}";  prevention = "secondary";
  population_reach = "population_group";
  inputs = {{ eligible = {{ label = "People"; unit = "people"; min = 0.0; }}; }};
  funnel = {{ eligible = "eligible"; uptake = "bench.uptake_{p}"; }};  intake = "yearly";
  costs = ( {{ name = "delivery"; per = "participant"; amount = "bench.price_{p}"; }},
            {{ name = "set-up"; per = "once"; amount = {40000 + 1000 * p}; }} );
  outcomes = (
{outcomes}
  );
}};
'''


def scenario(p, areas):
    first, second = SECTORS[(3 * p) % 10], SECTORS[(3 * p + 4) % 10]
    people = 'inputs = { eligible = 9000; };' if areas == 1 else \
        'area = "bench_areas";  population = { share = 0.05; };'
    return f'''scenario = {{
  title = "Programme {p}";  model = "bench_{p}";  start_year = "2026-27";  funded_years = 5;  horizon_years = 10;
  {people}
  funding = {{ {first} = 0.6; {second} = 0.4; }};
}};
'''


def main():
    folder, programmes, areas = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    demands = programmes // 2 + 1
    models = folder / "models"
    models.mkdir(parents=True)
    (models / "bench.cfg").write_text(evidence(programmes, demands))
    if areas > 1:
        names = ", ".join(f'"{name}"' for name in DISTRICTS[:areas])
        (models / "areas.cfg").write_text(
            f'area_lists = {{ bench_areas = {{ label = "Benchmark"; members = [{names}]; }}; }};\n')
    for p in range(programmes):
        (models / f"bench_{p}").mkdir()
        (models / f"bench_{p}" / "model.cfg").write_text(model(p, demands))
        (folder / f"p{p}.cfg").write_text(scenario(p, areas))
    rows = ",\n".join(f'    {{ scenario = "p{p}"; }}' for p in range(programmes))
    budget = 420000.0 * programmes * (1 if areas == 1 else areas * 0.55)
    budgets = " ".join(f"{sector} = {budget / 10 * (0.8 + 0.05 * i):.1f};" for i, sector in enumerate(SECTORS))
    (folder / "bench.cfg").write_text(f'''portfolio = {{
  title = "Benchmark portfolio";  start_year = "2026-27";  horizon_years = 10;
  programmes = (
{rows}
  );
  budgets = {{ {budgets} }};
}};
''')


main()
