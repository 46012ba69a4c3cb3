/** The reference numbers of tests/vectors/vectors.json, and how a file of checks maps them to our code. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const Vector = z.object({
  id: z.string(),
  desc: z.string(),
  inputs: z.record(z.string(), z.unknown()),
  outputs: z.record(z.string(), z.unknown()),
  tol_rel: z.number(),
});
export type Vector = z.infer<typeof Vector>;

/** From the inputs of a vector to an object of the same form as its outputs. */
export type VectorChecks = Readonly<Record<string, (inputs: never) => unknown>>;

export function readVectors(): Vector[] {
  const file = new URL("../vectors/vectors.json", import.meta.url);
  return z.object({ vectors: z.array(Vector) }).parse(JSON.parse(readFileSync(file, "utf8"))).vectors;
}
