/** The ccxt that this clone runs: what was found true of a venue was found with one version of it. */
import { readFileSync } from "node:fs";
import { z } from "zod";

export function ccxtVersion(): string {
  const url = new URL("../package.json", import.meta.resolve("ccxt"));
  const manifest: unknown = JSON.parse(readFileSync(url, "utf8"));
  return z.object({ name: z.literal("ccxt"), version: z.string() }).parse(manifest).version;
}
