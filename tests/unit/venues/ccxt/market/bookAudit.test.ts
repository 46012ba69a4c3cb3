import { describe, expect, it } from "vitest";
import { BookAudit } from "../../../../../server/venues/ccxt/market/bookAudit.ts";
import { buildBook } from "../../../../../server/venues/ccxt/market/builtBook.ts";
import type { BuiltBook } from "../../../../../server/venues/ccxt/market/builtBook.ts";
import type { FeedTrouble } from "../../../../../server/venues/ccxt/market/feedOptions.ts";
import { InstrumentFeed } from "../../../../../server/venues/ccxt/market/instrumentFeed.ts";
import { createLevelGrid } from "../../../../../server/venues/ccxt/market/levelGrid.ts";
import type { BookMessage } from "../../../../../server/venues/ccxt/market/messages.ts";
import { marketProtocolOf } from "../../../../../server/venues/ccxt/market/protocols/registry.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { book, instrument, range, sides } from "./samples.ts";

const TERMS = { grid: createLevelGrid(instrument()), protocol: marketProtocolOf("binance") };

const BIDS = ["99.99", "1", "99.98", "1"];
const ASKS = ["100.01", "1"];
const snapshot = (last: number, bids = BIDS, asks = ASKS): BookMessage =>
  book("snapshot", range(last, last), bids, asks);
const delta = (first: number, last: number, bids: readonly string[]): BookMessage =>
  book("delta", range(first, last), bids);

function built(from: BookMessage): BuiltBook {
  const made = buildBook(from, [], TERMS);
  if (typeof made === "string") throw new Error(made);
  return made;
}

/** Begins at update 10; after that the live book hears these, and its audit too. */
function compare(answer: BookMessage, heard: readonly BookMessage[] = [], live = built(snapshot(10))) {
  const audit = new BookAudit(live, TERMS);
  for (const message of heard) {
    live.guarded.apply(message);
    audit.heard(message);
  }
  audit.answered(answer);
  return audit.verdict();
}

describe("a book beside a snapshot", () => {
  it.each([
    { name: "the same levels", bids: BIDS, verdict: "same" },
    { name: "a level that is gone", bids: ["99.99", "1"], verdict: "different" },
    { name: "a level that we have not", bids: [...BIDS, "99.97", "1"], verdict: "different" },
    { name: "another size", bids: ["99.99", "2", "99.98", "1"], verdict: "different" },
  ])("at one update id: $name", ({ bids, verdict }) => {
    expect(compare(snapshot(10, bids))).toBe(verdict);
  });

  it.each([
    { name: "an ask that is gone", asks: [], verdict: "different" },
    { name: "an ask behind ours", asks: [...ASKS, "100.02", "1"], verdict: "different" },
  ])("on the other side: $name", ({ asks, verdict }) => {
    expect(compare(snapshot(10, BIDS, asks))).toBe(verdict);
  });

  it("is compared where it stands: what came since the question is added to the snapshot", () => {
    const since = [delta(11, 12, ["99.98", "0"]), delta(13, 13, ["99.97", "3"])];
    expect(compare(snapshot(10), since)).toBe("same");
    expect(compare(snapshot(12, ["99.99", "1"]), since)).toBe("same");
    expect(compare(snapshot(12), since)).toBe("different");
  });

  it("is waited for where the snapshot is ahead of it", () => {
    const live = built(snapshot(10));
    const audit = new BookAudit(live, TERMS);
    audit.answered(snapshot(12, ["99.99", "1"]));
    expect(audit.verdict()).toBeUndefined();
    // Of this the snapshot has the first half.
    const last = delta(11, 13, ["99.98", "0", "99.97", "1"]);
    live.guarded.apply(last);
    audit.heard(last);
    expect(audit.verdict()).toBe("same");
  });

  it.each([
    { name: "one from before the question", answer: snapshot(9), heard: [] },
    { name: "one that does not bridge", answer: snapshot(8), heard: [delta(11, 11, [])] },
    { name: "one that is crossed", answer: snapshot(10, ["100.02", "1"]), heard: [] },
    { name: "one that is not on our grid", answer: snapshot(10, ["99.985", "1"]), heard: [] },
  ])("is not judged by a snapshot that does not meet it: $name", ({ answer, heard }) => {
    expect(compare(answer, heard)).toBe("unknown");
  });

  it("is compared as far down as both are known, and no further", () => {
    const { bids, asks } = sides(1_001);
    const top = (levels: readonly string[], from: number): string[] =>
      levels.slice(2 * from, 2 * (from + 1_000));
    const [lower, upper] = [top(bids, 1), top(bids, 0)];
    const whole = top(asks, 0);
    // Ours began one level deeper, before the best bid came.
    const live = built(snapshot(10, lower, whole));
    const best = delta(11, 11, bids.slice(0, 2));
    expect(compare(snapshot(11, upper, whole), [best], live)).toBe("same");
    const spoilt = [...upper.slice(0, 1_998), "90.00", "1"];
    expect(compare(snapshot(11, spoilt, whole), [], live)).toBe("different");
  });
});

