import { openSync, readFileSync, closeSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { segmentPath } from "../../../../server/engine/journal/segment.ts";
import { verifyJournal } from "../../../../server/engine/journal/verify.ts";
import { verifyApart } from "../../../../server/engine/journal/verifyApart.ts";
import { writeJournal } from "./fixture.ts";

const PAGE_BYTES = 4_096;
const PAGE_FLAGS_AT = 18;
const LEAF_PAGE = 2;
const PAGE_NODES_AT = 24;

/** Points every node of every leaf page far outside of the file's mapping. */
function breakLeaves(file: string): void {
  const bytes = readFileSync(file);
  const handle = openSync(file, "r+");
  for (let page = 2 * PAGE_BYTES; page < bytes.length; page += PAGE_BYTES)
    if (bytes.readUInt16LE(page + PAGE_FLAGS_AT) === LEAF_PAGE)
      writeSync(handle, Buffer.alloc(PAGE_BYTES - PAGE_NODES_AT, 0xff), 0, undefined, page + PAGE_NODES_AT);
  closeSync(handle);
}

describe("verifying in another process", () => {
  it("gives the verdict that verifying here gives, and counts on the way", async () => {
    const directory = await writeJournal({ events: 60 });
    const counts: number[] = [];
    expect(await verifyApart(directory, (events) => counts.push(events))).toEqual(
      await verifyJournal(directory),
    );
    expect(counts).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it("survives pages that end the process which reads them", async () => {
    const directory = await writeJournal({ events: 60 });
    breakLeaves(join(segmentPath(directory, 1), "data.mdb"));
    const verdict = await verifyApart(directory, () => undefined);
    expect(verdict).toMatchObject({
      ok: false,
      code: "UNREADABLE",
      text: expect.stringContaining("ended with SIG"),
    });
  });
});
