import type { Store } from "../client.ts";

export interface RecordedPosition {
  readonly epoch: number;
  readonly seq: number;
  readonly runId: string;
  readonly updatedAtMs: number;
}

/** How far the newest run that is here at all has been written; absent in an empty database. */
export async function readRecorderPosition(store: Store): Promise<RecordedPosition | undefined> {
  const row = await store.recorderPosition.findFirst({ orderBy: { epoch: "desc" } });
  if (row === null) return undefined;
  const { epoch, seq, runId, updatedAt } = row;
  return { epoch, seq: Number(seq), runId, updatedAtMs: updatedAt.getTime() };
}
