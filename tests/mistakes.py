"""Mistakes: the likeliest in each formula, planted one at a time; `make mutants` runs them.

As in tests/mutants.py: what is wrong, file, the line as it stands, what it becomes.
"""

from __future__ import annotations

from .mutants import Mutant

MEASURES = "api/analysis/measures/"
BETWEENNESS = MEASURES + "betweenness.py"
BRIDGES = MEASURES + "bridges.py"
BROKERS = MEASURES + "brokers.py"
CHANGE = MEASURES + "change.py"
CONNECTED = MEASURES + "connectedness.py"
CURVEBALL = MEASURES + "curveball.py"
FLOWS = MEASURES + "flows.py"
GAPS = MEASURES + "gaps.py"
HOLES = MEASURES + "holes.py"
INTERVALS = MEASURES + "intervals.py"
LAYERS = MEASURES + "layers.py"
MEETINGS = MEASURES + "meetings.py"
MIXING = MEASURES + "mixing.py"
NULLS = MEASURES + "nulls.py"
ODDS = MEASURES + "odds.py"
PAIRS = MEASURES + "pairs.py"
PATHS = MEASURES + "paths.py"
REWIRING = MEASURES + "rewiring.py"
ROLES = MEASURES + "roles.py"
TIES = MEASURES + "ties.py"

