/** The key to this browser's session, kept in the storage of this origin alone; `app/start` leaves it there. */
import { SESSION_KEY_HEADER, SESSION_KEY_ITEM } from "../../server/contract/session.ts";

/** Read anew each time: another tab may have signed in or out. */
export function sessionKey(): string | undefined {
  try {
    return localStorage.getItem(SESSION_KEY_ITEM) ?? undefined;
  } catch {
    return undefined; // A browser that keeps storage from its pages has no session: the pages say how to get one.
  }
}

export function forgetSessionKey(): void {
  localStorage.removeItem(SESSION_KEY_ITEM);
}

/** What every request of this desk names beside its cookie. */
export function sessionHeaders(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { [SESSION_KEY_HEADER]: key };
}
