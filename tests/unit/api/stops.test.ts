import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Stops } from "../../../server/api/stops.ts";
import type { EngineLink } from "../../../server/contract/link.ts";
import { readLatch } from "../../../server/link/latch.ts";
import { LinkError } from "../../../server/link/linkError.ts";

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "crossdesk-stops-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** An engine that says no to every command, at once. */
function refusing(): { link: EngineLink; commands: string[] } {
  const commands: string[] = [];
  const link = {
    connected: true,
    command: ({ commandId }: { commandId: string }) => {
      commands.push(commandId);
      return Promise.reject(new LinkError("REFUSED", "not today"));
    },
    onConnection: (listener: (connected: boolean) => void) => {
      listener(true);
      return () => undefined;
    },
  } as unknown as EngineLink;
  return { link, commands };
}

const DESK = { level: "desk" } as const;

describe("a stop through the web", () => {
  it("is latched and tried again when it is pressed again after it has failed", async () => {
    const { link, commands } = refusing();
    const stops = new Stops({ home, link, nowMs: () => 0, log: SILENT });
    const receiptId = randomUUID();
    const press = { receiptId, scope: DESK, state: "KILLED", actor: "ann", reason: "why" } as const;
    const first = await stops.press(press);
    expect(first.failure).toContain("not today");
    expect(readLatch(home).entries).toHaveLength(1);
    await stops.press(press);
    expect(commands).toEqual([receiptId, receiptId]);
    expect(stops.find(receiptId)).toMatchObject({ receiptId, scope: "desk" });
  });

  it("keeps the receipts of the last hundred", async () => {
    const { link } = refusing();
    const stops = new Stops({ home, link, nowMs: () => 0, log: SILENT });
    const ids = Array.from({ length: 101 }, () => randomUUID());
    for (const receiptId of ids)
      await stops.press({ receiptId, scope: DESK, state: "KILLED", actor: "ann", reason: "why" });
    expect(stops.find(ids[0] ?? "")).toBeUndefined();
    expect(stops.find(ids[1] ?? "")).toBeDefined();
    expect(stops.find(ids[100] ?? "")).toBeDefined();
  });
});
