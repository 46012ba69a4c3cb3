/** A desk's home, the directory of everything that it keeps: `.crossdesk/<profile>`, closed to others. */
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { DeskFile, type Profile } from "../contract/deskFile.ts";
import { UserError } from "../contract/errors.ts";
import { writeDurably } from "./durableFile.ts";

const OWNER_ONLY = 0o700;
const DESK_FILE = "desk.json";

/** `CROSSDESK_HOME` stands in for the repository's `.crossdesk`. */
export function deskHome(profile: Profile): string {
  return join(desksDirectory(), profile);
}

/** What holds the homes of all profiles. */
export function desksDirectory(): string {
  const chosen = process.env["CROSSDESK_HOME"];
  return chosen === undefined || chosen === "" ? join(repositoryRoot(), ".crossdesk") : resolve(chosen);
}

/** Of the clone that this code belongs to, be it source, a bundle in `dist/` or inside Next's. */
export function repositoryRoot(): string {
  const starts = [dirname(fileURLToPath(import.meta.url)), process.cwd()];
  for (const start of starts)
    for (let directory = start; ; directory = dirname(directory)) {
      if (isRoot(directory)) return directory;
      if (dirname(directory) === directory) break;
    }
  throw new UserError(`no package.json of crossdesk above ${starts.join(" or ")}: start it in its clone`);
}

/** Makes a home, or closes one that is there. */
export function ensureHome(path: string): void {
  mkdirSync(path, { recursive: true, mode: OWNER_ONLY });
  chmodSync(path, OWNER_ONLY);
}

/** Whether a desk was begun there. */
export function hasDesk(home: string): boolean {
  return existsSync(join(home, DESK_FILE));
}

export function readDeskFile(home: string): DeskFile {
  const path = join(home, DESK_FILE);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UserError(`${path} cannot be read (${messageOf(error)}): start the desk with npm start`, {
      cause: error,
    });
  }
  const parsed = DeskFile.safeParse(content);
  if (!parsed.success)
    throw new UserError(
      `${path} is not a desk of this version (${z.prettifyError(parsed.error).replace(/\s*\n\s*/g, " ")}): move ${home} away and start again`,
    );
  return parsed.data;
}

export function writeDeskFile(home: string, desk: DeskFile): void {
  writeDurably(join(home, DESK_FILE), `${JSON.stringify(desk, undefined, 2)}\n`, 0o600);
}

function isRoot(directory: string): boolean {
  const path = join(directory, "package.json");
  if (!existsSync(path)) return false;
  const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
  return z.object({ name: z.literal("crossdesk") }).safeParse(manifest).success;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
