import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { StateScope } from "../../../server/contract/commands.ts";
import type { CommandOutcome, OpenOrderLine, Question, StopReceipt } from "../../../server/contract/link.ts";
import type { AccountView, DeskView, InstrumentView, MarketView } from "../../../server/contract/views.ts";
import { viewDesk } from "../../../server/core/view.ts";
import { readLatch, scopeKey, writeLatch } from "../../../server/link/latch.ts";
import { armDesk, stopDesk, type StopInput } from "../../../server/link/stop.ts";
import { readyDesk, sendOpenOrders } from "../../support/desk.ts";
import { temporaryHome } from "../host/fixture.ts";
import { connected, deskView, startEngineEnd, startLink } from "./fixture.ts";

const DESK: StateScope = { level: "desk" };
const ACCEPTED: CommandOutcome = { accepted: true, paramVersion: 1 };
const RECEIPT_ID = "3f0c2a52-7d3c-4b7e-9a54-000000000001";

function account(name: string, change: Partial<AccountView> = {}): AccountView {
  return {
    account: name,
    status: "READY",
    brokenBy: undefined,
    agreedAtUs: undefined,
    reconcileEveryMs: 5_000,
    breaks: [],
    ordersLeftOut: 0,
    state: "KILLED",
    clearedAtUs: undefined,
    sealedAtUs: undefined,
    ...change,
  };
}

const SEALED = { clearedAtUs: 10, sealedAtUs: 20 };

function instrument(name: string, symbol: string): InstrumentView {
  return { account: name, symbol } as InstrumentView;
}

function latchedView(change: Partial<DeskView>): DeskView {
  return deskView({ state: "KILLED", ...change });
}

/** BTC at alpha and beta, ETH at alpha. */
const MARKETS: readonly MarketView[] = [
  {
    market: "BTC",
    instruments: [instrument("alpha", "BTC/USD"), instrument("beta", "BTC/USDT")],
  } as unknown as MarketView,
  { market: "ETH", instruments: [instrument("alpha", "ETH/USD")] } as unknown as MarketView,
];

function order(name: string, symbol: string, side: "buy" | "sell"): OpenOrderLine {
  return { account: name, symbol, side, clientId: "x" } as OpenOrderLine;
}

/** Answers each kind of question from its own list, the last entry for ever. */
function answers(script: { desk: readonly DeskView[]; openOrders?: readonly (readonly OpenOrderLine[])[] }) {
  const asked = new Map<string, number>();
  return ({ ask }: Question): unknown => {
    const list = ask === "desk" ? script.desk : ask === "openOrders" ? (script.openOrders ?? []) : [];
    const at = asked.get(ask) ?? 0;
    asked.set(ask, at + 1);
    return list[Math.min(at, list.length - 1)];
  };
}

/** The test's clock: each reading is a millisecond later. */
function clock() {
  let now = 1_000;
  return () => now++;
}

async function stopped(
  home: string,
  change: Partial<StopInput>,
  onProgress?: (receipt: StopReceipt) => void,
) {
  const link = change.link ?? startLink(home);
  const receipts: StopReceipt[] = [];
  const last = await stopDesk({
    home,
    link,
    nowMs: clock(),
    scope: DESK,
    actor: "ann",
    reason: "test",
    receiptId: RECEIPT_ID,
    onProgress(receipt) {
      receipts.push(receipt);
      onProgress?.(receipt);
    },
    ...change,
  });
  expect(receipts.at(-1)).toEqual(last);
  return { last, receipts };
}

async function linked(home: string) {
  const link = startLink(home);
  await connected(link);
  return link;
}

