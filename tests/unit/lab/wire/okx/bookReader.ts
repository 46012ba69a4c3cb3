/** A book kept by the venue's rules, as a careful client would: sequence and checksum of every message. */
import { checksumOf } from "../../../../../server/lab/wire/okx/checksum.ts";
import type { LevelText } from "../../../../../server/lab/wire/okx/checksum.ts";

export interface BookMessage {
  readonly action?: "snapshot" | "update";
  readonly data: readonly {
    readonly asks: LevelText[];
    readonly bids: LevelText[];
    readonly checksum: number;
    readonly prevSeqId?: number;
    readonly seqId?: number;
  }[];
}

export class BookReader {
  bids: LevelText[] = [];
  asks: LevelText[] = [];
  seqId: number | undefined;
  readonly faults: ("gap" | "checksum")[] = [];

  apply({ action, data }: BookMessage): void {
    for (const row of data) {
      if (action === "snapshot") [this.bids, this.asks] = [[], []];
      else if (row.prevSeqId !== this.seqId) this.faults.push("gap");
      else if (isStuck(row)) this.faults.push("gap");
      this.seqId = row.seqId;
      this.bids = merge(this.bids, row.bids, -1);
      this.asks = merge(this.asks, row.asks, 1);
      if (checksumOf(this.bids, this.asks) !== row.checksum) this.faults.push("checksum");
    }
  }
}

/** A change under the number of the message before it. The venue's frames of 2022 have no numbers. */
function isStuck({ prevSeqId, seqId, bids, asks }: BookMessage["data"][number]): boolean {
  return prevSeqId !== undefined && prevSeqId === seqId && bids.length + asks.length > 0;
}

function merge(levels: readonly LevelText[], changes: readonly LevelText[], direction: 1 | -1): LevelText[] {
  const byPrice = new Map(levels.map((level) => [level[0], level]));
  for (const level of changes)
    if (Number(level[1]) === 0) byPrice.delete(level[0]);
    else byPrice.set(level[0], level);
  return [...byPrice.values()].sort((a, b) => direction * (Number(a[0]) - Number(b[0])));
}
