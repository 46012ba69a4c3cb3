/** The swarm finds nothing in the desk, and the auditor finds every bug that is planted in it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Effect } from "../../server/contract/effects.ts";
import type { EngineEvent } from "../../server/contract/events.ts";
import { isFinal } from "../../server/core/orders/order.ts";
import type { EngineRun } from "../../server/engine/engineRun.ts";
import { runSeed, type SeedResult } from "../../server/replay/simulate/runSeed.ts";
import { commandFor, runSwarm } from "../../server/replay/simulate/swarm.ts";
import type { ViolationCode } from "../../server/replay/simulate/violation.ts";
import { replayJournal } from "../../server/replay/verify.ts";

/** Enough for volatility to be known and for a minute or two of quoting under faults. */
const TICKS = 8_000;

/** More is `npm run desk -- simulate --seeds 1000`. */
const SEEDS = 12;

/** A planted bug may need a fault that not every seed has. */
const PLANT_SEEDS_MAX = 30;

describe("the desk", () => {
  it("passes the audit of every seed, and the seeds take the rare paths", { timeout: 120_000 }, async () => {
    const { failed, marks, fills } = await runSwarm({ seeds: SEEDS, from: 1, ticks: TICKS });
    expect(failed).toEqual([]);
    expect(fills).toBeGreaterThan(500);
    const rare = [
      "unknown resolved open",
      "unknown resolved absent",
      "unknown resolved canceled",
      "unknown resolved filled",
      "fill before a cancel",
      "fill before an amend",
      "late fill",
      "repeated fill",
      "stray order",
      "account sealed",
      "arm accepted",
      "arm refused",
      "transfer booked",
      "fill taker",
    ];
    expect(rare.filter((mark) => marks[mark] === undefined)).toEqual([]);
  });

  it("does the same again for the same seed, and something else for another", async () => {
    const first = await runSeed(3, { ticks: TICKS });
    const again = await runSeed(3, { ticks: TICKS });
    const other = await runSeed(4, { ticks: TICKS });
    expect(again).toEqual(first);
    expect(other.stateHash).not.toBe(first.stateHash);
  });

  it("writes journals that replay to the same effects and the same hash", async () => {
    const parent = mkdtempSync(join(tmpdir(), "crossdesk-swarm-"));
    onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
    const journalDir = join(parent, "journals");
    const { stateHashes } = await runSwarm({ seeds: 2, from: 1, ticks: TICKS, journalDir });
    for (const seed of [1, 2]) {
      const replay = await replayJournal(join(journalDir, `seed-${seed}`));
      expect(replay).toMatchObject({ sameHash: true, divergedAt: undefined, stateHash: stateHashes[seed] });
    }
  });
});

/** A setter that keeps nothing. */
function forget(): void {}

type Handle = (event: EngineEvent) => readonly Effect[];

interface Plant {
  readonly bug: string;
  readonly plant: (run: EngineRun) => Handle;
  /** Any of these tells the bug. */
  readonly caughtAs: readonly ViolationCode[];
  /** The first seed that is tried; 1 unless given. */
  readonly from?: number;
}

/** Does this to the state after every event: a bug that loses something the engine should keep. */
function after(
  spoil: (run: EngineRun, event: EngineEvent, effects: readonly Effect[]) => void,
): Plant["plant"] {
  return (run) => (event) => {
    const effects = run.handle(event);
    spoil(run, event, effects);
    return effects;
  };
}

/** Shows the engine this in place of the event; undefined hides it. */
function instead(change: (run: EngineRun, event: EngineEvent) => EngineEvent | undefined): Plant["plant"] {
  return (run) => (event) => {
    const shown = change(run, event);
    return shown === undefined ? [] : run.handle(shown);
  };
}

/** Orders that the desk has lost sight of show in many ways. */
const LOST_ORDERS: readonly ViolationCode[] = [
  "ASSET_LIMIT",
  "VENUE_LIMIT",
  "NET_LIMIT",
  "FUNDS",
  "OWN_CROSS",
  "REDUCES",
  "SEAL",
];

