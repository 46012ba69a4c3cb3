/** What a desk needs beside the machine and its database: ports of its own, and a home that is closed to others. */
import { existsSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { PROFILES, type Profile } from "../contract/deskFile.ts";
import { readAddress } from "../host/addressFile.ts";
import { LOOPBACK } from "../host/framedSocket.ts";
import { readWirePorts } from "../lab/service/wirePorts.ts";
import { DEFAULT_PORT } from "./deskTarget.ts";
import type { Check } from "./machine.ts";

/** `home` is what holds the homes of all profiles, here and below. */
export async function examinePagesPort(home: string): Promise<Check> {
  const name = `port ${DEFAULT_PORT}`;
  const ours = desksIn(home).find(({ path }) => readAddress(path, "web")?.port === DEFAULT_PORT);
  if (ours !== undefined) return { name, status: "ok", found: `the desk ${ours.profile} is running there` };
  if (await isFree(DEFAULT_PORT)) return { name, status: "ok", found: "free" };
  const mend = `end what listens there, or choose another: npm start -- --port ${DEFAULT_PORT + 1}`;
  return { name, status: "attention", found: "taken by another program", mend };
}

/**
 * Of desks whose simulated venues have listened before. They listen there again so that whoever has their addresses
 * finds them; where a port is taken they choose another. All other ports of a desk are the system's choice.
 */
export async function examineVenuePorts(home: string): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { profile, path } of desksIn(home)) {
    const ports = Object.entries(readWirePorts(path));
    if (ports.length === 0) continue;
    const name = `venues of ${profile}`;
    const found = ports.map(([venue, port]) => `${venue} ${port}`).join(", ");
    if (readAddress(path, "lab") !== undefined)
      checks.push({ name, status: "ok", found: `running: ${found}` });
    else {
      const free = await Promise.all(ports.map(([, port]) => isFree(port)));
      const taken = ports.filter((_, at) => free[at] === false);
      if (taken.length === 0) checks.push({ name, status: "ok", found: `free: ${found}` });
      else
        checks.push({
          name,
          status: "attention",
          found: `taken by another program: ${taken.map(([venue, port]) => `${venue} ${port}`).join(", ")}`,
          mend: "end what listens there before the desk starts, or give its new addresses to whoever has the old ones",
        });
    }
  }
  return checks;
}

/** Tokens, the latch and the sessions lie there. */
export function examinePermissions(home: string): Check[] {
  return desksIn(home).map(({ path }) => {
    const mode = statSync(path).mode & 0o777;
    const name = "permissions";
    if ((mode & 0o077) === 0) return { name, status: "ok", found: `${path} is closed to others` };
    const found = `${path} is open to others (${mode.toString(8)})`;
    return { name, status: "attention", found, mend: `chmod 700 ${path}` };
  });
}

function desksIn(home: string): { readonly profile: Profile; readonly path: string }[] {
  return PROFILES.map((profile) => ({ profile, path: join(home, profile) })).filter(({ path }) =>
    existsSync(path),
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, LOOPBACK, () => probe.close(() => resolve(true)));
  });
}
