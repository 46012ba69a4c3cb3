/** The lab as a process, killed like the recovery soak kills it. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { PlaceEffect } from "../../../../server/contract/effects.ts";
import { readAddress } from "../../../../server/host/addressFile.ts";
import { createClock } from "../../../../server/host/clock.ts";
import { readLabTruth } from "../../../../server/lab/service/truth.ts";
import { isType, openDesk } from "../../venues/lab/labDesk.ts";
import type { LabDesk } from "../../venues/lab/labDesk.ts";
import { demoDesk, makeHome, SILENT } from "./desk.ts";

const desk = demoDesk();
const clock = createClock();
let place: { home: string; remove(): void };
let children: ChildProcess[];
let opened: LabDesk | undefined;

beforeEach(() => {
  place = makeHome(desk);
  children = [];
});

afterEach(async () => {
  await opened?.venue.close();
  opened = undefined;
  for (const child of children) child.kill("SIGKILL");
  place.remove();
});

function spawnLab(): ChildProcess {
  const entry = "server/lab/service/main.ts";
  const child = spawn(process.execPath, ["--import", "tsx", entry, "--home", place.home], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  children.push(child);
  return child;
}

function order(clientId: string, more: Partial<PlaceEffect>): PlaceEffect {
  return {
    type: "place",
    account: 0,
    instrument: 0,
    clientId,
    side: "buy",
    priceTicks: 7_000_000,
    sizeLots: 100,
    timeInForce: "IOC",
    selfTrade: "EXPIRE_TAKER",
    requestExpiresAtUs: clock.nowUs() + 30_000_000,
    ...more,
  };
}

it("has every fill that it told and the balances to it after kill -9, and its open orders are canceled", async () => {
  const first = spawnLab();
  opened = openDesk({ home: place.home, config: desk.config, clock, log: SILENT });
  const { venue, events, connections, next, until } = opened;
  await next(isType("account"));
  venue.send(order("rests", { priceTicks: 5_000_000, timeInForce: "POST_ONLY" }));
  await next(isType("orderAccepted", "rests"));
  // Killed in the middle of its work: what it has told by then is what counts.
  for (let n = 0; n < 40; n += 1) venue.send(order(`takes-${n}`, {}));
  await next(isType("fill"));
  first.kill("SIGKILL");
  await until(() => connections.at(-1) === false);
  const told = events.filter(isType("fill"));

  spawnLab();
  await until(() => connections.at(-1) === true);
  const truth = (await readLabTruth(place.home)).get("binance");
  const fills = truth?.fills ?? [];
  expect(new Set(fills.map((fill) => fill.tradeId)).size).toBe(fills.length);
  expect(fills.map((fill) => fill.tradeId)).toEqual(expect.arrayContaining(told.map((fill) => fill.tradeId)));
  const boughtAtoms = fills.reduce((sum, fill) => sum + BigInt(fill.sizeLots) * 1_000n, 0n);
  expect(truth?.balances.find(({ asset }) => asset === "BTC")?.totalAtoms).toBe(1_000_000_000n + boughtAtoms);
  expect(truth?.openOrders).toEqual([]);
  venue.send({ type: "query", what: "order", account: 0, clientId: "rests", placedAtUs: 0 });
  expect(await next(isType("orderStatus", "rests"))).toMatchObject({
    answer: { found: true, status: "CANCELED", filledLots: 0 },
  });
});

it("stops on SIGTERM, whoever trades, and takes its address away", async () => {
  const lab = spawnLab();
  opened = openDesk({ home: place.home, config: desk.config, clock, log: SILENT });
  await opened.next(isType("account"));
  lab.kill("SIGTERM");
  const [code] = await once(lab, "exit");
  expect(code).toBe(0);
  expect(readAddress(place.home, "lab")).toBeUndefined();
});

it("cancels for the desk that trades when its parent is gone, and stops when the desk has left", async () => {
  const lab = spawnLab();
  opened = openDesk({ home: place.home, config: desk.config, clock, log: SILENT });
  const { venue, next } = opened;
  await next(isType("account"));
  venue.send(order("rests", { priceTicks: 5_000_000, timeInForce: "POST_ONLY" }));
  await next(isType("orderAccepted", "rests"));
  lab.disconnect();
  // Far longer than the message takes.
  await new Promise((resolve) => setTimeout(resolve, 300));
  venue.send({ type: "cancelAll", account: 0 });
  await next(isType("orderCanceled", "rests"));
  const ended = once(lab, "exit");
  await venue.close();
  expect((await ended)[0]).toBe(0);
  expect(readAddress(place.home, "lab")).toBeUndefined();
});

it("stops when its parent was gone before it was open", async () => {
  const lab = spawnLab();
  lab.disconnect();
  expect((await once(lab, "exit"))[0]).toBe(0);
  expect(readAddress(place.home, "lab")).toBeUndefined();
});

it("says in one line what is missing", async () => {
  place.remove();
  const lab = spawnLab();
  let said = "";
  lab.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = await once(lab, "close");
  expect(code).toBe(1);
  expect(said.trim().split("\n")).toHaveLength(1);
  expect(said).toContain("desk.json cannot be read");
});
