import { createServer, connect, type AddressInfo, type Server, type Socket } from "node:net";
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { runDirectory } from "../../../server/engine/service/runs.ts";
import { startRecorder, type Recorder } from "../../../server/recorder/recorder.ts";
import { readRecorderStatus } from "../../../server/recorder/statusFile.ts";
import { withConnection } from "../../../server/store/database.ts";
import { emptyDatabase, freshDatabase, ownServer } from "../../support/postgres.ts";
import { migrate } from "../../../server/store/migrate.ts";
import { KEYS, SILENT, storedPlaces, storyOf, Teller, toldPlaces, type Story } from "./fixture.ts";

const TICKS = 3_000;

/** A seed with fills, commands, a transfer and lost connections. */
const SEED = 6;

let story: Story;
let url: string;
let teller: Teller;

beforeAll(async () => {
  story = await storyOf(SEED, TICKS);
}, 60_000);
beforeEach(async () => {
  url = await freshDatabase();
  teller = new Teller(story);
}, 60_000);
afterEach(async () => {
  await teller.end();
  teller.remove();
});

function record(to = url): Recorder {
  const recorder = startRecorder({
    home: teller.home,
    url: to,
    log: SILENT,
    wallMs: () => performance.now(),
  });
  onTestFinished(() => recorder.stop().catch(() => undefined));
  return recorder;
}

async function tellAll(): Promise<void> {
  await teller.begin();
  await teller.tell(Infinity);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(10);
}

async function expectAllStored(from = url): Promise<void> {
  const told = toldPlaces(teller.lines);
  expect(told["fill"]?.length).toBeGreaterThan(20);
  expect(await storedPlaces(from)).toEqual(told);
}

describe("a recorder", { timeout: 60_000 }, () => {
  it("writes every line of a run once, and says how far it is", async () => {
    await tellAll();
    const recorder = record();
    await recorder.stop();
    await expectAllStored();
    const status = readRecorderStatus(teller.home);
    expect(status).toEqual(recorder.status());
    expect(status).toMatchObject({ epoch: 1, seq: story.events.length, lagEvents: 0, database: "up" });
  });

  it("follows a run as it grows, and goes on with the next", async () => {
    const recorder = record();
    for (let run = 0; run < 3; run += 1) {
      await teller.begin();
      for (let part = 0; part < 4; part += 1) {
        await teller.tell(Math.ceil(story.events.length / 12));
        if (part === 2) teller.snapshot();
        await delay(20);
      }
    }
    await recorder.stop();
    await expectAllStored();
    expect(recorder.status()).toMatchObject({ epoch: 3, lagEvents: 0 });
  });

  it("goes on from its position after a restart, whatever snapshot is there", async () => {
    await teller.begin();
    while (!teller.isOver) {
      await teller.tell(Math.ceil(story.events.length / 5));
      await record().stop();
      teller.snapshot();
    }
    await record().stop();
    await expectAllStored();
  });

  it("stores what a line says to the last digit", async () => {
    await tellAll();
    await record().stop();
    const fill = teller.lines.find((line) => line.type === "fill");
    const balance = teller.lines.findLast((line) => line.type === "balance");
    const command = teller.lines.find((line) => line.type === "command");
    if (fill === undefined || balance === undefined || command === undefined) throw new Error("a poor story");
    await withConnection(url, async (client) => {
      const at = ({ cursor }: typeof fill | typeof balance | typeof command) => [
        cursor.epoch,
        cursor.seq,
        cursor.at,
      ];
      const where = "where epoch = $1 and seq = $2 and at = $3";
      const fills = await client.query(`select * from fill ${where}`, at(fill));
      expect(fills.rows).toEqual([
        {
          epoch: 1,
          seq: String(fill.cursor.seq),
          at: fill.cursor.at,
          at_us: String(fill.atUs),
          account: fill.account,
          symbol: fill.symbol,
          trade_id: fill.tradeId,
          venue_order_id: fill.venueOrderId,
          base: fill.base,
          quote: fill.quote,
          client_id: fill.clientId,
          side: fill.side,
          liquidity: fill.liquidity,
          price_ticks: String(fill.priceTicks),
          size_lots: String(fill.sizeLots),
          price: toScale18(fill.price),
          size_base: toScale18(fill.sizeBase),
          notional_atoms: String(fill.notionalAtoms),
          notional_quote: toScale18(fill.notionalQuote),
          fee_asset: fill.feeAsset,
          fee_atoms: String(fill.feeAtoms),
          fee: toScale18(fill.fee),
          venue_at_us: String(fill.venueAtUs),
          edge_bps: fill.edgeBps,
        },
      ]);
      const balances = await client.query(
        `select balance_atoms, baseline_atoms from balance_sample ${where}`,
        at(balance),
      );
      expect(balances.rows).toEqual([
        { balance_atoms: String(balance.balanceAtoms), baseline_atoms: String(balance.baselineAtoms) },
      ]);
      const commands = await client.query(
        `select type, command, accepted from command_record ${where}`,
        at(command),
      );
      expect(commands.rows).toEqual([
        {
          type: command.command.type,
          command: JSON.parse(JSON.stringify(command.command, bigintAsText)),
          accepted: command.accepted,
        },
      ]);
    });
  });

  it("refuses a database that holds another desk's records", async () => {
    await tellAll();
    await record().stop();
    const first = teller;
    teller = new Teller(story);
    await tellAll();
    const recorder = record();
    await expect(recorder.done).rejects.toThrow(/give this desk a database of its own/);
    expect(readRecorderStatus(teller.home)?.failure).toMatch(/another run 1/);
    await first.end();
    first.remove();
  });

  it("waits for a recorder that holds the database, and takes over from it", async () => {
    await tellAll();
    const first = record();
    await until(() => first.status().database === "up");
    const second = record();
    await until(() => second.status().failure !== undefined);
    expect(second.status().failure).toMatch(/another recorder/);
    await first.stop();
    await until(() => second.status().database === "up");
    await second.stop();
    await expectAllStored();
  });

  it("passes over a run that was lost and records the next", async () => {
    await teller.begin();
    await teller.tell(Math.ceil(story.events.length / 2));
    const lost = teller.lines.splice(0);
    await teller.begin();
    await teller.tell(Infinity);
    rmSync(runDirectory(teller.home, 1), { recursive: true });
    await record().stop();
    expect(lost.length).toBeGreaterThan(0);
    expect(await storedPlaces(url)).toEqual(toldPlaces(teller.lines));
  });
});

