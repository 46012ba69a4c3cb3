import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openJournal } from "../../../server/engine/journal/reader.ts";
import { verifyJournal } from "../../../server/engine/journal/verify.ts";
import { createJournal } from "../../../server/engine/journal/writer.ts";
import { START, STATE_HASH } from "../../unit/engine/journal/fixture.ts";
import { anyEffect, anyEvent } from "./arbitraries.ts";

const step = fc.record({
  event: anyEvent,
  effects: fc.array(anyEffect, { maxLength: 4 }),
  flushesAfter: fc.nat({ max: 4 }).map((chance) => chance === 0),
});

describe("a journal of any run", () => {
  it("gives back exactly what was appended, wherever it was flushed, and from any number on", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.nat(), async (steps, anyNumber) => {
        const directory = mkdtempSync(join(tmpdir(), "crossdesk-journal-"));
        try {
          const writer = createJournal(directory, START);
          for (const { event, effects, flushesAfter } of steps) {
            writer.append(event, effects);
            if (flushesAfter) await writer.flush();
          }
          await writer.close({ stateHash: STATE_HASH });

          const fromSeq = 1 + (anyNumber % (steps.length + 1));
          const written = steps.map(({ event, effects }, at) => ({ seq: at + 1, event, effects }));
          const reader = openJournal(directory);
          expect([...reader.entries(fromSeq)]).toStrictEqual(written.slice(fromSeq - 1));
          reader.close();
          expect(await verifyJournal(directory)).toMatchObject({
            ok: true,
            ended: true,
            events: steps.length,
          });
        } finally {
          rmSync(directory, { recursive: true, force: true });
        }
      }),
      { numRuns: 25 },
    );
  });
});