describe("a stop", () => {
  it("is latched before the engine hears of it, and ends when every account is sealed", async () => {
    const home = temporaryHome();
    const latchedAtCommand: unknown[] = [];
    const engine = await startEngineEnd(home, {
      onCommand() {
        latchedAtCommand.push(...readLatch(home).entries);
        return Promise.resolve(ACCEPTED);
      },
      onQuestion: answers({
        desk: [
          latchedView({ accounts: [account("alpha"), account("beta")] }),
          latchedView({ accounts: [account("alpha", SEALED), account("beta", { clearedAtUs: 15 })] }),
          latchedView({
            accounts: [account("alpha", SEALED), account("beta", { clearedAtUs: 15, sealedAtUs: 30 })],
          }),
        ],
      }),
    });
    const { last, receipts } = await stopped(home, { link: await linked(home) });
    expect(latchedAtCommand).toEqual([
      { receiptId: RECEIPT_ID, scope: DESK, state: "KILLED", actor: "ann", reason: "test", atMs: 1_000 },
    ]);
    expect(engine.commands).toEqual([
      {
        commandId: RECEIPT_ID,
        actor: "ann",
        reason: "test",
        command: { type: "setTradingState", scope: DESK, state: "KILLED" },
      },
    ]);
    expect(last).toMatchObject({ scope: "desk", state: "KILLED", failure: undefined });
    expect(last.accounts).toEqual([
      { account: "alpha", status: "READY", clearedAtUs: 10, sealedAtUs: 20 },
      { account: "beta", status: "READY", clearedAtUs: 15, sealedAtUs: 30 },
    ]);
    const steps = receipts.map((r) => [
      r.latchedAtMs !== undefined,
      r.acknowledgedAtMs !== undefined,
      r.accounts.filter(({ sealedAtUs }) => sealedAtUs !== undefined).length,
    ]);
    expect(steps).toEqual([
      [true, false, 0],
      [true, true, 0],
      [true, true, 0],
      [true, true, 1],
      [true, true, 2],
      [true, true, 2],
    ]);
  });

  it("of one account follows that account alone", async () => {
    const home = temporaryHome();
    await startEngineEnd(home, {
      onQuestion: answers({ desk: [latchedView({ accounts: [account("alpha", SEALED), account("beta")] })] }),
    });
    const scope: StateScope = { level: "account", account: "alpha" };
    const { last } = await stopped(home, { link: await linked(home), scope });
    expect(last.failure).toBeUndefined();
    expect(last.accounts.map(({ account: name }) => name)).toEqual(["alpha"]);
  });

  it("that is armed between two looks was sealed: the engine arms nothing else", async () => {
    const home = temporaryHome();
    const before = [account("alpha", SEALED), account("beta", { clearedAtUs: 15 })];
    const after = [account("alpha", { state: "ACTIVE" }), account("beta", { state: "ACTIVE" })];
    await startEngineEnd(home, {
      onQuestion: answers({
        desk: [latchedView({ accounts: before }), deskView({ atUs: 40, state: "ACTIVE", accounts: after })],
      }),
    });
    const { last } = await stopped(home, { link: await linked(home) });
    expect(last.failure).toBeUndefined();
    expect(last.accounts).toEqual([
      { account: "alpha", status: "READY", clearedAtUs: 10, sealedAtUs: 20 },
      { account: "beta", status: "READY", clearedAtUs: 15, sealedAtUs: 40 },
    ]);
  });

  const narrow = [
    {
      name: "a market",
      scope: { level: "market", market: "BTC" },
      own: [order("alpha", "BTC/USD", "buy"), order("beta", "BTC/USDT", "sell")],
      others: [order("alpha", "ETH/USD", "buy")],
      accounts: ["alpha", "beta"],
    },
    {
      name: "a side",
      scope: { level: "side", account: "alpha", symbol: "BTC/USD", side: "buy" },
      own: [order("alpha", "BTC/USD", "buy")],
      others: [order("alpha", "BTC/USD", "sell"), order("beta", "BTC/USDT", "buy")],
      accounts: ["alpha"],
    },
  ] as const;
  for (const { name, scope, own, others, accounts } of narrow)
    it(`of ${name} ends when its own orders are gone, whatever rests beside them`, async () => {
      const home = temporaryHome();
      await startEngineEnd(home, {
        onQuestion: answers({
          desk: [
            latchedView({ atUs: 1, markets: MARKETS, accounts: [account("alpha"), account("beta")] }),
            latchedView({ atUs: 2, markets: MARKETS, accounts: [account("alpha"), account("beta")] }),
          ],
          openOrders: [[...own, ...others], others],
        }),
      });
      const { last, receipts } = await stopped(home, { link: await linked(home), scope });
      expect(last.failure).toBeUndefined();
      expect(last.accounts).toEqual(
        accounts.map((at) => ({ account: at, status: "READY", clearedAtUs: 2, sealedAtUs: 2 })),
      );
      expect(receipts.some((r) => r.accounts.some(({ sealedAtUs }) => sealedAtUs === undefined))).toBe(true);
    });

  it("without an engine is latched, and says what is unknown and what to do", async () => {
    const home = temporaryHome();
    const { last } = await stopped(home, { waitMs: 0 });
    expect(readLatch(home).entries).toMatchObject([{ scope: DESK, state: "KILLED", receiptId: RECEIPT_ID }]);
    expect(last.latchedAtMs).toBeDefined();
    expect(last.acknowledgedAtMs).toBeUndefined();
    expect(last.failure).toMatch(/not reachable.*latched on disk.*may still rest.*status/);
  });

  it("reaches an engine that comes while it waits, with the same command id", async () => {
    const home = temporaryHome();
    const link = startLink(home);
    let said: () => void = () => undefined;
    const unreachable = new Promise<void>((resolve) => (said = resolve));
    const stop = stopped(home, { link, nowMs: () => 1_000, state: "DISARMED" }, ({ failure }) => {
      if (failure !== undefined) said();
    });
    await unreachable;
    const engine = await startEngineEnd(home, {
      onQuestion: answers({ desk: [latchedView({ accounts: [account("alpha", SEALED)] })] }),
    });
    const { last, receipts } = await stop;
    expect(engine.commands).toMatchObject([{ commandId: RECEIPT_ID, command: { state: "DISARMED" } }]);
    expect(receipts.some(({ failure }) => failure?.includes("not reachable"))).toBe(true);
    expect(last.failure).toBeUndefined();
  });

  const reasons = [
    { name: "none", reason: "", expected: "none given" },
    { name: "a very long one", reason: "x".repeat(900), expected: "x".repeat(500) },
  ];
  for (const { name, reason, expected } of reasons)
    it(`is not refused for its reason: ${name}`, async () => {
      const home = temporaryHome();
      const engine = await startEngineEnd(home, {
        onQuestion: answers({ desk: [latchedView({ accounts: [account("alpha", SEALED)] })] }),
      });
      const { last } = await stopped(home, { link: await linked(home), reason });
      expect(last.failure).toBeUndefined();
      expect(engine.commands).toMatchObject([{ reason: expected }]);
    });

  it("with a link that is still to connect does not say that the engine is not there", async () => {
    const home = temporaryHome();
    await startEngineEnd(home, {
      onQuestion: answers({ desk: [latchedView({ accounts: [account("alpha", SEALED)] })] }),
    });
    // However long connecting takes here, its time does not run out.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { receipts } = await stopped(home, {}, ({ failure }) => {
      // What comes after it waits for real time.
      if (failure !== undefined) vi.useRealTimers();
    });
    expect(receipts.filter(({ failure }) => failure !== undefined)).toEqual([]);
  });

  it("that is not sealed in time names the accounts that are not", async () => {
    const home = temporaryHome();
    await startEngineEnd(home, {
      onQuestion: answers({
        desk: [
          latchedView({ accounts: [account("alpha", SEALED), account("beta", { status: "DEGRADED" })] }),
        ],
      }),
    });
    const { last } = await stopped(home, { link: await linked(home), waitMs: 3 });
    expect(last.failure).toMatch(/not proven in time \(beta is not sealed\)/);
    expect(last.acknowledgedAtMs).toBeDefined();
  });

  it("is told to the engine even when the latch cannot be written, and says so to the end", async () => {
    const home = temporaryHome();
    const engine = await startEngineEnd(home, {
      onQuestion: answers({ desk: [latchedView({ accounts: [account("alpha", SEALED)] })] }),
    });
    // A directory where the file should be: nothing can take its place.
    mkdirSync(join(home, "latch.json"));
    writeFileSync(join(home, "latch.json", "in the way"), "");
    const { last } = await stopped(home, { link: await linked(home) });
    expect(engine.commands).toHaveLength(1);
    expect(last.latchedAtMs).toBeUndefined();
    expect(last.failure).toContain("the latch is not on disk");
    expect(last.accounts).toMatchObject([SEALED]);
  });

  it("of a scope that does not exist leaves no latch behind", async () => {
    const home = temporaryHome();
    const text = "there is no gamma on this desk";
    await startEngineEnd(home, {
      onCommand: () => Promise.resolve({ accepted: false, code: "UNKNOWN_SCOPE", text }),
    });
    const scope: StateScope = { level: "account", account: "gamma" };
    const { last } = await stopped(home, { link: await linked(home), scope });
    expect(last.failure).toBe(`UNKNOWN_SCOPE: ${text}`);
    expect(readLatch(home).entries).toEqual([]);
  });

  it("that the engine refuses otherwise stays latched", async () => {
    const home = temporaryHome();
    await startEngineEnd(home, {
      onCommand: () => Promise.resolve({ accepted: false, code: "FORBIDDEN", text: "not this one" }),
    });
    const { last } = await stopped(home, { link: await linked(home) });
    expect(last.failure).toBe("FORBIDDEN: not this one");
    expect(readLatch(home).entries).toHaveLength(1);
  });

  for (const code of ["STOPPING", "OVERLOADED"]) {
    const refused: CommandOutcome = { accepted: false, code, text: "not now" };

    it(`is sent again, with the same command id, when the engine answers ${code}`, async () => {
      const home = temporaryHome();
      const outcomes = [refused, refused, ACCEPTED];
      const engine = await startEngineEnd(home, {
        onCommand: () => Promise.resolve(outcomes.shift() ?? refused),
        onQuestion: answers({ desk: [latchedView({ accounts: [account("alpha", SEALED)] })] }),
      });
      const { last, receipts } = await stopped(home, { link: await linked(home) });
      expect(engine.commands.map(({ commandId }) => commandId)).toEqual(Array(3).fill(RECEIPT_ID));
      expect(receipts.some(({ failure }) => failure === `${code}: not now`)).toBe(true);
      expect(last.failure).toBeUndefined();
    });

    it(`ends with ${code} when that is still the answer after its time`, async () => {
      const home = temporaryHome();
      await startEngineEnd(home, { onCommand: () => Promise.resolve(refused) });
      const { last } = await stopped(home, { link: await linked(home), waitMs: 3 });
      expect(last.failure).toBe(`${code}: not now`);
      expect(readLatch(home).entries).toHaveLength(1);
    });
  }
});

