"""Signing in: a code to an address, a token for the code."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.accounts.sign_in import leave_code

NOT_ADDRESSES = [
    "",
    "nobody",
    "@town.example",
    "somebody@",
    "some@body@town.example",
    "some body@town.example",
    "somebody@town..example",
    "somebody\r\nBcc: all@town.example",
    "some\u200bbody@town.example",
    "somebody@town.example\u0000",
    "x" * 65 + "@town.example",
    "somebody@" + "town." * 60 + "example",
    None,
    5,
    ["somebody@town.example"],
]


def wrong(code):
    """Six other digits."""
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_from_the_mail_gives_a_token_that_speaks_for_the_user(visit, admin, ask_code):
    code = ask_code(admin.email)
    signed_in = visit("POST", "/sign-in/verify", email=admin.email, code=code, device_name="Phone")
    assert signed_in.status_code == 201
    me = visit("GET", "/me", signed_in.json.pop("token"))
    assert me.json == {key: signed_in.json[key] for key in ("user", "device", "networks")}
    assert me.json["user"]["email"] == admin.email
    assert me.json["device"]["name"] == "Phone"
    assert [(n["id"], n["role"], n["member_id"]) for n in me.json["networks"]] == [
        (str(admin.network_id), "admin", str(admin.member_id))
    ]


def test_a_token_has_at_least_256_random_bits(visit, admin, ask_code):
    code = ask_code(admin.email)
    token = visit("POST", "/sign-in/verify", email=admin.email, code=code).json["token"]
    assert len(token.removeprefix("weft_")) * 6 >= 256


def test_the_answer_does_not_tell_whether_an_address_is_known(visit, admin, email, letters):
    known, unknown = (visit("POST", "/sign-in", email=each) for each in (admin.email, email))
    assert (known.status, known.data, known.headers) == (
        unknown.status,
        unknown.data,
        unknown.headers,
    )
    assert len(letters(admin.email)) == 1
    assert letters(email) == []


def test_an_unknown_address_gets_nowhere_even_with_the_right_code(app, visit, email):
    with app.extensions["database"].transaction() as cx:
        code = leave_code(cx, app.extensions["settings"].secret, email)
    refused = visit("POST", "/sign-in/verify", email=email, code=code)
    assert (refused.status_code, refused.json["code"]) == (401, "wrong_code")


def test_four_wrong_tries_are_forgiven(visit, admin, ask_code):
    code = ask_code(admin.email)
    for _ in range(4):
        refused = visit("POST", "/sign-in/verify", email=admin.email, code=wrong(code))
        assert refused.json["code"] == "wrong_code"
    assert visit("POST", "/sign-in/verify", email=admin.email, code=code).status_code == 201


def test_five_wrong_tries_lock_a_code_for_the_right_one_too(visit, admin, ask_code):
    code = ask_code(admin.email)
    for _ in range(5):
        refused = visit("POST", "/sign-in/verify", email=admin.email, code=wrong(code))
    locked = visit("POST", "/sign-in/verify", email=admin.email, code=code)
    assert (locked.status_code, locked.json) == (401, refused.json)


def test_a_new_code_works_after_a_lock(visit, admin, ask_code):
    code = ask_code(admin.email)
    for _ in range(5):
        visit("POST", "/sign-in/verify", email=admin.email, code=wrong(code))
    code = ask_code(admin.email)
    assert visit("POST", "/sign-in/verify", email=admin.email, code=code).status_code == 201


def test_of_many_tries_at_once_no_more_than_five_count(visit, admin, ask_code, execute):
    execute("DELETE FROM sign_in_code")
    code = ask_code(admin.email)
    with ThreadPoolExecutor(8) as crowd:
        tries = [
            crowd.submit(visit, "POST", "/sign-in/verify", email=admin.email, code=wrong(code))
            for _ in range(8)
        ]
    assert {each.result().status_code for each in tries} == {401}
    assert execute("SELECT tries FROM sign_in_code") == [(5,)]


def test_a_code_works_once(visit, admin, ask_code):
    code = ask_code(admin.email)
    first, second = (
        visit("POST", "/sign-in/verify", email=admin.email, code=code) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 401)


def test_a_code_used_twice_at_once_gives_one_token(visit, admin, ask_code):
    code = ask_code(admin.email)
    with ThreadPoolExecutor(2) as pair:
        tries = [
            pair.submit(visit, "POST", "/sign-in/verify", email=admin.email, code=code)
            for _ in range(2)
        ]
    assert sorted(each.result().status_code for each in tries) == [201, 401]


@pytest.mark.parametrize(("minutes", "status"), [(9, 201), (10, 401)])
def test_a_code_holds_for_ten_minutes(visit, admin, ask_code, execute, minutes, status):
    code = ask_code(admin.email)
    execute(f"UPDATE sign_in_code SET expires_at = expires_at - interval '{minutes} minutes'")
    answer = visit("POST", "/sign-in/verify", email=admin.email, code=code)
    assert answer.status_code == status


def test_a_newer_code_ends_the_older(visit, admin, ask_code):
    older, newer = ask_code(admin.email), ask_code(admin.email)
    if older != newer:
        assert visit("POST", "/sign-in/verify", email=admin.email, code=older).status_code == 401
    assert visit("POST", "/sign-in/verify", email=admin.email, code=newer).status_code == 201


def test_a_code_is_of_no_use_to_another_address(visit, admin, make_admin, ask_code):
    code, other = ask_code(admin.email), make_admin()
    ask_code(other.email)
    answer = visit("POST", "/sign-in/verify", email=other.email, code=code)
    assert answer.status_code == 401


def test_an_address_is_the_same_however_it_is_typed(visit, admin, ask_code):
    ask_code(admin.email)
    code = ask_code(admin.email)
    typed = f" {admin.email.upper()} "
    answer = visit("POST", "/sign-in/verify", email=typed, code=code)
    assert answer.json["user"]["email"] == admin.email


@pytest.mark.parametrize("text", NOT_ADDRESSES)
def test_what_is_no_address_is_named_as_such(visit, text):
    refused = visit("POST", "/sign-in", email=text)
    assert (refused.status_code, refused.json["code"]) == (422, "validation_failed")
    assert list(refused.json["fields"]) == ["email"]


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "١٢٣٤٥٦", "12345\n", 123456])
def test_what_is_no_code_is_named_as_such(visit, email, code):
    refused = visit("POST", "/sign-in/verify", email=email, code=code)
    assert refused.status_code == 422
    assert refused.json["fields"] == {"code": ["The six digits that came by mail."]}


def test_codes_for_one_address_are_limited_and_others_are_not(visit, email, make_email):
    answers = [visit("POST", "/sign-in", email=email) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert answers[-1].json["code"] == "too_many_requests"
    assert 0 < answers[-1].json["retry_after"] <= 600
    assert answers[-1].headers["Retry-After"] == str(answers[-1].json["retry_after"])
    assert visit("POST", "/sign-in", email=make_email()).status_code == 202


def test_a_limited_address_gets_no_mail(visit, admin, letters):
    for _ in range(6):
        visit("POST", "/sign-in", email=admin.email)
    assert len(letters(admin.email)) == 5


def test_an_allowance_comes_back_with_time(visit, email, execute):
    while visit("POST", "/sign-in", email=email).status_code == 202:
        pass
    execute("UPDATE rate_limit SET spent_until = spent_until - interval '10 minutes'")
    answers = [visit("POST", "/sign-in", email=email).status_code for _ in range(2)]
    assert answers == [202, 429]


def test_one_client_asks_for_a_limited_number_of_codes(visit, make_email):
    answers = [visit("POST", "/sign-in", email=make_email()).status_code for _ in range(61)]
    assert answers == [202] * 60 + [429]


def test_one_client_tries_a_limited_number_of_codes(visit, make_email):
    answers = [
        visit("POST", "/sign-in/verify", email=make_email(), code="000000").status_code
        for _ in range(61)
    ]
    assert answers == [401] * 60 + [429]


def test_neither_token_nor_code_nor_who_knocked_is_kept(visit, admin, email, ask_code, execute):
    visit("POST", "/sign-in", email=email)
    code = ask_code(admin.email)
    token = visit("POST", "/sign-in/verify", email=admin.email, code=code).json["token"]
    code = ask_code(admin.email)
    tables = ("device", "sign_in_code", "rate_limit", "user_account")
    kept = str([execute(f"SELECT {table}::text FROM {table}") for table in tables])
    assert admin.email in kept  # of the account: so the search finds what there is
    for secret in (token, code, email, visit.client_address):
        assert not re.search(rf"\b{re.escape(secret)}\b", kept)
        assert secret.encode().hex() not in kept


def test_no_cache_keeps_what_signing_in_says(visit, email):
    assert visit("POST", "/sign-in", email=email).headers["Cache-Control"] == "no-store"


def test_a_request_without_a_token_is_told_how_to_sign_in(visit):
    refused = visit("GET", "/me")
    assert (refused.status_code, refused.json["code"]) == (401, "not_signed_in")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["weft_", "weft_" + "x" * 43, "weft_ä", "x" * 5000])
def test_a_made_up_token_is_refused(visit, token):
    assert visit("GET", "/me", token).json["code"] == "not_signed_in"
