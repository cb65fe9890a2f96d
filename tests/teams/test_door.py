"""The door of Teams over real HTTP: a matrix of tokens, sizes and shapes; whoever is refused leaves no trace."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.storage.memory.addresses import MemoryAddresses
from adapters.storage.memory.store import MemoryStore
from adapters.teams.admission import Admission, RefusedError, Rules
from bot.domain.address import Address
from bot.domain.events import ChannelRef
from bot.errors import StoreError
from tests.teams.connector_api import APP, IDEAS, OTHER_TENANT, FakeConnector, SigningKey
from tests.teams.tenant import Tenant, key_named, open_tenant, token

Json = dict[str, Any]
NOW = int(time.time())


@pytest.fixture
async def tenant() -> AsyncIterator[Tenant]:
    async with open_tenant() as opened:
        yield opened


@lru_cache(maxsize=1)
def unendorsed() -> SigningKey:
    return SigningKey("k3", endorsements=("directline",))


def confused(service_url: str) -> str:
    """A token whose signature is made with the public key as if it were a shared secret."""
    public = key_named("k1").private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "k1"}).encode()).rstrip(b"=")
    claims = {"iss": "https://api.botframework.com", "aud": APP, "serviceurl": service_url, "exp": NOW + 600}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(head + b"." + body, public)
    return "Bearer " + b".".join((head, body, base64.urlsafe_b64encode(signature).rstrip(b"="))).decode()


def unsigned(service_url: str) -> str:
    claims = {"iss": "https://api.botframework.com", "aud": APP, "serviceurl": service_url, "exp": NOW + 600}
    return "Bearer " + jwt.encode(claims, "", algorithm="none", headers={"kid": "k1"})


def tampered(service_url: str) -> str:
    head, _, signature = token(service_url).split(".")
    claims = {"iss": "https://api.botframework.com", "aud": APP, "serviceurl": service_url, "exp": NOW + 6000}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


BAD: dict[str, Callable[[str], str]] = {
    "no token": lambda url: "",
    "garbage": lambda url: "Bearer abc",
    "three dots of garbage": lambda url: "Bearer a.b.c",
    "another scheme": lambda url: "Basic " + token(url)[7:],
    "a token of endless length": lambda url: "Bearer " + "a" * 20_000,
    "for another app": lambda url: token(url, aud="22222222-2222-3333-4444-555555555555"),
    "for nobody": lambda url: token(url, aud=None),
    "by another issuer": lambda url: token(url, iss="https://sts.windows.net/evil/"),
    "by nobody": lambda url: token(url, iss=None),
    "expired": lambda url: token(url, exp=NOW - 3600),
    "expired longer ago than two clocks may be apart": lambda url: token(url, exp=NOW - 700),
    "without an end": lambda url: token(url, exp=None),
    "not valid yet": lambda url: token(url, nbf=NOW + 3600),
    "for another service address": lambda url: token("https://smba.trafficmanager.net/emea/"),
    "for no service address": lambda url: token(url, serviceurl=None),
    "signed by somebody else under a known name": lambda url: token(url, key=key_named("k2")),
    "signed by an unknown key": lambda url: token(url, key=key_named("k2"), kid="k2"),
    "signed by a key that does not speak for Teams": lambda url: token(url, key=unendorsed(), kid="k3"),
    "under no name": lambda url: token(url, kid=None),
    "not signed": unsigned,
    "signed with the public key as a secret": confused,
    "changed after it was signed": tampered,
}


@pytest.mark.parametrize("case", BAD)
async def test_who_shows_no_good_token_is_refused_and_leaves_no_trace(tenant: Tenant, case: str) -> None:
    made = BAD[case](tenant.fake.service_url)
    if case.startswith("signed by a key that"):
        tenant.fake.keys = [key_named("k1"), unendorsed()]
    body = json.dumps(tenant.activity("message", text="<at>Kith</at> hello"))
    answer = await (tenant.knock(body, authorization=made) if made else tenant.knock(body))
    assert answer.status_code == 401
    assert (tenant.core.told, tenant.fake.calls) == ([], [])


async def test_a_good_token_is_good_again_and_the_keys_are_fetched_once(tenant: Tenant) -> None:
    for _ in range(3):
        assert (await tenant.send(tenant.activity("message", text="hello"))).status_code == 200
    assert tenant.fake.key_fetches == 1


async def test_another_tenant_another_channel_and_a_strange_address_are_refused(tenant: Tenant) -> None:
    elsewhere = tenant.activity("message", text="hello")
    elsewhere["conversation"]["tenantId"] = OTHER_TENANT
    assert (await tenant.send(elsewhere)).status_code == 403
    nowhere = tenant.activity("message", text="hello")
    del nowhere["conversation"]["tenantId"], nowhere["channelData"]["tenant"]
    assert (await tenant.send(nowhere)).status_code == 403
    assert (await tenant.send(tenant.activity("message", text="hello") | {"channelId": "webchat"})).status_code == 401
    for strange in (
        "https://evil.test/",
        "http://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net@x/",
        "https://evil-smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net.evil.test/emea/",
        "https://smba.trafficmanager.net:8443/emea/",
    ):
        activity = tenant.activity("message", text="hello") | {"serviceUrl": strange}
        assert (await tenant.knock(json.dumps(activity), authorization=token(strange))).status_code == 403
    assert (tenant.core.told, tenant.fake.calls) == ([], [])


async def test_microsofts_own_connectors_may_come_in(tenant: Tenant) -> None:
    for url in ("https://smba.trafficmanager.net/emea/x/", "https://smba.infra.gcc.teams.microsoft.com/gcc/"):
        activity = tenant.activity("typing") | {"serviceUrl": url}
        assert (await tenant.knock(json.dumps(activity), authorization=token(url))).status_code == 200


async def test_a_new_key_is_found_on_the_same_day() -> None:
    async with open_tenant(pause=0) as tenant:
        await tenant.send(tenant.activity("message", text="hello"))
        tenant.fake.keys = [key_named("k1"), key_named("k2")]
        made = token(tenant.fake.service_url, key=key_named("k2"), kid="k2")
        body = json.dumps(tenant.activity("message", text="hello"))
        assert (await tenant.knock(body, authorization=made)).status_code == 200


async def test_unknown_keys_do_not_make_kith_fetch_again_and_again(tenant: Tenant) -> None:
    await tenant.send(tenant.activity("message", text="hello"))
    body = json.dumps(tenant.activity("message", text="hello"))
    for number in range(5):
        made = token(tenant.fake.service_url, key=key_named("k2"), kid=f"k{number + 10}")
        assert (await tenant.knock(body, authorization=made)).status_code == 401
    assert tenant.fake.key_fetches == 1


async def test_keys_that_were_known_stay_while_their_server_is_away() -> None:
    async with open_tenant(pause=0) as tenant:
        await tenant.send(tenant.activity("message", text="hello"))
        tenant.fake.keys_status = 503
        made = token(tenant.fake.service_url, key=key_named("k2"), kid="k2")
        assert (await tenant.knock(json.dumps(tenant.activity("x")), authorization=made)).status_code == 401
        assert (await tenant.send(tenant.activity("message", text="hello"))).status_code == 200


async def test_a_slow_key_server_is_asked_once_for_all_and_holds_nothing_else_up(tenant: Tenant) -> None:
    tenant.fake.keys_delay = 0.3
    longest, enough = 0.0, asyncio.Event()

    async def pulse() -> None:
        nonlocal longest
        last = time.perf_counter()
        while not enough.is_set():
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    beating = asyncio.create_task(pulse())
    answers = await asyncio.gather(*(tenant.send(tenant.activity("message", text="hello")) for _ in range(10)))
    enough.set()
    await beating
    assert {answer.status_code for answer in answers} == {200}
    assert tenant.fake.key_fetches == 1
    assert longest < 0.25


async def test_what_is_too_large_is_refused(tenant: Tenant) -> None:
    body = json.dumps(tenant.activity("message", text="x" * 600_000))
    assert (await tenant.knock(body, authorization=token(tenant.fake.service_url))).status_code == 413
    assert tenant.core.told == []


MISSHAPEN: dict[str, object] = {
    "no JSON": "hello",
    "half a JSON": '{"type": "message"',
    "a list": [],
    "a word": '"message"',
    "very deep": "[" * 100_000,
    "no type": {"type": None},
    "an empty type": {"type": ""},
    "a type that is a number": {"type": 3},
    "a conversation that is a word": {"conversation": "c"},
    "a sender that is a list": {"from": []},
    "channel data that is a word": {"channelData": "x"},
    "a text that is an object": {"text": {}},
    "mentions that are words": {"entities": ["x"]},
    "members that are a word": {"membersAdded": "x"},
    "no service address": {"serviceUrl": None},
}


@pytest.mark.parametrize("case", MISSHAPEN)
async def test_what_is_no_activity_is_refused(tenant: Tenant, case: str) -> None:
    given = MISSHAPEN[case]
    whole = tenant.activity("message", text="hello") | given if isinstance(given, dict) else given
    body = whole if isinstance(whole, str) else json.dumps(whole)
    answer = await tenant.knock(body, authorization=token(tenant.fake.service_url))
    assert answer.status_code == 400
    assert tenant.core.told == []


class Away(MemoryAddresses):
    """Addresses in a database that does not answer."""

    async def find(self, ref: ChannelRef) -> Address | None:
        raise StoreError(problem="away")


async def test_what_could_not_be_kept_is_asked_for_again() -> None:
    store = MemoryStore()
    store.addresses = Away()
    async with open_tenant(store=store) as tenant:
        assert (await tenant.send(tenant.activity("message", text="hello"))).status_code == 503


async def test_other_invokes_are_answered_as_not_offered(tenant: Tenant) -> None:
    for name in ("composeExtension/query", "signin/verifyState", "fileConsent/invoke", "task/fetch", "x"):
        answer = await tenant.send(tenant.activity("invoke", name=name, value={"data": {"x": 1}}))
        assert answer.status_code == 501


async def test_only_post_is_taken(tenant: Tenant) -> None:
    assert (await tenant.look()).status_code == 405


async def test_nobody_has_to_show_a_token_in_development(tenant: Tenant) -> None:
    here = Rules(app=APP, tenants=frozenset({"t"}), keys=None, near=frozenset({"http://127.0.0.1:9"}))
    activity = tenant.activity("message") | {"serviceUrl": "http://127.0.0.1:9/_connector"}
    activity["conversation"]["tenantId"] = "t"
    await Admission(here).check("", activity)
    with pytest.raises(RefusedError):
        await Admission(here).check("", activity | {"serviceUrl": "http://127.0.0.1:10/"})


async def test_nothing_of_a_message_is_logged(tenant: Tenant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    planted = "xylophone-marmalade-heron"
    activity = tenant.activity("message", text=planted)
    await tenant.install()
    await tenant.send(activity)
    await tenant.knock(json.dumps(activity), authorization="Bearer x")
    await tenant.send(activity | {"conversation": {"id": IDEAS, "conversationType": planted}})
    await tenant.send(tenant.activity("invoke", name="task/fetch", value={"data": {"kith": {"do": planted}}}))
    await tenant.send(tenant.activity("message", text=planted, attachments=[{"content": {"x": planted}, "y": 1}]))
    assert planted not in caplog.text
    kept = str(vars(tenant.core.house.store.traces))
    assert planted not in kept


async def test_a_connector_can_be_opened_without_any_key(tenant: Tenant) -> None:
    fake = FakeConnector([])
    async with open_tenant(fake=fake) as closed:
        assert (await closed.send(closed.activity("message", text="hello"))).status_code == 401
