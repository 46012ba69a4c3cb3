/**
 * Where a server of this desk listens and what lets a client in: `run/<name>.json`, readable by its owner
 * alone, written by the server once it listens and removed when it stops.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "./durableFile.ts";
import { isProcessAlive } from "./isProcessAlive.ts";

export type ServerName = "engine" | "lab" | "web" | "supervisor";

const Address = z.object({
  pid: z.int().min(1),
  port: z.int().min(1).max(65_535),
  token: z.string().min(1),
  startedAtMs: z.number(),
});
export type Address = z.infer<typeof Address>;

/** 256 random bits, as text. */
export function createToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Returns the address as it was written. */
export function writeAddress(
  home: string,
  name: ServerName,
  { port, token }: { readonly port: number; readonly token: string },
): Address {
  mkdirSync(join(home, "run"), { recursive: true, mode: 0o700 });
  const address: Address = { pid: process.pid, port, token, startedAtMs: Date.now() };
  writeDurably(pathOf(home, name), `${JSON.stringify(address)}\n`, 0o600);
  return address;
}

/** Undefined when there is none, or only that of a process that has died: its port may be someone else's by now. */
export function readAddress(home: string, name: ServerName): Address | undefined {
  const address = parse(pathOf(home, name));
  return address !== undefined && isProcessAlive(address.pid) ? address : undefined;
}

/** Only the address with this token: a server that came after has written its own. */
export function removeAddress(home: string, name: ServerName, token: string): void {
  const path = pathOf(home, name);
  if (parse(path)?.token === token) rmSync(path, { force: true });
}

function pathOf(home: string, name: ServerName): string {
  return join(home, "run", `${name}.json`);
}

/** A file that no server wrote leads nowhere, like none. */
function parse(path: string): Address | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
  try {
    return Address.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
