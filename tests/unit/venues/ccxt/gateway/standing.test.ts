import { beforeEach, expect, it } from "vitest";
import { Standing } from "../../../../../server/venues/ccxt/gateway/standing.ts";

const REFUSED = "the venue refuses this account: nothing is placed until the desk is started again";
const KEY_REFUSED = "the key of this account is not traded with: nothing is placed until that right is gone";

let told: string[];
let logged: string[];
let standing: Standing;

beforeEach(() => {
  [told, logged] = [[], []];
  standing = new Standing({
    account: 0,
    emit: (event) => void (event.type === "account" && told.push(event.halted ?? event.status)),
    connection: () => undefined,
    log: (level, text) => void logged.push(`${level} ${text}`),
  });
});

it("is up and down with the private stream", () => {
  standing.lost("not there yet");
  standing.subscribed();
  standing.lost("closed");
  standing.subscribed();
  expect(told).toEqual(["up", "down", "up"]);
  expect(standing.isHalted).toBe(false);
});

it("says once that the stream does not open, and again when it was there in between", () => {
  const missed = () => logged.filter((line) => line === "warn the private stream does not open").length;
  for (let n = 0; n < 10; n++) standing.lost("refused");
  expect(missed()).toBe(1);
  standing.subscribed();
  standing.lost("closed");
  for (let n = 0; n < 10; n++) standing.lost("refused");
  expect(missed()).toBe(2);
});

it("stays down after the venue has refused the account, whatever the stream does", () => {
  standing.subscribed();
  standing.refused("-2015");
  standing.refused("-2015");
  for (let minute = 0; minute < 5; minute++) {
    standing.lost("closed");
    standing.subscribed();
  }
  expect(told).toEqual(["up", REFUSED]);
  expect(standing.isHalted).toBe(true);
  expect(logged.filter((line) => line.startsWith("error"))).toEqual([`error ${REFUSED}`]);
});

it("comes up when the right to withdraw is gone, but not over a refusal", () => {
  standing.keyRefused("may withdraw");
  expect(standing.isHalted).toBe(true);
  standing.subscribed();
  expect(told).toEqual([KEY_REFUSED, "up"]);
  standing.refused("-2015");
  standing.keyRefused("may withdraw");
  standing.subscribed();
  expect(told).toEqual([KEY_REFUSED, "up", REFUSED]);
});
