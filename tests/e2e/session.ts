/** A session for a whole browser context, without opening a page for it. */
import type { BrowserContext } from "@playwright/test";
import { SESSION_KEY_HEADER, SESSION_KEY_ITEM } from "../../server/contract/session.ts";

/** The context keeps the cookie; every page of it, under whatever port, finds the key in its storage. */
export async function keepSession(context: BrowserContext, startUrl: string): Promise<void> {
  const response = await context.request.get(startUrl);
  const key = response.headers()[SESSION_KEY_HEADER];
  if (key === undefined) throw new Error(`the desk let nobody in: ${response.status()}`);
  const keep = ([item, value]: readonly [string, string]): void => {
    // An empty page has no storage.
    if (location.protocol === "http:") localStorage.setItem(item, value);
  };
  await context.addInitScript(keep, [SESSION_KEY_ITEM, key] as const);
}
