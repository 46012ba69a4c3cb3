import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stateHash } from "../../../../server/engine/hash/canonical.ts";
import {
  MANIFEST_FILE,
  deriveRunId,
  genesisHash,
  readManifest,
  startManifest,
  writeManifest,
} from "../../../../server/engine/journal/manifest.ts";
import type { RunStart } from "../../../../server/engine/journal/manifest.ts";
import { CONFIG, START, temporaryDirectory } from "./fixture.ts";

describe("a manifest", () => {
  it("comes back as it was written, its configuration with the same hash", () => {
    const directory = temporaryDirectory();
    const manifest = startManifest({ ...START, parentRun: "run-0" });
    writeManifest(directory, manifest);
    const read = readManifest(directory);
    expect(read).toEqual(manifest);
    expect(stateHash(read.config)).toBe(stateHash(CONFIG));
  });

  const unusable = [
    { name: "cut short", edit: (text: string) => text.slice(0, 100), says: "is no JSON" },
    {
      name: "of a later format",
      edit: (text: string) => text.replace('"format": 1', '"format": 2'),
      says: '"format"',
    },
    {
      name: "written with other record tables",
      edit: (text: string) => text.replace(/"layout": "\w+"/, '"layout": "0123456789ab"'),
      says: "is of record layout 0123456789ab",
    },
    {
      name: "without a field",
      edit: (text: string) => text.replace(/ {2}"codeVersion".*\n/, ""),
      says: '"codeVersion"',
    },
  ];
  for (const { name, edit, says } of unusable)
    it(`that is ${name} is refused with the reason`, () => {
      const directory = temporaryDirectory();
      writeManifest(directory, startManifest(START));
      const path = join(directory, MANIFEST_FILE);
      writeFileSync(path, edit(readFileSync(path, "utf8")));
      expect(() => readManifest(directory)).toThrow(
        expect.objectContaining({ code: "BAD_MANIFEST", message: expect.stringContaining(says) }),
      );
    });

  const changes: { readonly name: string; readonly change: Partial<RunStart> }[] = [
    { name: "run", change: { runId: "run-2" } },
    { name: "parent run", change: { parentRun: "run-0" } },
    { name: "kind", change: { what: "live" } },
    { name: "code version", change: { codeVersion: "other" } },
    { name: "configuration", change: { config: { ...CONFIG, epoch: 2 } } },
    { name: "seed", change: { seed: 8 } },
    { name: "start", change: { startedAtUs: 1 } },
  ];
  for (const { name, change } of changes)
    it(`anchors another chain for another ${name}`, () => {
      const changed = genesisHash(startManifest({ ...START, ...change }));
      expect(changed.equals(genesisHash(startManifest(START)))).toBe(false);
    });
});

describe("a derived run id", () => {
  it("is the same for the same configuration, seed and source, and another for any other", () => {
    const ids = [
      deriveRunId(CONFIG, 1, "recording"),
      deriveRunId(CONFIG, 2, "recording"),
      deriveRunId(CONFIG, 1, "other"),
      deriveRunId(CONFIG, undefined, "recording"),
      deriveRunId({ ...CONFIG, epoch: 2 }, 1, "recording"),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(deriveRunId(structuredClone(CONFIG), 1, "recording")).toBe(ids[0]);
  });
});
