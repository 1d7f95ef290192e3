"""The page: one self-contained file, everything said with its definition, nothing forbidden."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from api.reports.charts import Scale, bar, both_ways
from api.reports.disclosure import Count
from api.reports.facts import Boundary, Flows
from api.reports.freeze import freeze
from api.reports.html import policy, render, style
from api.reports.order import Moment, Order
from api.reports.voice import Voice, plural
from api.words import HERE, LANGUAGES, words
from tests.reports.town import AGE, CHOIR, MOSQUE, NORTH, RIVER, town

# METHODS: what a report must never say. Whole words, in any sentence it could print.
FORBIDDEN = re.compile(
    r"\b(caus(e|ed|es|ing)|led to|leads to|result(ed|s)? in|thanks to|due to|impacted|effects?|"
    r"scores?|scored|scoring|rank\w*|league|best|worst|winner|top|"
    r"improv\w*|increas\w*|decreas\w*|rise|rose|fell by|grew|trend\w*|"
    r"health|crime|jobs?|savings?|social capital|cohesion|"
    r"community (thinks|agrees|says)|people (agree|think)|no disagreement|proves?|proof)\b|[£$€]",
    re.IGNORECASE,
)


ORDER = Order(date(2026, 7, 1), date(2026, 10, 1), audience="funder")
MOMENT = Moment(UUID(int=7), "Wendlow <script>", 12, "2026-10-05T09:12:44Z")


def page(facts, audience="funder", language="en"):
    order = replace(ORDER, audience=audience, language=language)
    frozen = freeze(UUID(int=9), order, facts, MOMENT)
    return render(json.loads(frozen.body), frozen.digest)


def sentences(value):
    if isinstance(value, dict):
        return [found for inner in value.values() for found in sentences(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in sentences(inner)]
    return [value]


FORBIDDEN_IN = {
    "en": FORBIDDEN,
    "cy": re.compile(
        r"\b(achos(i|odd|wyd|ir)|arwain at|arweiniodd|o ganlyniad|oherwydd|diolch i|effaith|"
        r"sgôr\w*|safle \d|gorau|gwaethaf|enillydd|gwell\w*|cynydd\w*|cynnydd|gostyng\w*|tuedd|"
        r"iechyd|trosedd|swyddi|cydlyniant|prawf|profi)\b|[£$€]",
        re.IGNORECASE,
    ),
    "ar": re.compile(
        r"سبّ?ب|أدّ?ى إلى|يؤدي إلى|بفضل|نتيجة|بسبب|تأثير|أثّ?ر|درجات|تصنيف|الأفضل|الأسوأ|"
        r"تحسّ?ن|زيادة|ازداد|ارتف|انخف|اتجاه عام|صحة|صحي|جريم|وظائف|تماسك|يثبت|دليل على|[£$€]"
    ),
}
CLAIMS = {
    "en": ["This led to jobs.", "Our top group", "It caused trust to rise", "a score of 7"],
    "cy": ["Achosodd hyn newid.", "y grŵp gorau", "sgôr o 7", "O ganlyniad i hyn"],
    "ar": ["هذا أدى إلى تغيير", "المجموعة الأفضل", "بفضل الشبكة", "تسبب في زيادة"],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_claims_a_cause_a_score_or_a_rank(language):
    found = sentences(words(language))
    said = [text for text in found if isinstance(text, str)]
    assert [text for text in said if FORBIDDEN_IN[language].search(text)] == []


@pytest.mark.parametrize("audience", ["coordinators", "funder", "public"])
def test_no_page_claims_a_cause_a_score_or_a_rank(audience):
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page(town(), audience), flags=re.DOTALL)
    assert not FORBIDDEN.search(text)


@pytest.mark.parametrize(
    ("language", "claim"), [(code, claim) for code in LANGUAGES for claim in CLAIMS[code]]
)
def test_the_lint_knows_a_forbidden_claim(language, claim):
    assert FORBIDDEN_IN[language].search(claim)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_has_the_same_sentences_with_the_same_places(language):
    def places(value, path=""):
        if path in (".language.plural", ".form"):
            return {}  # each language has its own; a form's English is the schema's
        if isinstance(value, dict) and "other" in value and path.startswith(".number"):
            rules = {*words(language)["language"]["plural"], "other"}
            assert path.count(".") == 2
            assert set(value) in (rules, {"one", "other"})
            return {path: ["{value}"] if all("{value}" in text for text in value.values()) else []}
        if isinstance(value, dict):
            return {
                k: v
                for name, inner in value.items()
                for k, v in places(inner, f"{path}.{name}").items()
            }
        return {path: sorted(re.findall(r"{\w+}", value)) if isinstance(value, str) else len(value)}

    assert places(words(language)) == places(words("en"))


def test_there_is_a_catalogue_for_every_language():
    assert sorted(path.stem for path in HERE.glob("*.toml")) == list(LANGUAGES)


def test_the_page_loads_nothing_from_elsewhere():
    found = page(town())
    assert not re.search(r"<(script|link|img|iframe|object|embed)\b|url\(|@import|\son\w+=", found)
    assert "style=" not in found


def test_the_policy_lets_in_the_pages_own_style_and_nothing_else():
    assert policy().startswith("default-src 'none'; style-src 'sha256-")
    assert f"<style>{style()}</style>" in page(town())


def test_what_people_wrote_is_escaped():
    boundary = Boundary(RIVER.id, "<b>River</b>", 'Which "bank"?', RIVER.sections, RIVER.declared)
    found = page(town(boundaries=(boundary,)))
    assert "<b>River" not in found
    assert "Wendlow &lt;script&gt;" in found


@pytest.mark.parametrize("indicator", ["K0", "K1", "K2", "K8"])
def test_every_indicator_says_what_it_counts_and_what_it_does_not_show(indicator):
    found = page(town())
    assert words("en")[indicator]["sentence"] in found
    assert words("en")[indicator]["not_shown"].replace("'", "&#39;") in found


def test_the_page_of_a_report_never_changes_while_the_template_stays():
    assert page(town()) == page(town())


def test_the_json_is_canonical():
    body = freeze(UUID(int=9), ORDER, town(), MOMENT).body
    spare = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert body == spare


def test_a_page_without_boundaries_can_be_read():
    assert "What this rests on" in page(town(boundaries=()))


def test_a_page_without_logs_can_be_read():
    assert "No percentage" in page(town(introductions=(), flows=()), "public")


def test_a_hidden_count_is_drawn_as_long_as_it_could_be():
    hidden, seen = {"value": None, "state": "hidden"}, {"value": 14, "state": "rounded"}
    for count in (hidden, seen):
        count["text"] = "some"
    drawn = bar(hidden, Scale(14, 8), "Made")
    assert 'width="50%"' in drawn
    assert 'fill="none"' in drawn
    assert "stroke-dasharray" in drawn
    assert 'width="50%"' in both_ways(seen, hidden, Scale(14, 8), "Both")


def test_tables_say_less_than_eight_in_a_sign_that_the_page_explains():
    found = page(town())
    assert "“&lt;8” stands for fewer than 8" in found
    assert '<td class="number">&lt;8</td>' in found
    assert "&lt;8" not in page(town(), "coordinators")


def test_what_is_hidden_both_ways_is_in_the_table_and_no_picture():
    few = (Flows(CHOIR, MOSQUE, "goods", "delivered", 3, 3),)
    found = page(town(boundaries=(RIVER,), flows=few))
    assert f"<bdi>{NORTH.name}</bdi> → <bdi>South bank</bdi>" not in found
    assert words("en")["page"]["few_flowed"] in found
    nothing = page(town(boundaries=(RIVER,), flows=()))
    assert words("en")["page"]["nothing_flowed"] in nothing


def test_thousands_are_set_apart_and_signs_stand_before_numbers():
    assert Voice("en").count(Count(12345)) == "12,345"
    assert Voice("ar").signed(-0.5) == "\u200e-0.50"


def test_directions_name_both_sections():
    many = (Flows(CHOIR, MOSQUE, "goods", "delivered", 30, 30),)
    found = page(town(boundaries=(RIVER, AGE), flows=many))
    assert f"<bdi>{NORTH.name}</bdi> → <bdi>South bank</bdi>" in found


def test_every_picture_says_in_words_what_it_shows():
    pictures = re.findall(r"<svg width=.*?>(?:<title>(.*?)</title>)?", page(town()))
    assert len(pictures) > 5
    assert all(pictures)


def test_an_indicator_that_nobody_thought_of_appears_by_itself():
    frozen = freeze(UUID(int=9), ORDER, town(), MOMENT)
    report = json.loads(frozen.body)
    known = report["indicators"][-1]
    new = known | {"id": "K99", "title": "Something new", "sentence": "It counts what is new."}
    found = render(report | {"indicators": [*report["indicators"], new]}, frozen.digest)
    assert '<h2 id="K99">Something new' in found
    assert '<a href="#K99">' in found


def test_an_arabic_page_runs_from_right_to_left_and_its_charts_with_their_scale_do_not():
    found = page(town(), language="ar")
    assert '<html lang="ar" dir="rtl">' in found
    assert '<div class="chart" dir="ltr">' in found
    assert "في دقيقة" in found
    assert "From" not in re.sub(r"<style>.*?</style>", "", found, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("language", "value", "said"),
    [
        ("en", 1, "1 hour"),
        ("en", 2, "2 hours"),
        ("cy", 2, "2 awr"),
        ("ar", 2, "ساعتين (2)"),
        ("ar", 3, "3 ساعات"),
        ("ar", 11, "11 ساعة"),
    ],
)
def test_numbers_take_the_form_that_their_language_asks_for(language, value, said):
    assert Voice(language).duration(value) == said


@pytest.mark.parametrize(
    ("language", "value", "category"),
    [
        ("en", 1, "one"),
        ("en", 0, "other"),
        ("cy", 0, "zero"),
        ("cy", 3, "few"),
        ("cy", 6, "many"),
        ("cy", 7, "other"),
        ("ar", 103, "few"),
        ("ar", 111, "many"),
        ("ar", 102, "other"),
        ("ar", 100, "other"),
    ],
)
def test_plural_categories_are_those_of_cldr(language, value, category):
    assert plural(words(language), value) == category
