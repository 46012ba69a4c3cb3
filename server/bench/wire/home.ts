/** A home for a benchmark's processes: the desk file, keys and ports, gone afterwards. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeskFile } from "../../contract/deskFile.ts";
import { writeDeskFile } from "../../host/deskHome.ts";
import { openKeys, type StoredKey } from "../../lab/service/keys.ts";

export async function withBenchHome<T>(
  desk: DeskFile,
  use: (home: string, keys: readonly StoredKey[]) => Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), "crossdesk-wire-"));
  try {
    writeDeskFile(home, desk);
    return await use(
      home,
      openKeys(
        home,
        desk.config.accounts.map(({ account }) => account),
      ),
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