describe("arming", () => {
  const arm = { actor: "ann", reason: "checked", commandId: "3f0c2a52-arm", scope: DESK };
  const entry = {
    receiptId: RECEIPT_ID,
    scope: DESK,
    state: "KILLED",
    actor: "ann",
    reason: "r",
    atMs: 1,
  } as const;

  const outcomes: readonly { name: string; outcome: CommandOutcome; left: number }[] = [
    { name: "clears the latch once the engine has accepted", outcome: ACCEPTED, left: 0 },
    {
      name: "leaves the latch when the engine refuses",
      outcome: { accepted: false, code: "NOT_SEALED", text: "wait" },
      left: 1,
    },
    {
      name: "clears a latch that an earlier arm left behind",
      outcome: { accepted: false, code: "NOT_LATCHED", text: "nothing to arm" },
      left: 0,
    },
  ];
  for (const { name, outcome, left } of outcomes)
    it(`${name}`, async () => {
      const home = temporaryHome();
      writeLatch(home, entry);
      let latchedAtCommand = 0;
      await startEngineEnd(home, {
        onCommand() {
          latchedAtCommand = readLatch(home).entries.length;
          return Promise.resolve(outcome);
        },
      });
      expect(await armDesk({ ...arm, home, link: await linked(home) })).toEqual(outcome);
      expect(latchedAtCommand).toBe(1);
      expect(readLatch(home).entries).toHaveLength(left);
    });

  it("leaves the latch of a stop that came meanwhile", async () => {
    const home = temporaryHome();
    writeLatch(home, entry);
    await startEngineEnd(home, {
      onCommand() {
        writeLatch(home, { ...entry, receiptId: "later" });
        return Promise.resolve(ACCEPTED);
      },
    });
    await armDesk({ ...arm, home, link: await linked(home) });
    expect(readLatch(home).entries).toMatchObject([{ receiptId: "later" }]);
  });

  it("sent again after a stop leaves the desk stopped on disk too, and says so", async () => {
    const home = temporaryHome();
    const desk = readyDesk();
    await startEngineEnd(home, {
      onCommand(command) {
        const effects = desk.send({ type: "command", ...command });
        const answer = effects.find((effect) => effect.type === "acknowledge");
        if (answer === undefined) throw new Error("no answer");
        // The venue's answer once nothing can come any more.
        desk.wait(5_000);
        sendOpenOrders(desk, 0, []);
        return Promise.resolve(answer.outcome);
      },
      onQuestion: () => viewDesk(desk.engine),
    });
    const link = await linked(home);
    await stopped(home, { link });
    expect(await armDesk({ ...arm, home, link })).toMatchObject({ accepted: true });
    expect(readLatch(home).entries).toEqual([]);
    const later = "3f0c2a52-7d3c-4b7e-9a54-000000000002";
    await stopped(home, { link, receiptId: later });
    expect(await armDesk({ ...arm, home, link })).toMatchObject({ accepted: false, code: "STOPPED_SINCE" });
    expect(desk.state.trading.desk).toBe("KILLED");
    expect(readLatch(home).entries).toMatchObject([{ receiptId: later, scope: DESK }]);
  });

  it("takes no latch from a stop that the engine has not heard of yet", async () => {
    const home = temporaryHome();
    writeLatch(home, entry);
    const link = startLink(home);
    await startEngineEnd(home, {
      async onCommand({ command }) {
        // The stop has latched the desk on disk and is on its way: the arm reads its entry, and is faster.
        if (command.type === "setTradingState") await armDesk({ ...arm, home, link });
        return ACCEPTED;
      },
      onQuestion: answers({ desk: [latchedView({ accounts: [account("alpha", SEALED)] })] }),
    });
    await connected(link);
    const { last } = await stopped(home, { link, receiptId: "the later stop" });
    expect(last.failure).toBeUndefined();
    expect(readLatch(home).entries).toMatchObject([{ receiptId: "the later stop", state: "KILLED" }]);
  });

  it("of one scope leaves the others latched", async () => {
    const home = temporaryHome();
    writeLatch(home, { ...entry, scope: { level: "account", account: "alpha" } });
    writeLatch(home, entry);
    await startEngineEnd(home);
    await armDesk({ ...arm, home, link: await linked(home) });
    expect(readLatch(home).entries.map(({ scope }) => scopeKey(scope))).toEqual(["account alpha"]);
  });

  it("without an engine fails and leaves the latch", async () => {
    const home = temporaryHome();
    writeLatch(home, entry);
    await expect(armDesk({ ...arm, home, link: startLink(home) })).rejects.toMatchObject({
      code: "NOT_CONNECTED",
    });
    expect(readLatch(home).entries).toHaveLength(1);
  });
});