describe("a database without tables", { timeout: 60_000 }, () => {
  it("is waited for until they are there", async () => {
    url = await emptyDatabase();
    await tellAll();
    const recorder = record();
    await until(() => recorder.status().failure !== undefined);
    expect(recorder.status().failure).toMatch(/tables are not those/);
    await migrate(url);
    await until(() => recorder.status().database === "up");
    await recorder.stop();
    await expectAllStored();
  });
});

describe("a database that goes away", { timeout: 90_000 }, () => {
  it("stops nothing: the recorder waits, says so, and catches up", async () => {
    const server = await ownServer();
    onTestFinished(() => server.remove());
    let running = await server.start();
    const own = running.url("postgres");
    await migrate(own);
    await teller.begin();
    await teller.tell(Math.ceil(story.events.length / 2));
    const recorder = record(own);
    await until(() => recorder.status().seq > 0);
    await running.stop();
    await teller.tell(Infinity);
    await until(() => recorder.status().database === "down" && recorder.status().lagEvents > 0);
    expect(recorder.status().failure).toBeDefined();
    running = await server.start();
    await until(() => recorder.status().database === "up");
    const back = running.url("postgres");
    await recorder.stop();
    await expectAllStored(back);
  });

  it("at any byte of the conversation leaves no row twice and none out", async () => {
    await tellAll();
    const proxy = await cuttingProxy(url);
    onTestFinished(() => proxy.close());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ toServer: fc.nat(60_000), toClient: fc.nat(2_000) }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (cuts) => {
          await emptyTables(url);
          proxy.cutNext(cuts);
          const recorder = record(proxy.url);
          await until(() => recorder.status().seq === story.events.length);
          await recorder.stop();
          await expectAllStored();
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  });
});

/** As PostgreSQL prints a decimal(38, 18): the figure's own digits and zeros. */
function toScale18(figure: number): string {
  const [whole = "", fraction = ""] = String(figure).split(".");
  return `${whole}.${fraction.padEnd(18, "0")}`;
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

async function emptyTables(of: string): Promise<void> {
  await withConnection(of, (client) =>
    client.query(`truncate ${[...Object.keys(KEYS), "recorder_position"].join(", ")} cascade`),
  );
}

interface Cut {
  readonly toServer: number;
  readonly toClient: number;
}

/** Passes a number of bytes each way, then cuts; connections beyond the list pass whole. */
async function cuttingProxy(url: string) {
  const through = new URL(url);
  const { port, hostname } = new URL(url);
  let cuts: Cut[] = [];
  const open = new Set<Socket>();
  const server: Server = createServer((client) => {
    const cut = cuts.shift() ?? { toServer: Infinity, toClient: Infinity };
    const upstream = connect(Number(port), hostname);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    pass(client, upstream, cut.toServer, end);
    pass(upstream, client, cut.toClient, end);
    open.add(client).add(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.toString(),
    cutNext(list: readonly Cut[]): void {
      cuts = [...list];
    },
    close(): void {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

function pass(from: Socket, to: Socket, bytes: number, end: () => void): void {
  let left = bytes;
  from.on("data", (chunk: Buffer) => {
    if (chunk.length < left) {
      left -= chunk.length;
      to.write(chunk);
      return;
    }
    to.write(chunk.subarray(0, left), end);
    left = 0;
  });
  from.on("close", end);
  from.on("error", end);
}
