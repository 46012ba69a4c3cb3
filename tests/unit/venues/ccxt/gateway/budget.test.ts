import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import { BudgetError, createBudget } from "../../../../../server/venues/ccxt/gateway/budget.ts";
import type { RequestBudget, RequestClass } from "../../../../../server/venues/ccxt/ports.ts";

const START_MS = 1_700_000_000_000;

beforeEach(() => void vi.useFakeTimers({ now: START_MS }));
afterEach(() => void vi.useRealTimers());

const open = (limit = 100) =>
  createBudget({
    scopes: [
      { name: "all", kind: "window", limit, windowMs: 10_000 },
      { name: "counter", kind: "decay", limit: 20, perSecond: 2 },
    ],
    nowUs: () => Date.now() * 1_000,
    speed: 1,
  });

type Budget = ReturnType<typeof open>;

const take = (budget: Budget, kind: RequestClass, waitMaxMs: number): Promise<void> =>
  budget.takeAll(kind, [{ scope: "all", weight: 1 }], waitMaxMs);

async function takes(budget: Budget, kind: RequestClass, waitMaxMs = 0): Promise<boolean> {
  return take(budget, kind, waitMaxMs).then(
    () => true,
    () => false,
  );
}

async function drain(budget: Budget, kind: RequestClass): Promise<number> {
  let taken = 0;
  while (await takes(budget, kind)) taken++;
  return taken;
}

/** The names of those that have left, in their order. */
function asking(budget: RequestBudget) {
  const left: string[] = [];
  const ask = (name: string, kind: RequestClass, weight: number): void =>
    void budget.takeAll(kind, [{ scope: "counter", weight }], 15_000).then(() => left.push(name));
  return { left, ask };
}

