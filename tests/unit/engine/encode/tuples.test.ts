import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../server/contract/effects.ts";
import { MsgpackWriter } from "../../../../server/engine/encode/msgpackWriter.ts";
import { readSteps, writeEffect, writeEvent } from "../../../../server/engine/encode/tuples.ts";

const CANCEL: Effect = { type: "cancel", account: 0, instrument: 1, clientId: "qabc" };

function effectBytes(effect: Effect): Buffer {
  const writer = new MsgpackWriter();
  writeEffect(writer, effect);
  return Buffer.from(writer.written());
}

describe("steps as bytes", () => {
  it("give each effect to the event before it", () => {
    const writer = new MsgpackWriter();
    writeEvent(writer, { type: "timer", atUs: 1 });
    writeEffect(writer, CANCEL);
    writeEffect(writer, { type: "cancelAll", account: 0 });
    writeEvent(writer, { type: "timer", atUs: 2 });
    expect(readSteps(writer.written())).toEqual([
      { event: { type: "timer", atUs: 1 }, effects: [CANCEL, { type: "cancelAll", account: 0 }] },
      { event: { type: "timer", atUs: 2 }, effects: [] },
    ]);
  });

  it("are the same whatever the order of an object's keys", () => {
    expect(effectBytes({ clientId: "qabc", instrument: 1, account: 0, type: "cancel" })).toEqual(
      effectBytes(CANCEL),
    );
  });

  it("bring a missing field back missing", () => {
    const writer = new MsgpackWriter();
    writeEvent(writer, { type: "trade", atUs: 1, instrument: 0, priceTicks: 5, sizeLots: undefined });
    expect(readSteps(writer.written())[0]?.event).toStrictEqual({
      type: "trade",
      atUs: 1,
      instrument: 0,
      priceTicks: 5,
    });
  });

  const unreadable = [
    { name: "an effect before the first event", bytes: effectBytes(CANCEL), says: "before the first event" },
    { name: "an unknown code", bytes: Buffer.from([0x91, 63]), says: "unknown code 63" },
    { name: "too few fields", bytes: Buffer.from([0x91, 0]), says: "a book has 0 fields" },
    { name: "no tuple", bytes: Buffer.from([0xa1, 0x61]), says: "no tuple" },
  ];
  for (const { name, bytes, says } of unreadable)
    it(`are refused with ${name}`, () => {
      expect(() => readSteps(bytes)).toThrow(says);
    });
});
