/**
 * What each account can pay with, as the desk can know it: the stock it started with, every fill that happened,
 * and the transfers that it was told of. Floats: a shortage is judged with a slack far above their noise.
 */
import type { EngineConfig } from "../../contract/config.ts";
import type { TransferEvent } from "../../contract/events.ts";
import { sideSign } from "../../contract/units.ts";
import type { TrueFill } from "./orderTruth.ts";

/** Balances in atoms by asset, one map per account. */
export type Stock = readonly ReadonlyMap<string, bigint>[];

export class Funds {
  readonly #config: EngineConfig;
  readonly #units: ReadonlyMap<string, number>;
  readonly #balances: Map<string, number>[];
  readonly #transfers = new Set<string>();

  constructor(config: EngineConfig, stock: Stock) {
    this.#config = config;
    this.#units = new Map(config.assets.map(({ asset, decimals }) => [asset, 10 ** -decimals]));
    this.#balances = stock.map(
      (assets) => new Map([...assets].map(([asset, atoms]) => [asset, this.#unitsOf(asset, atoms)])),
    );
  }

  filled(account: number, fill: TrueFill): void {
    const definition = this.#config.instruments[fill.instrument];
    if (definition === undefined) throw new Error(`invariant: no instrument ${fill.instrument}`);
    const size = sideSign(fill.side) * fill.sizeLots * Number(definition.lot);
    this.#move(account, definition.base, size);
    this.#move(account, definition.quote, -size * fill.priceTicks * Number(definition.tick));
    this.#move(account, fill.feeAsset, -this.#unitsOf(fill.feeAsset, fill.feeAtoms));
  }

  transferred({ account, transferId, asset, amountAtoms }: TransferEvent): void {
    if (this.#transfers.has(transferId)) return;
    this.#transfers.add(transferId);
    this.#move(account, asset, this.#unitsOf(asset, amountAtoms));
  }

  balance(account: number, asset: string): number {
    return this.#balances[account]?.get(asset) ?? 0;
  }

  #move(account: number, asset: string, by: number): void {
    this.#balances[account]?.set(asset, this.balance(account, asset) + by);
  }

  #unitsOf(asset: string, atoms: bigint): number {
    return Number(atoms) * (this.#units.get(asset) ?? 0);
  }
}
