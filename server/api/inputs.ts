/** Inputs that several procedures share. Every procedure has one, and each refuses what it does not know. */
import { z } from "zod";
import { PAGE_MAX } from "../store/read/page.ts";

/** Of a procedure that takes nothing. */
export const Nothing = z.void();

/** Longer than any account, symbol, market or order id; printable, as the database wants it. */
export const Name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\x20-\x7e]+$/, "has characters that no name has");

/** What the database holds in four bytes. */
export const Int32 = z.int().min(0).max(2_147_483_647);

const Cursor = z.strictObject({ epoch: Int32, seq: z.int().min(0), at: Int32 });

const PAGE_DEFAULT = 100;

/** A page of a table, newest first. */
export const PageInput = z.strictObject({
  limit: z.int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
  before: Cursor.optional(),
});

/** From, inclusive, to, exclusive. */
export const TimeRange = z.strictObject({
  fromUs: z.int().min(0).optional(),
  toUs: z.int().min(0).optional(),
});
