/**
 * What a person says of the real venues that a desk watches (`live`) or plays over (`paper`): which accounts, where, and
 * what is traded there. Ticks, lots and minimums are the venue's own word.
 */
import { z } from "zod";

const Asset = z.string().regex(/^[A-Z0-9]{2,12}$/, "must be an asset code such as BTC");
const SpotSymbol = z.string().regex(/^[A-Z0-9]{2,12}\/[A-Z0-9]{2,12}$/, "must be a symbol such as BTC/USDT");

/** An emulator on this machine in place of the venue; keys never go anywhere else without TLS. */
export const LoopbackUrl = z
  .string()
  .regex(
    /^http:\/\/127\.0\.0\.1:\d{1,5}$/,
    "must be http://127.0.0.1:PORT: only an emulator on this machine may stand in for a venue",
  );

export const VenuesFile = z
  .strictObject({
    reportingAsset: Asset,
    /** In the reporting asset: limits and order sizes are percentages of it. */
    capital: z.number().positive(),
    accounts: z
      .array(
        z.strictObject({
          account: z.string().regex(/^[a-z][0-9a-z-]{0,31}$/, "must be a name such as binance or okx-2"),
          venue: z.string(),
          symbols: z.array(SpotSymbol).max(20),
          /** Their books inform fair value and rates; nothing is quoted there. */
          references: z.array(SpotSymbol).max(20).default([]),
          fees: z.enum(["entry", "maker"]).default("entry"),
          /** Of paper: what the account holds to begin with, by asset. */
          stock: z
            .record(Asset, z.string().regex(/^\d+(\.\d+)?$/, "must be a plain decimal number"))
            .default({}),
          baseUrl: LoopbackUrl.optional(),
        }),
      )
      .min(1)
      .max(10),
  })
  .superRefine(({ accounts }, context) => {
    const fail = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    if (new Set(accounts.map(({ account }) => account)).size !== accounts.length)
      fail(["accounts"], "an account is listed twice");
    for (const [at, { symbols, references }] of accounts.entries()) {
      const all = [...symbols, ...references];
      if (all.length === 0) fail(["accounts", at, "symbols"], "at least one symbol");
      if (new Set(all).size !== all.length) fail(["accounts", at, "symbols"], "a symbol is listed twice");
    }
    if (accounts.every(({ symbols }) => symbols.length === 0)) fail(["accounts"], "no symbol is quoted");
  });
export type VenuesFile = z.infer<typeof VenuesFile>;
