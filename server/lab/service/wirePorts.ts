/** On which ports the venues of a home listen: `run/wire.json`. They are the same again where they are free. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../contract/errors.ts";
import { writeDurably } from "../../host/durableFile.ts";

const WirePorts = z.strictObject({
  /** By name of the venue. */
  ports: z.record(z.string(), z.int().min(1).max(65_535)),
});

/** Empty when none was ever written. */
export function readWirePorts(home: string): Readonly<Record<string, number>> {
  try {
    return WirePorts.parse(JSON.parse(readFileSync(pathOf(home), "utf8"))).ports;
  } catch {
    // A file that no lab wrote leads nowhere, like none.
    return {};
  }
}

export function writeWirePorts(home: string, ports: Readonly<Record<string, number>>): void {
  mkdirSync(join(home, "run"), { recursive: true, mode: 0o700 });
  writeDurably(pathOf(home), `${JSON.stringify({ ports })}\n`, 0o600);
}

/** Where it listened before, else anywhere. */
export async function listenAgain(
  listen: (port: number) => Promise<number>,
  before: number | undefined,
): Promise<number> {
  if (before === undefined) return listen(0);
  try {
    return await listen(before);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return listen(0);
  }
}

function pathOf(home: string): string {
  return join(home, "run", "wire.json");
}