describe("a feed whose book is compared", () => {
  function open() {
    let nowUs = 0;
    const events: VenueEvent[] = [];
    const troubles: FeedTrouble[] = [];
    const questions: PromiseWithResolvers<BookMessage>[] = [];
    const feed: InstrumentFeed = new InstrumentFeed({
      instrument: 0,
      definition: instrument(),
      protocol: marketProtocolOf("binance"),
      nowUs: () => nowUs,
      emit(event) {
        events.push(event);
        if (event.type === "book") feed.consumed();
      },
      subscribe: () => undefined,
      fetchSnapshot() {
        const question = withResolvers<BookMessage>();
        questions.push(question);
        return question.promise;
      },
      giveUp: () => undefined,
      doubtDefinition: () => undefined,
      onTrouble: (trouble) => troubles.push(trouble),
    });
    return {
      feed,
      questions,
      troubles,
      tick(ms: number): void {
        nowUs += ms * 1_000;
        feed.tick();
      },
      async answer(message: BookMessage): Promise<void> {
        questions.at(-1)?.resolve(message);
        for (let turn = 0; turn < 4; turn++) await Promise.resolve();
      },
      told: () =>
        events
          .splice(0)
          .map((event) =>
            event.type === "feed" ? event.status : event.type === "book" ? event.kind : event.type,
          ),
    };
  }

  async function live() {
    const test = open();
    test.feed.socketUp();
    test.feed.accepted();
    await test.answer(snapshot(10));
    expect(test.told()).toEqual(["snapshot"]);
    return test;
  }

  it("says nothing where they agree", async () => {
    const { feed, answer, told, troubles } = await live();
    const audit = feed.audit();
    feed.hearBook(delta(11, 11, ["99.98", "0"]));
    await answer(snapshot(11, ["99.99", "1"]));
    await audit;
    expect([told(), troubles]).toEqual([["delta"], []]);
  });

  it("is void with a level that the venue has not, says why, and takes the next snapshot", async () => {
    const { feed, questions, answer, told, tick, troubles } = await live();
    const audit = feed.audit();
    await answer(snapshot(10, ["99.99", "1"]));
    await audit;
    expect([told(), troubles]).toEqual([["gap"], ["SNAPSHOT_DIFFERS"]]);
    tick(50);
    expect(questions).toHaveLength(3);
    await answer(snapshot(10, ["99.99", "1"]));
    expect(told()).toEqual(["snapshot"]);
  });

  it("is judged by the delta that brings it up to the snapshot", async () => {
    const { feed, answer, told } = await live();
    const audit = feed.audit();
    await answer(snapshot(11, ["99.99", "1"]));
    await audit;
    expect(told()).toEqual([]);
    feed.hearBook(delta(11, 11, ["99.97", "0"]));
    expect(told()).toEqual(["gap"]);
  });

  it("is not judged by what another book was compared with", async () => {
    const { feed, answer, told, tick, questions } = await live();
    const audit = feed.audit();
    feed.hearBook(delta(12, 12, ["99.97", "1"]));
    tick(50);
    await answer(snapshot(12));
    expect(told()).toEqual(["gap", "snapshot"]);
    questions[1]?.resolve(snapshot(12, ["99.99", "1"]));
    await audit;
    expect(told()).toEqual([]);
  });

  it("stands where no snapshot comes, and asks for none while there is no book", async () => {
    const { feed, questions, told } = await live();
    const audit = feed.audit();
    questions.at(-1)?.reject(new Error("no room"));
    await expect(audit).rejects.toThrow("no room");
    expect(told()).toEqual([]);
    feed.hearBook(delta(12, 12, []));
    const { length } = questions;
    await feed.audit();
    expect(questions).toHaveLength(length);
  });
});

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  return { promise, resolve, reject };
}
