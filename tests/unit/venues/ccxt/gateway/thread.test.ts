import { mkdtemp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ToGateway } from "../../../../../server/venues/ccxt/ports.ts";
import { createCcxtVenue, spawnGateway } from "../../../../../server/venues/ccxt/venue.ts";
import type { GatewayThread } from "../../../../../server/venues/ccxt/venue.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { brief, cancel, configOf, KEY, nowUs, place, POLL, serve } from "./served.ts";
import type { Served } from "./served.ts";

const root = fileURLToPath(new URL("../../../../../", import.meta.url));
let folder: string;
let file: string;
let venue: Served;

/** The gateway's own entry, and beside it code that drops promises, as ccxt does: for each of these messages one. */
const ENTRY = `
import { parentPort } from "node:worker_threads";
import "./server/venues/ccxt/gateway/main.ts";
parentPort.on("message", ({ type }) => {
  if (type === "drop") void Promise.reject(new Error("of a dropped promise"));
});
`;

// Below the packages that it leaves outside of its bundle.
beforeAll(async () => {
  folder = await mkdtemp(`${root}node_modules/.gateway-`);
  file = `${folder}/gateway.mjs`;
  await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile: file,
    logLevel: "silent",
  });
  venue = await serve("okx", "entry");
});

afterAll(async () => {
  await venue.close();
  await rm(folder, { recursive: true, force: true });
});

/** A desk that trades through a thread of its own, and all that it hears. */
function trade(origin: string) {
  const events: VenueEvent[] = [];
  const connections: boolean[] = [];
  const logged: string[] = [];
  const threads: GatewayThread[] = [];
  const note = (text: string, fields?: Readonly<Record<string, unknown>>): void =>
    void logged.push(`${text} ${JSON.stringify(fields ?? {})}`);
  const venues = createCcxtVenue({
    config: configOf("okx"),
    access: () => ({ exchange: "okx", origin, credentials: KEY }),
    clock: { nowUs },
    log: { info: note, warn: note, error: note },
    spawn(options) {
      const thread = spawnGateway(file)(options);
      threads.push(thread);
      return thread;
    },
  });
  venues.open({
    event(event) {
      events.push(event);
      if (event.type === "book") venues.consumed(event.instrument);
    },
    connection: (_, connected) => void connections.push(connected),
    marketEnded: () => undefined,
  });
  /** An order's whole life. */
  async function order(): Promise<void> {
    const effect = place();
    const told = () =>
      events.flatMap((event) =>
        "clientId" in event && event.clientId === effect.clientId ? [brief(event)] : [],
      );
    venues.send(effect);
    await expect.poll(told, POLL).toEqual(["orderAccepted"]);
    venues.send(cancel(effect.clientId));
    await expect.poll(told, POLL).toEqual(["orderAccepted", "orderCanceled 0"]);
  }
  return { venues, events, connections, logged, threads, order };
}

it("a gateway thread trades an account from its first book to its last cancel", async () => {
  const { venues, events, connections, logged, order } = trade(`http://127.0.0.1:${venue.port}`);
  try {
    await expect.poll(() => connections.at(-1), POLL).toBe(true);
    await expect.poll(() => events.some(({ type }) => type === "book"), POLL).toBe(true);
    await order();
    venues.send({ type: "query", what: "balances", account: 0 });
    await expect.poll(() => events.some(({ type }) => type === "balances"), POLL).toBe(true);
    expect(logged.join()).not.toContain(KEY.secret);
  } finally {
    await venues.close();
  }
});

it("a promise that is rejected and that nobody waits for ends no gateway: all its connections are built anew", async () => {
  const { venues, events, logged, threads, order } = trade(`http://127.0.0.1:${venue.port}`);
  const standing = () => events.flatMap((event) => (event.type === "account" ? [event.status] : []));
  const books = (instrument: number) =>
    events.flatMap((event) => {
      if (!("instrument" in event) || event.instrument !== instrument) return [];
      if (event.type === "feed") return event.status === "alive" ? [] : [event.status];
      return event.type === "book" && event.kind === "snapshot" ? ["snapshot"] : [];
    });
  try {
    await expect.poll(standing, POLL).toEqual(["up"]);
    await expect.poll(() => books(0).concat(books(1)), POLL).toEqual(["snapshot", "snapshot"]);
    threads[0]?.post({ type: "drop" } as unknown as ToGateway);
    await expect.poll(standing, POLL).toEqual(["up", "down", "up"]);
    for (const instrument of [0, 1])
      await expect.poll(() => books(instrument), POLL).toEqual(["snapshot", "down", "snapshot"]);
    await order();
    // By the same thread: one that ended would have been started again, and served as well.
    expect(threads).toHaveLength(1);
    expect(logged.join()).toContain("nobody waited for");
  } finally {
    await venues.close();
  }
});

it("a gateway that cannot begin ends, and is started again", async () => {
  const { venues, logged } = trade("no origin/at all");
  try {
    const ends = () => logged.filter((line) => line.includes("it is started again")).length;
    await expect.poll(ends, POLL).toBeGreaterThan(1);
    expect(logged.join()).toContain("is not an origin");
  } finally {
    await venues.close();
  }
});
