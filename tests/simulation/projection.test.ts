/** What the projection tells of runs under faults: all of it, once, and the same from wherever one begins. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Line } from "../../server/contract/lines.ts";
import { formatCursor } from "../../server/contract/lines.ts";
import type { Engine } from "../../server/core/state.ts";
import { EngineRun } from "../../server/engine/engineRun.ts";
import { openJournal, type JournalEntry } from "../../server/engine/journal/reader.ts";
import { Projection } from "../../server/projection/projection.ts";
import { runSeed } from "../../server/replay/simulate/runSeed.ts";

const TICKS = 4_000;
const SEEDS = [1, 2, 3, 5];
const EPOCH = 4;

/** Events between two places at which a projection begins anew, and at which books and lines are compared. */
const STRIDE = 997;

interface Journaled {
  readonly config: Engine["config"];
  readonly entries: readonly JournalEntry[];
}

describe.each(SEEDS)("the lines of seed %i", (seed) => {
  let directory: string;
  let journaled: Journaled;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "crossdesk-projection-"));
    await runSeed(seed, { ticks: TICKS, journalDir: join(directory, "journal") });
    const reader = openJournal(join(directory, "journal"));
    journaled = { config: reader.manifest.config, entries: [...reader.entries()] };
    reader.close();
  }, 60_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("are the same for a projection that begins at any snapshot", { timeout: 60_000 }, () => {
    const { config, entries } = journaled;
    const run = new EngineRun(config);
    const first = new Projection(run.engine, EPOCH);
    let later: { readonly run: EngineRun; readonly projection: Projection } | undefined;
    let compared = 0;
    for (const { seq, event } of entries) {
      const told = first.after(seq, event, run.handle(event));
      if (later !== undefined) {
        const again = later.projection.after(seq, event, later.run.handle(event));
        if (told.length > 0 || again.length > 0) {
          expect(again).toEqual(told);
          compared += told.length;
        }
      }
      if (seq % STRIDE === 0) {
        const other = new EngineRun(config, { snapshot: run.snapshot() });
        later = { run: other, projection: new Projection(other.engine, EPOCH) };
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  it("say all that the state says, and each of it once", { timeout: 60_000 }, () => {
    const { config, entries } = journaled;
    const run = new EngineRun(config);
    const projection = new Projection(run.engine, EPOCH);
    const told = new Told();
    for (const { seq, event } of entries) {
      for (const line of projection.after(seq, event, run.handle(event))) told.take(line);
      if (seq % STRIDE === 0) expect(told.books(run.engine)).toEqual(booksOf(run.engine));
    }
    expect(told.books(run.engine)).toEqual(booksOf(run.engine));
    expect(told.fills).toBe(run.engine.state.counts.fills);
    expect(told.fills).toBeGreaterThan(0);
  });
});

interface Books {
  readonly deskState: string;
  /** By client id: status, venue's id, price, size, filled. */
  readonly orders: Readonly<Record<string, unknown>>;
  /** By account and asset: balance and baseline. */
  readonly balances: Readonly<Record<string, unknown>>;
  /** By instrument: time with both sides out, up to the last change. */
  readonly twoSidedUs: Readonly<Record<string, number>>;
}

function booksOf({ state }: Engine): Books {
  return {
    deskState: state.trading.desk,
    orders: Object.fromEntries(
      [...state.orders.values()].map((order) => {
        const inst = state.instruments[order.instrument];
        const price = (inst?.tickQuote ?? 0) * order.priceTicks;
        const sizes = [order.sizeLots, order.filledLots].map((lots) => round(lots * (inst?.lotBase ?? 0)));
        return [order.clientId, [order.status, order.venueOrderId, round(price), ...sizes]];
      }),
    ),
    balances: Object.fromEntries(
      state.accounts.flatMap(({ account, holdings }) =>
        [...holdings.values()]
          .filter(({ balanceAtoms }) => balanceAtoms !== undefined)
          .map(({ asset, balanceAtoms, baselineAtoms }) => [
            `${account} ${asset}`,
            [balanceAtoms, baselineAtoms],
          ]),
      ),
    ),
    twoSidedUs: Object.fromEntries(
      state.instruments.map(({ definition, uptime }) => [
        `${definition.account} ${definition.symbol}`,
        uptime.twoSidedUs,
      ]),
    ),
  };
}

function round(figure: number): number {
  return Number(figure.toFixed(9));
}

/** The books as somebody knows them who has only read lines. */
class Told {
  fills = 0;
  readonly #cursors = new Set<string>();
  readonly #orders = new Map<string, unknown>();
  readonly #balances: Record<string, unknown> = {};
  readonly #twoSidedUs = new Map<string, number>();
  #deskState: string | undefined;

  take(line: Line): void {
    const cursor = formatCursor(line.cursor);
    if (this.#cursors.has(cursor)) throw new Error(`two lines stand at ${cursor}`);
    this.#cursors.add(cursor);
    if (line.type === "fill") this.fills += 1;
    if (line.type === "order") {
      const figures = [line.price, line.sizeBase, line.filledBase].map(round);
      this.#orders.set(line.clientId, [line.status, line.venueOrderId, ...figures]);
    }
    if (line.type === "balance")
      this.#balances[`${line.account} ${line.asset}`] = [line.balanceAtoms, line.baselineAtoms];
    if (line.type === "tradingState" && line.scope === "desk") this.#deskState = line.after;
    if (line.type === "uptime" && line.twoSided) {
      const key = `${line.account} ${line.symbol}`;
      this.#twoSidedUs.set(key, (this.#twoSidedUs.get(key) ?? 0) + line.toUs - line.fromUs);
    }
  }

  /** Orders that the engine has forgotten by now are left out. */
  books({ state, config }: Engine): Books {
    return {
      deskState: this.#deskState ?? config.initialState,
      orders: Object.fromEntries([...state.orders.keys()].map((id) => [id, this.#orders.get(id)])),
      balances: this.#balances,
      twoSidedUs: Object.fromEntries(
        state.instruments.map(({ definition: { account, symbol } }) => {
          const key = `${account} ${symbol}`;
          return [key, this.#twoSidedUs.get(key) ?? 0];
        }),
      ),
    };
  }
}
