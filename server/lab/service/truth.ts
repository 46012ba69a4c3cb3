/** Asks a running lab what its accounts really hold: for tests, the doctor and the recovery soak. */
import { readDeskFile } from "../../host/deskHome.ts";
import { openLabClient } from "./labClient.ts";
import type { AccountTruth } from "./labClient.ts";

/** By account. Throws a UserError when the lab does not answer. */
export async function readLabTruth(home: string): Promise<Map<string, AccountTruth>> {
  const client = await openLabClient(home);
  try {
    const truths = new Map<string, AccountTruth>();
    for (const { account } of readDeskFile(home).config.accounts)
      truths.set(account, await client.truth(account));
    return truths;
  } finally {
    client.close();
  }
}
