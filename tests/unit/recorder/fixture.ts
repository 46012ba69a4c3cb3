/** A desk's home with journals of seeded runs under faults, and what the store must hold of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineConfig } from "../../../server/contract/config.ts";
import type { EngineEvent } from "../../../server/contract/events.ts";
import type { Line } from "../../../server/contract/lines.ts";
import { EngineRun } from "../../../server/engine/engineRun.ts";
import type { JournalOptions } from "../../../server/engine/journal/commitQueue.ts";
import { openJournal } from "../../../server/engine/journal/reader.ts";
import { createJournal, type JournalWriter } from "../../../server/engine/journal/writer.ts";
import { runDirectory } from "../../../server/engine/service/runs.ts";
import type { Log } from "../../../server/host/log.ts";
import { Projection } from "../../../server/projection/projection.ts";
import { rowsOf } from "../../../server/recorder/tables.ts";
import { runSeed } from "../../../server/replay/simulate/runSeed.ts";
import { withConnection } from "../../../server/store/database.ts";

export const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface Story {
  readonly config: EngineConfig;
  readonly events: readonly EngineEvent[];
}

/** What one seed of the swarm lived through. */
export async function storyOf(seed: number, ticks: number): Promise<Story> {
  const directory = mkdtempSync(join(tmpdir(), "crossdesk-story-"));
  try {
    await runSeed(seed, { ticks, journalDir: join(directory, "journal") });
    const reader = openJournal(join(directory, "journal"));
    const events = [...reader.entries()].map(({ event }) => event);
    reader.close();
    return { config: reader.manifest.config, events };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Writes runs of a story into a home, as an engine does, and remembers the lines that it told. */
export class Teller {
  readonly home = mkdtempSync(join(tmpdir(), "crossdesk-home-"));
  readonly lines: Line[] = [];
  readonly #story: Story;
  #epoch = 0;
  #at = 0;
  #run: EngineRun | undefined;
  #journal: JournalWriter | undefined;
  #projection: Projection | undefined;

  constructor(story: Story) {
    this.#story = story;
  }

  /** A run that begins with nothing, or takes up where the last one stood. */
  async begin(options: JournalOptions = {}): Promise<void> {
    const { config, events } = this.#story;
    const before = this.#run;
    await this.#journal?.close();
    this.#epoch += 1;
    const start = {
      runId: `run${this.#epoch}-${this.home}`,
      parentRun: before === undefined ? undefined : `run${this.#epoch - 1}-${this.home}`,
      what: "simulation",
      codeVersion: "test",
      config,
      startedAtUs: 0,
    } as const;
    const journal = createJournal(runDirectory(this.home, this.#epoch), start, options);
    const snapshot = before?.handover();
    if (snapshot !== undefined) journal.putSnapshot(0, snapshot);
    this.#journal = journal;
    this.#run = new EngineRun(config, { journal, snapshot });
    this.#projection = new Projection(this.#run.engine, this.#epoch);
    if (before === undefined) return;
    const atUs = Math.max(before.engine.state.nowUs, events[this.#at]?.atUs ?? 0);
    this.#handle({ type: "restart", atUs, reason: "the test wants it" });
  }

  get isOver(): boolean {
    return this.#at >= this.#story.events.length;
  }

  /** The next events of the story; durable when it resolves. */
  async tell(events: number): Promise<void> {
    for (const event of this.#story.events.slice(this.#at, this.#at + events)) {
      this.#handle(event);
      this.#at += 1;
    }
    await this.#journal?.flush();
  }

  snapshot(): void {
    if (this.#run !== undefined) this.#journal?.putSnapshot(this.#run.seq, this.#run.snapshot());
  }

  async end(): Promise<void> {
    await this.#journal?.close();
    this.#journal = undefined;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  #handle(event: EngineEvent): void {
    const effects = this.#run?.handle(event) ?? [];
    this.lines.push(...(this.#projection?.after(this.#run?.seq ?? 0, event, effects) ?? []));
  }
}

/** What tells the rows of each table apart. */
export const KEYS = {
  parameter_version: "epoch || '.' || seq || '.' || at",
  parameter_setting: "epoch || '.' || seq || '.' || at || ' ' || level || ' ' || scope || ' ' || name",
  command_record: "epoch || '.' || seq || '.' || at",
  trading_state_change: "epoch || '.' || seq || '.' || at",
  fill: "epoch || '.' || seq || '.' || at",
  venue_order: "epoch || '.' || seq || '.' || at",
  balance_sample: "epoch || '.' || seq || '.' || at",
  uptime_interval: "epoch || '.' || seq || '.' || at",
  notice: "epoch || '.' || seq || '.' || at",
  equity_sample: "epoch || '.' || seq || '.' || at",
  market_sample: "epoch || '.' || seq || '.' || at || ' ' || market",
};
type TableName = keyof typeof KEYS;

/** Places of the rows in every table, in order: each place once. */
export async function storedPlaces(url: string): Promise<Record<string, string[]>> {
  return await withConnection(url, async (client) => {
    const found: Record<string, string[]> = {};
    for (const [table, key] of Object.entries(KEYS)) {
      const { rows } = await client.query<{ key: string }>(`select ${key} as key from ${table}`);
      found[table] = rows.map((row) => row.key).sort();
    }
    return found;
  });
}

/** The same, from the lines themselves. */
export function toldPlaces(lines: readonly Line[]): Record<string, string[]> {
  const found: Record<string, string[]> = Object.fromEntries(Object.keys(KEYS).map((table) => [table, []]));
  const orders = new Map<string, string>();
  for (const line of lines) {
    const { epoch, seq, at } = line.cursor;
    const place = `${epoch}.${seq}.${at}`;
    if (line.type === "order") orders.set(`${line.account} ${line.clientId}`, place);
    else if (line.type === "parameters")
      for (const { level, scope, name } of line.settings)
        found["parameter_setting"]?.push(`${place} ${level} ${scope} ${name}`);
    else if (line.type === "equity")
      for (const { market } of line.markets) found["market_sample"]?.push(`${place} ${market}`);
    if (line.type !== "order") found[tableOf(line)]?.push(place);
  }
  found["venue_order"]?.push(...orders.values());
  for (const places of Object.values(found)) places.sort();
  return found;
}

function tableOf(line: Line): TableName {
  return rowsOf(line)[0]?.table.name as TableName;
}
