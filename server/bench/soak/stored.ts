/** The desk's PostgreSQL as seen from outside: where it is, and how far it has come. */
import { join } from "node:path";
import { readRecorderStatus } from "../../recorder/statusFile.ts";
import { databaseUrl } from "../../store/database.ts";
import { readPassword, readPreferredPort } from "../../store/postgres/dataFolder.ts";

export interface Position {
  readonly epoch: number;
  readonly seq: number;
}

/** `folder`: of the homes. */
export function storeUrl(folder: string): string {
  const data = join(folder, "postgres");
  return databaseUrl({
    port: readPreferredPort(data),
    password: readPassword(data),
    database: "crossdesk_demo",
  });
}

/** Whether everything up to this event is stored, by the recorder's own word. */
export function hasStored(home: string, { epoch, seq }: Position): boolean {
  const status = readRecorderStatus(home);
  if (status?.database !== "up") return false;
  return status.epoch > epoch || (status.epoch === epoch && status.seq >= seq);
}
