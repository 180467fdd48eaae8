"""So many at once, so many that wait, and never one lost, whatever happens to their takers."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.api.problems import Busy, ShuttingDown
from service.api.slots import FREED_WITHIN_S, Slot, Slots


def run(steps: Coroutine[Any, Any, None]) -> None:
    """In a loop of a thread's own: the browser tests leave one running in theirs."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asyncio.wait_for(steps, 20)).result()


def test_a_queue_is_bounded_and_served_in_its_order() -> None:
    reasons: list[str] = []

    async def steps() -> None:
        slots = Slots(1, 2, 10, reasons.append)
        first = await slots.take()
        second, third = asyncio.create_task(slots.take()), asyncio.create_task(slots.take())
        await asyncio.sleep(0)
        assert (slots.running, slots.waiting) == (1, 2)
        with pytest.raises(Busy, match="2 questions are waiting already") as refused:
            await slots.take()
        assert refused.value.retry_after_s >= 1
        first.end()
        first.end()  # again: nothing
        held = await second
        assert (slots.running, slots.waiting) == (1, 1)
        assert not third.done()
        held.end()
        (await third).end()
        assert (slots.running, slots.waiting, slots.strays) == (0, 0, 0)

    run(steps())
    assert reasons == ["queue_full"]


def test_nobody_waits_for_ever_and_who_leaves_the_queue_is_out_of_it() -> None:
    reasons: list[str] = []

    async def steps() -> None:
        slots = Slots(1, 5, 0.1, reasons.append)
        held = await slots.take()
        gone = asyncio.create_task(slots.take())
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert slots.waiting == 0
        with pytest.raises(Busy, match=r"within 0\.1 s"):
            await slots.take()
        held.end()
        assert slots.running == 0

    run(steps())
    assert reasons == ["waited_too_long"]


def test_a_slot_that_comes_as_its_taker_leaves_is_not_lost() -> None:
    async def steps() -> None:
        slots = Slots(1, 5, 10)
        held = await slots.take()
        taker = asyncio.create_task(slots.take())
        await asyncio.sleep(0)
        held.end()  # the turn is given …
        taker.cancel()  # … and not taken
        with pytest.raises(asyncio.CancelledError):
            await taker
        assert slots.running == 0
        (await slots.take()).end()

    run(steps())


def test_work_that_nobody_waits_for_frees_its_slot_though_it_does_not_end() -> None:
    async def steps() -> None:
        slots = Slots(1, 5, 10)
        stuck = []
        for strays in range(4):
            slot = await slots.take()
            assert slots.strays == strays
            slot.leave()
            stuck.append(slot)
            await asyncio.sleep(FREED_WITHIN_S * 1.2)
        assert (slots.running, slots.strays) == (0, 4)
        # Four threads for a slot are as many as there may be: now even an idle one must wait.
        waiting = asyncio.create_task(slots.take())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        stuck[0].end()
        await waiting
        assert (slots.running, slots.strays) == (1, 3)

    run(steps())


def test_work_that_ends_soon_is_no_stray() -> None:
    async def steps() -> None:
        slots = Slots(1, 5, 10)
        slot = await slots.take()
        slot.leave()
        slot.end()
        await asyncio.sleep(FREED_WITHIN_S * 1.2)
        assert (slots.running, slots.strays) == (0, 0)

    run(steps())


def test_who_waits_at_the_end_is_sent_away_and_nobody_is_taken_in() -> None:
    async def steps() -> None:
        slots = Slots(1, 5, 10)
        held = await slots.take()
        waiting = asyncio.create_task(slots.take())
        await asyncio.sleep(0)
        slots.close()
        for late in (waiting, slots.take()):
            with pytest.raises(ShuttingDown):
                await late
        held.end()
        assert (slots.running, slots.waiting) == (0, 0)

    run(steps())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["take", "end", "leave", "cancel"]), st.integers(0, 9))))
def test_no_slot_is_lost_or_given_twice(moves: list[tuple[str, int]]) -> None:
    async def steps() -> None:
        slots = Slots(2, 3, 10)
        takers: list[asyncio.Task[Slot]] = []
        for move, which in moves:
            if move == "take":
                takers.append(asyncio.create_task(slots.take()))
            elif takers:
                taker = takers[which % len(takers)]
                if move == "cancel":
                    taker.cancel()
                elif taker.done() and not taker.cancelled() and taker.exception() is None:
                    getattr(taker.result(), move)()
            await asyncio.sleep(0)
            assert 0 <= slots.running <= 2
            assert 0 <= slots.waiting <= 3
        while takers:
            taker = takers.pop(0)
            try:
                (await taker).end()
            except (Busy, asyncio.CancelledError):
                continue
        assert (slots.running, slots.waiting, slots.strays) == (0, 0, 0)

    run(steps())