const PLANTS: readonly Plant[] = [
  {
    bug: "drops a fill that comes after its order ended",
    plant: instead(({ engine }, event) => {
      const order = event.type === "fill" ? engine.state.orders.get(event.clientId ?? "") : undefined;
      return order !== undefined && isFinal(order.status) ? undefined : event;
    }),
    caughtAs: ["NOT_SETTLED", "BOOKS"],
  },
  {
    bug: "takes an unknown outcome for a rejection",
    plant: instead((_run, event) =>
      event.type === "orderUnknown" && event.request === "place"
        ? { ...event, type: "orderRejected", reason: "OTHER" }
        : event,
    ),
    caughtAs: LOST_ORDERS,
  },
  {
    bug: "books a repeated fill twice",
    plant: (run) => (event) => {
      if (event.type === "fill") run.engine.state.accounts[event.account]?.fillKeys.clear();
      return run.handle(event);
    },
    caughtAs: ["BOOKS", "FALSE_NOTICE"],
  },
  {
    bug: "takes a refused cancel for a cancelled order",
    plant: instead(({ engine }, event) =>
      event.type === "cancelRejected"
        ? {
            type: "orderCanceled",
            atUs: event.atUs,
            account: event.account,
            clientId: event.clientId,
            filledLots: engine.state.orders.get(event.clientId)?.filledLots ?? 0,
          }
        : event,
    ),
    // What was filled before the refused cancel, and not told, is then never asked for.
    caughtAs: [...LOST_ORDERS, "BOOKS"],
  },
  {
    bug: "forgets its holds",
    plant: after(({ engine }) => {
      for (const { holdings } of engine.state.accounts)
        for (const holding of holdings.values()) holding.heldAtoms = 0n;
    }),
    caughtAs: ["FUNDS", "NOT_SETTLED"],
  },
  {
    bug: "forgets what is open and in flight",
    plant: after(({ engine }) => {
      for (const inst of engine.state.instruments)
        Object.assign(inst, { workingBuyLots: 0, workingSellLots: 0 });
      for (const market of engine.state.markets)
        Object.assign(market, { workingBuyBase: 0, workingSellBase: 0 });
    }),
    caughtAs: ["ASSET_LIMIT", "VENUE_LIMIT", "NET_LIMIT", "REDUCES"],
  },
  {
    bug: "quotes while killed",
    plant: after(({ engine }) => void (engine.state.trading.desk = "ACTIVE")),
    caughtAs: ["STATE"],
  },
  {
    bug: "believes every account to be reconciled",
    plant: after(({ engine }) => {
      for (const account of engine.state.accounts) account.status = "READY";
    }),
    caughtAs: ["ACCOUNT"],
  },
  {
    bug: "does not hear of a gap in the feed",
    plant: instead((_run, event) => (event.type === "feed" && event.status === "gap" ? undefined : event)),
    caughtAs: ["FEED"],
  },
  {
    bug: "uses an order id again",
    plant: after(({ engine }, event) => {
      if (event.type === "orderRejected") engine.state.orderCounter -= 1;
    }),
    caughtAs: ["REUSED_ID"],
  },
  {
    bug: "repeats a refused request at once",
    plant: (run) => {
      const { accounts, instruments } = run.engine.state;
      // Else the venue's order budget would end the storm.
      for (const { pace } of [...accounts, ...instruments]) pace.meter = undefined;
      for (const { slots } of instruments)
        for (const slot of slots)
          Object.defineProperty(slot, "retryAtUs", { get: () => 0, set: forget, enumerable: true });
      return (event) => run.handle(event);
    },
    caughtAs: ["STORM"],
    // It takes a venue that refuses the same amendment over and over: seed 99 has one.
    from: 90,
  },
  {
    bug: "takes silence for a live feed",
    plant: (run) => (event) => {
      for (const { feed } of run.engine.state.instruments)
        if (feed.channelAtUs !== undefined) feed.channelAtUs = event.atUs;
      return run.handle(event);
    },
    caughtAs: ["FEED"],
  },
  {
    bug: "misses transfers",
    plant: instead((_run, event) => (event.type === "transfer" ? undefined : event)),
    caughtAs: ["BOOKS", "NOT_SETTLED"],
  },
  {
    bug: "seals a stop without waiting",
    plant: after(({ engine }, event) => {
      for (const { seal } of engine.state.accounts)
        if (seal !== undefined) Object.assign(seal, { clearedAtUs: event.atUs, sealedAtUs: event.atUs });
    }),
    caughtAs: ["SEAL"],
  },
];

async function firstCaught({ plant, from = 1 }: Plant): Promise<SeedResult | undefined> {
  for (let seed = from; seed < from + PLANT_SEEDS_MAX; seed++) {
    const result = await runSeed(seed, { ticks: TICKS, plant });
    if (result.violations.length > 0) return result;
  }
  return undefined;
}

describe("the auditor", () => {
  it.each(PLANTS)("catches a desk that $bug", { timeout: 60_000 }, async (planted) => {
    const caught = await firstCaught(planted);
    const codes = caught?.violations.map(({ code }) => code) ?? [];
    expect(codes.filter((code) => planted.caughtAs.includes(code))).not.toEqual([]);
  });

  it("names the command that repeats a seed", () => {
    expect(commandFor(7, 20_000)).toBe("npm run desk -- simulate --seeds 1 --from 7 --ticks 20000");
  });
});