MISTAKES = [
    # ties
    Mutant("a tie of unknown side counts as no tie", TIES, "len(ties.a))", "int(both.sum()))"),
    Mutant("a node named twice is two", TIES, "who[again] = NOBODY", "pass"),
    Mutant(
        "an introduction crosses only when nobody shares a section",
        TIES,
        "is_apart |= ~(sides[:, i] & sides[:, j]).any(axis=1)",
        "is_apart = ~(sides[:, i] & sides[:, j]).any(axis=1)",
    ),
    # mixing
    Mutant(
        "ties for tie-ends: inside counts once",
        MIXING,
        "return one_way + one_way.T",
        "return one_way",
    ),
    Mutant(
        "the direction of arcs is lost",
        MIXING,
        "label[a] * sections + label[b]",
        "np.minimum(label[a], label[b]) * sections + np.maximum(label[a], label[b])",
    ),
    Mutant(
        "chance of r from the rows alone",
        MIXING,
        "e.sum(axis=1) @ e.sum(axis=0)",
        "e.sum(axis=1) @ e.sum(axis=1)",
    ),
    Mutant("a tie inside is left out twice", MIXING, "/ (2 if g == h else 1)", "/ 1"),
    Mutant("nobody is left out of the baseline", MIXING, "(sizes - own) / (n - 1)", "sizes / n"),
    Mutant("expected with replacement", MIXING, "1 - alike / (n * (n - 1))", "1 - alike / (n * n)"),
    Mutant(
        "Freeman's index is cut off at 0",
        MIXING,
        "not expected else 1 - share / expected",
        "not expected else max(0.0, 1 - share / expected)",
    ),
    Mutant(
        "sharing one of two sections is sharing none",
        MIXING,
        "int((~(declares[known.a] & declares[known.b]).any(axis=1)).sum())",
        "int((~(declares[known.a] & declares[known.b]).all(axis=1)).sum())",
    ),
    Mutant(
        "the unknown cannot cross",
        MIXING,
        "float((external + total - ties) / total)",
        "float(external / total)",
    ),
    Mutant(
        "E-I of a section by its ties",
        MIXING,
        "float(1 - 2 * matrix[g, g] / end)",
        "float(1 - matrix[g, g] / end)",
    ),
    # odds
    Mutant(
        "half an end is added when no cell is empty",
        ODDS,
        "0.5 if (cells == 0).any() else 0.0",
        "0.5",
    ),
    Mutant("pairs with oneself are pairs inside", ODDS, "- (shares**2).sum()) / 2", "- 0.0) / 2"),
    # nulls
    Mutant("p can be 0", NULLS, "extra = 0 if is_exact else 1", "extra = 0"),
    Mutant("p is one-sided", NULLS, "min(1.0, 2 * (int(min(ends))", "min(1.0, (int(min(ends))"),
    Mutant(
        "p of many figures can be 0",
        NULLS,
        "squares / draws, 0 if dealt.is_exact else 1",
        "squares / draws, 0",
    ),
    Mutant(
        "equal does not count as extreme",
        NULLS,
        "np.sum(drawn >= observed - SLACK)",
        "np.sum(drawn > observed + SLACK)",
    ),
    Mutant(
        "N2 does not look at activity",
        NULLS,
        'mixed[np.argsort(known.degrees[mixed], kind="stable")]',
        "mixed",
    ),
    Mutant(
        "who is unknown in the other boundary is dealt out as well",
        NULLS,
        "np.where(strata == NOBODY, alone, strata)",
        "strata",
    ),
    Mutant(
        "pairs of ties that share a node are counted once",
        NULLS,
        "(known.degrees * (known.degrees - 1)).sum()",
        "(known.degrees * (known.degrees - 1)).sum() / 2",
    ),
    Mutant(
        "labels are dealt to other nodes than they are of", NULLS, "(each[place] for", "(each for"
    ),
    # intervals and change
    Mutant(
        "the jackknife of units for one of nodes", INTERVALS, "(n - 2) / (2 * n)", "(n - 1) / n"
    ),
    Mutant(
        "who is in one window only is left out of neither",
        CHANGE,
        "before.is_active | after.is_active",
        "before.is_active & after.is_active",
    ),
    Mutant(
        "p is adjusted for fewer than were looked at",
        CHANGE,
        "value * len(told) / rank",
        "value",
    ),
    Mutant("an empty cell is infinite", CHANGE, "0.5 if (cells < SLACK).any() else 0.0", "1e-300"),
    # meetings
    Mutant(
        "a meeting of n counts each pair by 1/n",
        MEETINGS,
        "np.divide(1.0, heads - 1, out=np.zeros_like(heads), where=heads > 1)",
        "np.divide(1.0, heads, out=np.zeros_like(heads), where=heads > 1)",
    ),
    Mutant(
        "heads meet themselves",
        MEETINGS,
        "- shares.T @ (own[:, None] * shares)\n    met",
        "\n    met",
    ),
    Mutant(
        "the same head is drawn twice",
        MEETINGS,
        "np.divide(alike - own, pairs,",
        "np.divide(alike, pairs,",
    ),
    Mutant(
        "quality by sections that came",
        MEETINGS,
        "index / (1 - 1 / len(counts))",
        "index / (1 - 1 / max(2, int((counts > 0).sum())))",
    ),
    Mutant("the curveball hardly trades", CURVEBALL, "TRADES = 5 ", "TRADES = 0.1 "),
    Mutant(
        "only one of two rows is shuffled",
        CURVEBALL,
        "of[is_sole] = dealt[pair[sole] + side[sole][lot]]",
        "of[is_sole] = dealt[pair[sole]]",
    ),
    # connectedness
    Mutant(
        "whoever is exposed is exposed to themselves",
        CONNECTED,
        "(wanted[setting] - aim[i] * is_in)",
        "wanted[setting]",
    ),
    Mutant(
        "a tie made in two settings counts twice",
        CONNECTED,
        "np.tile(1 / times[which], 2)",
        "np.ones(2 * len(which))",
    ),
    # flows
    Mutant(
        "reciprocity by the larger of both",
        FLOWS,
        "float(np.minimum(arcs.amount, back).sum()",
        "float(np.maximum(arcs.amount, back).sum()",
    ),
    Mutant(
        "density with loops",
        FLOWS,
        "arcs.n * (arcs.n - 1)\n    if not count",
        "arcs.n**2\n    if not count",
    ),
    Mutant("rewiring makes loops", REWIRING, "& (giver != new)", ""),
    Mutant("rewiring makes double arcs", REWIRING, "~has[row, giver, new] & ", ""),
    Mutant(
        "amounts are shuffled over everybody's arcs",
        REWIRING,
        "np.argsort(giver + rng.random(taker.shape), axis=1)",
        "np.argsort(rng.random(taker.shape), axis=1)",
    ),
    # bridges
    Mutant(
        "a group could carry any number of ways",
        BRIDGES,
        "np.where(web.is_firm, FIRM, 1)",
        "np.where(web.is_firm, FIRM, 2)",
    ),
    Mutant(
        "a leaf's only neighbour is no articulation point",
        BRIDGES,
        "low[node] >= seen[parent]",
        "low[node] > seen[parent]",
    ),
    Mutant("a root with one child splits", BRIDGES, "if below > 1", "if below > 0"),
    Mutant("robustness over N", BRIDGES, "going) / web.n**2", "going) / web.n"),
    Mutant("silence is absence", PAIRS, "state = GAP if is_told else TOO_FEW", "state = GAP"),
    Mutant(
        "one steady connector is enough",
        PAIRS,
        "bool((logged >= STEADY * weeks).all())",
        "bool((logged >= STEADY * weeks).any())",
    ),
    Mutant(
        "gaps where next to nothing is expected", GAPS, "chance.expected < LEAST_EXPECTED", "False"
    ),
    # brokerage
    Mutant(
        "without direction closed pairs count once for two",
        ROLES,
        "twice = 1.0 if arcs.is_directed else 2.0",
        "twice = 1.0",
    ),
    Mutant(
        "gatekeeper and representative are mixed up",
        ROLES,
        "ends - own, first - own, last - own",
        "ends - own, last - own, first - own",
    ),
    Mutant("a pair with oneself is brokered", ROLES, " - ways.back @ shares**2", ""),
    Mutant(
        "variance without pairs that share an end",
        ROLES,
        "pairs * q * (1 - q) + sharing * d**3 * (1 - d) ** 3",
        "pairs * q * (1 - q)",
    ),
    Mutant("a pair that is tied counts", ROLES, "d * d * (1 - d)", "d * d"),
    Mutant(
        "who is spoken for is not left out",
        ROLES,
        "shares @ shares.sum(axis=0) - 1",
        "shares @ shares.sum(axis=0)",
    ),
    Mutant("a shortened way is any way", PATHS, "reached[b] & (", "(b != a) & ("),
    Mutant("without direction each pair is between twice", BETWEENNESS, "found / 2", "found"),
    Mutant(
        "pairs inside are those that count",
        BETWEENNESS,
        "1 - sides[rows[last]] @ sides[mine].T",
        "sides[rows[last]] @ sides[mine].T",
    ),
    Mutant(
        "who is not at this step is owed at it",
        BETWEENNESS,
        "(wanted + passed) * is_here[last] /",
        "(wanted + passed) /",
    ),
    Mutant(
        "pairs with oneself could go through oneself",
        BETWEENNESS,
        "own.sum() / 2 - own",
        "own.sum() / 2",
    ),
    Mutant("what contacts share is taken off once", HOLES, "degree - 2 * bound", "degree - bound"),
    Mutant(
        "constraint through the contact's own ties",
        HOLES,
        "part[one] * part[closed.v]",
        "part[one] * part[other]",
    ),
    Mutant("equal introductions count once", BROKERS, "times * crosses", "1 * crosses"),
    Mutant(
        "one known side is enough",
        BROKERS,
        "np.asarray(is_known[groups]).all(axis=1)",
        "np.asarray(is_known[groups]).any(axis=1)",
    ),
    Mutant("concentration without squares", BROKERS, "(part**2).sum()", "part.sum()"),
    # layers
    Mutant(
        "rows and columns change places by themselves",
        LAYERS,
        "y[np.ix_(each, each)]",
        "y[np.ix_(each, np.arange(n))]",
    ),
]