describe("the budget", () => {
  it("keeps what is above a class's share for the classes above it, and a slice for the guard", async () => {
    const budget = open();
    expect(await drain(budget, "query")).toBe(72);
    expect(await drain(budget, "new")).toBe(4);
    expect(await drain(budget, "amend")).toBe(5);
    expect(await drain(budget, "hedge")).toBe(4);
    expect(await drain(budget, "cancel")).toBe(5);
    expect(budget.use().usedFrac).toBeCloseTo(0.9);
  });

  it("lets a cancel leave that may, however late it comes to its turn", async () => {
    let lateMs = 0;
    const budget = createBudget({
      scopes: [{ name: "all", kind: "window", limit: 100, windowMs: 10_000 }],
      nowUs: () => (Date.now() + lateMs) * 1_000,
      speed: 1,
    });
    budget.silence(1_900);
    const [cancel, question] = (["cancel", "query"] as const).map((kind) => takes(budget, kind, 2_000));
    lateMs = 150;
    await vi.advanceTimersByTimeAsync(1_900);
    expect([await cancel, await question]).toEqual([true, false]);
    budget.stop();
  });

  it("never lets more through in any window than the venue counts", async () => {
    const budget = open();
    const leftAtMs: number[] = [];
    for (let at = 0; at < 30_000; at += 50) {
      while (await takes(budget, "cancel")) leftAtMs.push(at);
      await vi.advanceTimersByTimeAsync(50);
    }
    for (let from = 0; from < 20_000; from += 100)
      expect(leftAtMs.filter((at) => at >= from && at < from + 10_000).length).toBeLessThanOrEqual(90);
    expect(leftAtMs.length).toBeGreaterThan(240);
  });

  it("refuses at once what could not leave in time, and says that nothing was sent", async () => {
    const budget = open();
    await drain(budget, "new");
    await expect(take(budget, "new", 1_000)).rejects.toThrow(BudgetError);
  });

  it("lets what waits leave as room comes, the higher class first", async () => {
    const budget = open(10);
    expect(await drain(budget, "cancel")).toBe(9);
    const left: string[] = [];
    for (const kind of ["new", "cancel", "hedge"] as const)
      void take(budget, kind, 20_000).then(() => left.push(kind));
    await vi.advanceTimersByTimeAsync(10_300);
    expect(left[0]).toBe("cancel");
    expect(left.toSorted()).toEqual(["cancel", "hedge", "new"]);
  });

  it("ends the waiting when its time is over, whatever is ahead", async () => {
    const budget = open(10);
    await drain(budget, "cancel");
    const outcome = take(budget, "cancel", 10_250).then(
      () => "left",
      () => "given up",
    );
    budget.silence(10_240);
    budget.silence(60_000);
    await vi.advanceTimersByTimeAsync(70_000);
    expect(await outcome).toBe("given up");
  });

  it("keeps silent exactly as long as the venue says, cancels too, and says so", async () => {
    const budget = open();
    budget.silence(5_000);
    expect(budget.use().silentUntilUs).toBe((START_MS + 5_000) * 1_000);
    await expect(take(budget, "cancel", 4_900)).rejects.toThrow(BudgetError);
    let leftAtMs = 0;
    void take(budget, "cancel", 6_000).then(() => (leftAtMs = Date.now()));
    await vi.advanceTimersByTimeAsync(4_990);
    expect(leftAtMs).toBe(0);
    await vi.advanceTimersByTimeAsync(20);
    expect(leftAtMs).toBeGreaterThanOrEqual(START_MS + 5_000);
    expect(budget.use().silentUntilUs).toBeUndefined();
  });

  it("names the fullest counter, and while a silence lasts what it is about", async () => {
    const budget = open();
    const charge = { scope: "counter", weight: 2, market: "XBTUSD" };
    await budget.takeAll("cancel", [charge], 0);
    expect(budget.use()).toMatchObject({ scope: "counter XBTUSD", silentUntilUs: undefined });
    budget.silence(5_000, "counter");
    const silence = { scope: "counter", silentUntilUs: (START_MS + 5_000) * 1_000 };
    expect(budget.use()).toMatchObject(silence);
    budget.silence(6_000);
    expect(budget.use()).toMatchObject({ scope: "all requests", silentUntilUs: (START_MS + 6_000) * 1_000 });
    await vi.advanceTimersByTimeAsync(6_001);
    expect(budget.use()).toMatchObject({ silentUntilUs: undefined });
  });

  it("is silent about one scope alone where the venue means one", async () => {
    const budget = open();
    budget.silence(5_000, "counter");
    await expect(budget.takeAll("new", [{ scope: "counter", weight: 1 }], 0)).rejects.toThrow(BudgetError);
    expect(await takes(budget, "new")).toBe(true);
  });

  it("believes the venue when it has counted more, and never less", async () => {
    const budget = open();
    budget.observe(0.75);
    expect(await takes(budget, "query")).toBe(false);
    expect(await takes(budget, "new")).toBe(true);
    budget.observe(0.1);
    expect(await takes(budget, "query")).toBe(false);
  });

  it("forgets what others have used when the venue's window ends, and what it has used itself after a whole one", async () => {
    const budget = open();
    await vi.advanceTimersByTimeAsync(4_000);
    for (let n = 0; n < 10; n++) await take(budget, "query", 0);
    budget.observe(0.95);
    expect(await takes(budget, "cancel")).toBe(false);
    await vi.advanceTimersByTimeAsync(5_900);
    expect(await takes(budget, "cancel")).toBe(false);
    // A request counts until the fiftieth of a window that it fell into has passed.
    await vi.advanceTimersByTimeAsync(300);
    expect(await drain(budget, "query")).toBe(62);
  });

  it("counts down with time, by market, and a refusal fills the counter", async () => {
    const budget = open();
    const at = (market: string) => [{ scope: "counter", weight: 4, market }];
    for (const market of ["a", "a", "a", "b"]) await budget.takeAll("new", at(market), 0);
    await expect(budget.takeAll("new", at("a"), 100)).rejects.toThrow(BudgetError);
    budget.exhausted(at("b"));
    await expect(budget.takeAll("new", at("b"), 100)).rejects.toThrow(BudgetError);
    // 20 goes down by 2 a second to 12.6 − 4.
    const later = budget.takeAll("new", at("b"), 6_000);
    await vi.advanceTimersByTimeAsync(5_710);
    await expect(later).resolves.toBeUndefined();
  });

  it("serves whoever is due first, whoever asks after that", async () => {
    const budget = open(10);
    budget.silence(100);
    let leftAtMs = 0;
    void take(budget, "cancel", 2_000).then(() => (leftAtMs = Date.now()));
    budget.silence(7_700, "counter");
    const later = budget.takeAll("new", [{ scope: "counter", weight: 1 }], 10_000);
    await vi.advanceTimersByTimeAsync(150);
    expect(leftAtMs - START_MS).toBeGreaterThanOrEqual(100);
    await vi.advanceTimersByTimeAsync(7_600);
    await later;
  });

  it("lets no small question pass a larger one that came before it", async () => {
    const { left, ask } = asking(open());
    ask("first", "query", 12);
    ask("large", "query", 6);
    ask("small", "query", 1);
    ask("single", "lookup", 1);
    ask("free", "query", 0);
    await vi.advanceTimersByTimeAsync(1_000);
    // By now there was room for each of the small ones.
    expect(left).toEqual(["first", "free"]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(left).toEqual(["first", "free", "large", "small", "single"]);
  });

  it("asks for the open orders before any other question, however long those have waited", async () => {
    const { left, ask } = asking(open());
    ask("first", "query", 14);
    ask("trades", "query", 2);
    ask("balances", "query", 1);
    ask("single", "lookup", 1);
    ask("open orders", "list", 2);
    ask("late", "query", 1);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(left).toEqual(["first", "open orders", "trades", "balances", "late", "single"]);
  });

  it("lets questions about single orders wait for ever behind none, however many others keep coming", async () => {
    const { left, ask } = asking(open());
    ask("first", "query", 14);
    ask("single", "lookup", 2);
    for (let n = 0; n < 10; n++) {
      ask(`list ${n}`, "query", 2);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    await vi.advanceTimersByTimeAsync(10_000);
    // After five seconds it stands behind the five that had come by then.
    expect(left.indexOf("single")).toBe(6);
    expect(left).toHaveLength(12);
  });

  it("lets questions about single orders hold up no other, and serves them after all others", async () => {
    const { left, ask } = asking(open());
    ask("first", "query", 13);
    ask("single", "lookup", 4);
    ask("list", "query", 1);
    await vi.advanceTimersByTimeAsync(10);
    expect(left).toEqual(["first", "list"]);
    ask("large", "query", 6);
    await vi.advanceTimersByTimeAsync(2_740);
    // There is room for the single one by now, but not yet for what is to go before it.
    expect(left).toEqual(["first", "list"]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(left).toEqual(["first", "list", "large", "single"]);
  });

  it("opens sockets before it asks questions, however long those have waited", async () => {
    const { left, ask } = asking(open());
    ask("first", "query", 13);
    ask("list", "query", 2);
    ask("token", "session", 1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(left).toEqual(["first", "token", "list"]);
  });

  it("refuses each question at its own deadline, also while it stands behind another", async () => {
    const budget = open();
    const ended: string[] = [];
    const ask = (name: string, kind: RequestClass, weight: number, waitMaxMs: number): void => {
      const at = (how: string) => () => void ended.push(`${name} ${how} ${Date.now() - START_MS}`);
      budget.takeAll(kind, [{ scope: "counter", weight }], waitMaxMs).then(at("left"), at("refused"));
    };
    ask("first", "query", 14, 0);
    ask("large", "query", 10, 15_000);
    ask("small", "query", 0.1, 1_000);
    ask("single", "lookup", 0.1, 2_000);
    ask("hasty", "query", 0.1, 0);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(ended).toEqual([
      "first left 0",
      "hasty refused 0",
      "small refused 1001",
      "single refused 2001",
      expect.stringMatching(/^large left 4/),
    ]);
  });

  it("takes a refusal to be about the counter that is empty again first, and leaves the others open", async () => {
    const budget = createBudget({
      scopes: exchangeOf("binance").limits.scopes,
      nowUs: () => Date.now() * 1_000,
      speed: 1,
    });
    const charges = exchangeOf("binance").limits.entry("place", { marketId: "BTCUSDT", ageMs: 0 });
    budget.exhausted(charges);
    await expect(budget.takeAll("hedge", charges, 300)).rejects.toThrow(BudgetError);
    await expect(budget.takeAll("cancel", [{ scope: "weight", weight: 1 }], 0)).resolves.toBeUndefined();
    await vi.advanceTimersByTimeAsync(10_300);
    await expect(budget.takeAll("new", charges, 0)).resolves.toBeUndefined();
  });

  it("keeps to what the venue says of a silence, and makes up nothing longer", async () => {
    const budget = open();
    const charges = [{ scope: "all", weight: 1 }];
    budget.silence(500);
    budget.exhausted(charges);
    await vi.advanceTimersByTimeAsync(501);
    await expect(budget.takeAll("new", charges, 0)).resolves.toBeUndefined();
  });

  it("waits for what a request costs, and no longer, when the venue has called its counter full", async () => {
    const budget = open();
    const cost = (weight: number) => [{ scope: "counter", weight }];
    budget.full("counter");
    let leftAtMs = 0;
    void budget.takeAll("cancel", cost(1), 1_000).then(() => (leftAtMs = Date.now()));
    await vi.advanceTimersByTimeAsync(490);
    expect(leftAtMs).toBe(0);
    await vi.advanceTimersByTimeAsync(20);
    expect(leftAtMs).toBeGreaterThan(0);
    await expect(budget.takeAll("cancel", cost(4), 1_900)).rejects.toThrow(BudgetError);
    await vi.advanceTimersByTimeAsync(2_000);
    await budget.takeAll("cancel", cost(4), 10);
    // Once it has gone down far enough, the guard's slice is kept again.
    await vi.advanceTimersByTimeAsync(2_000);
    await budget.takeAll("cancel", cost(1), 0);
    await expect(budget.takeAll("cancel", cost(3), 0)).rejects.toThrow(BudgetError);
  });

  it("believes a venue that calls its counter full also where no limits were expected", async () => {
    const budget = createBudget({
      scopes: exchangeOf("kraken").limits.scopes,
      nowUs: () => Date.now() * 1_000,
      speed: 1,
      limits: "lifted",
    });
    const charges = [{ scope: "rest", weight: 1 }];
    for (let n = 0; n < 100; n++) await budget.takeAll("query", charges, 0);
    budget.full("rest");
    await expect(budget.takeAll("query", charges, 3_000)).rejects.toThrow(BudgetError);
    await vi.advanceTimersByTimeAsync(3_100);
    await budget.takeAll("query", charges, 0);
  });

  it("forgets no counter that still counts, however many there are", async () => {
    const budget = open();
    const at = (market: string) => [{ scope: "counter", weight: 15, market }];
    await budget.takeAll("cancel", at("busy"), 0);
    for (let n = 0; n < 2_100; n++)
      await budget.takeAll("cancel", [{ scope: "counter", weight: 0, market: `m${n}` }], 0);
    await expect(budget.takeAll("cancel", at("busy"), 100)).rejects.toThrow(BudgetError);
  });

  it("counts what never waits, and lets it leave", async () => {
    const budget = open();
    const cancel = [{ scope: "counter", weight: 8, neverWaits: true }];
    for (let n = 0; n < 10; n++) await budget.takeAll("cancel", cancel, 0);
    await expect(budget.takeAll("new", [{ scope: "counter", weight: 1 }], 0)).rejects.toThrow(BudgetError);
  });

  it("has room for one request of any class while it is empty, however small it is", async () => {
    const budget = open(1);
    expect(await takes(budget, "query")).toBe(true);
    expect(await takes(budget, "cancel")).toBe(false);
  });

  it("gives up what waits when it ends", async () => {
    const budget = open();
    budget.silence(5_000);
    const waiting = take(budget, "cancel", 6_000).catch((error: Error) => error.message);
    budget.stop();
    expect(await waiting).toContain("closing");
  });
});
