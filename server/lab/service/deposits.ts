/** What a desk file gives an account to begin with. */
import type { DeskFile } from "../../contract/deskFile.ts";
import { decimalToScaled } from "../../core/decimal.ts";

/** Atoms by asset. */
export function depositsOf(
  { config, deposits }: Pick<DeskFile, "config" | "deposits">,
  account: string,
): ReadonlyMap<string, bigint> {
  return new Map(
    deposits
      .filter((deposit) => deposit.account === account)
      .map(({ asset, amount }) => {
        const decimals = config.assets.find((spec) => spec.asset === asset)?.decimals;
        if (decimals === undefined) throw new Error(`invariant: a deposit of ${asset}, which is no asset`);
        return [asset, decimalToScaled(amount, decimals)];
      }),
  );
}
