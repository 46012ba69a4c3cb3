/**
 * One instrument's public feed: its book behind the guard, resynchronised by itself and with pauses, and its trades.
 * Nothing here waits: a snapshot is asked for and taken when it comes, and deadlines are looked at on every tick. What
 * happens to one instrument leaves the others alone; only a subscription that stays dead costs the socket.
 */
import type { Instrument } from "../../../contract/instrument.ts";
import { Backoff } from "./backoff.ts";
import { BookAudit } from "./bookAudit.ts";
import { BookOutlet } from "./bookOutlet.ts";
import { buildBook } from "./builtBook.ts";
import type { BookTerms, BuiltBook } from "./builtBook.ts";
import { DeltaBuffer } from "./deltaBuffer.ts";
import type { FeedOptions, FeedTrouble } from "./feedOptions.ts";
import { createLevelGrid } from "./levelGrid.ts";
import type { LevelGrid } from "./levelGrid.ts";
import type { BookTrouble } from "./guardedBook.ts";
import { hasUnseenLevels } from "./horizon.ts";
import type { BookMessage, TradesMessage } from "./messages.ts";
import { Silence } from "./silence.ts";
import { TradeTape } from "./tradeTape.ts";

/** From a subscription to a book: a slow snapshot takes a second or two. */
const SYNC_WITHIN_MS = 5_000;
/** After so many subscriptions without a book the socket itself is given up. */
const DEAD_SYNCS_MAX = 3;
/** A book whose far levels are unseen is asked for again no more often: a snapshot is dear. */
const WIDEN_EVERY_MS = 10_000;

const RESYNC_BACKOFF = { firstMs: 200, maxMs: 10_000, stableAfterMs: 10_000 };

/** A subscription begins with its book, or is followed by a snapshot that is asked for. */
type Resync = "subscription" | "snapshot";

export class InstrumentFeed {
  readonly #options: FeedOptions;
  readonly #outlet: BookOutlet;
  readonly #tape: TradeTape;
  readonly #backoff = new Backoff(RESYNC_BACKOFF);
  readonly #silence: Silence;
  readonly #buffer = new DeltaBuffer();
  #grid: LevelGrid;
  #isUp = false;
  /** Undefined while there is no book that can be trusted. */
  #live: BuiltBook | undefined;
  #audit: BookAudit | undefined;
  /** Tells a snapshot that was asked for from one that nobody waits for any more. */
  #asked = 0;
  /** A subscription was sent and nothing has come of it yet. */
  #isUnanswered = false;
  #resync: { readonly how: Resync; readonly atUs: number } | undefined;
  #syncUntilUs: number | undefined;
  #widenedAtUs = -Infinity;

  constructor(options: FeedOptions) {
    const { instrument, nowUs, emit, protocol } = options;
    this.#options = options;
    const { silentAfterMs: afterMs, silentAfterMaxMs: afterMaxMs } = protocol;
    this.#silence = new Silence({ nowUs, afterMs, afterMaxMs });
    this.#grid = createLevelGrid(options.definition);
    this.#outlet = new BookOutlet({ instrument, nowUs, emit });
    this.#tape = new TradeTape({ instrument, emit });
  }

  socketUp(): void {
    this.#isUp = true;
    this.#sync("subscription");
  }

  get isLive(): boolean {
    return this.#live !== undefined;
  }

  socketDown(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#forget();
    this.#outlet.lose("down");
  }

  /** Prices of the old grid mean nothing any more. */
  redefine(definition: Instrument): void {
    this.#grid = createLevelGrid(definition);
    if (this.#live !== undefined) this.#outlet.lose("gap");
    this.#forget();
    if (this.#isUp) this.#sync("subscription");
  }

  /** The venue has taken the subscription. Its answer may be lost: data says the same. */
  accepted(): void {
    if (!this.#isUnanswered) return;
    this.#isUnanswered = false;
    // Asked for earlier, it could be older than the first delta and would not bridge.
    this.#askSnapshot();
  }

  hearBook(message: BookMessage): void {
    if (!this.#isUp) return;
    if (message.kind === "snapshot") return this.#begin(message, []);
    this.#silence.ended();
    this.accepted();
    this.#buffer.keep(message);
    const live = this.#live;
    if (live === undefined) return;
    const outcome = live.guarded.apply(message);
    if (outcome === "applied") this.#outlet.changed(message.venueAtUs);
    else if (outcome === "old") this.#outlet.alive();
    else {
      if (this.#options.fetchSnapshot !== undefined) this.#buffer.begin([message]);
      return this.#lose(outcome);
    }
    this.#audit?.heard(message);
    this.#judge();
  }

  /** Compares a book that stands with a snapshot of its own. Rejects when none came. */
  async audit(): Promise<void> {
    const { fetchSnapshot } = this.#options;
    if (fetchSnapshot === undefined || this.#live === undefined || this.#isRenewed) return;
    const audit = new BookAudit(this.#live, this.#terms);
    this.#audit = audit;
    audit.answered(await fetchSnapshot());
    if (this.#audit === audit) this.#judge();
  }

  /** A message of the book was lost on the way: where nothing is counted, no later one would show it. */
  missed(): void {
    if (this.#live !== undefined) this.#lose("SEQUENCE_GAP");
  }

  /** No sign that the book lives: each trade changes it, and a book that does not say so has stopped. */
  hearTrades(message: TradesMessage): void {
    const { offGrid } = this.#tape.hear(message, this.#grid);
    if (offGrid > 0) this.#options.doubtDefinition();
  }

  /**
   * The venue's own word that a silent channel is a quiet one, which is not believed for ever. Answers to pings are no
   * such word: they come from a socket whose streams are dead.
   */
  channelSpoke(): void {
    if (this.#silence.isShort) this.#outlet.alive();
  }

  consumed(): void {
    this.#outlet.consumed();
  }

  /** Looks at the deadlines. */
  tick(): void {
    const nowUs = this.#options.nowUs();
    if (!this.#isUp) return;
    if (this.#resync !== undefined && nowUs >= this.#resync.atUs) return this.#sync(this.#resync.how);
    if (this.#syncUntilUs !== undefined && nowUs >= this.#syncUntilUs) return this.#endSync();
    if (this.#live === undefined || this.#isRenewed) return;
    if (this.#silence.isTooLong) {
      this.#silence.asked();
      return this.#sync("subscription");
    }
    if (nowUs - this.#widenedAtUs < WIDEN_EVERY_MS * 1_000) return;
    if (!hasUnseenLevels(this.#live.guarded.book, this.#live.horizon)) return;
    this.#widenedAtUs = nowUs;
    this.#sync("snapshot");
  }

  get #terms(): BookTerms {
    return { grid: this.#grid, protocol: this.#options.protocol };
  }

  /** Another book is on its way, or will be asked for. */
  get #isRenewed(): boolean {
    return this.#resync !== undefined || this.#syncUntilUs !== undefined;
  }

  /** A book that stands is kept meanwhile: silence alone does not make it wrong. */
  #sync(how: Resync): void {
    this.#resync = undefined;
    this.#syncUntilUs = this.#options.nowUs() + SYNC_WITHIN_MS * 1_000;
    if (how === "snapshot") return this.#askSnapshot();
    this.#isUnanswered = true;
    this.#options.subscribe();
  }

  #askSnapshot(): void {
    const { fetchSnapshot } = this.#options;
    if (fetchSnapshot === undefined) return;
    this.#buffer.begin();
    const asked = ++this.#asked;
    fetchSnapshot().then(
      (snapshot) => {
        if (asked === this.#asked) this.#begin(snapshot, this.#buffer.end());
      },
      () => {
        if (asked === this.#asked) this.#retry("SNAPSHOT_FAILED");
      },
    );
  }

  #begin(snapshot: BookMessage, waiting: readonly BookMessage[]): void {
    const built = buildBook(snapshot, waiting, this.#terms);
    if (typeof built === "string") return this.#refuse(built, waiting);
    this.#live = built;
    this.#syncUntilUs = undefined;
    this.#resync = undefined;
    this.#silence.restarted();
    this.#backoff.up(this.#options.nowUs());
    this.#outlet.replace(built.guarded.book, built.venueAtUs);
  }

  /** A snapshot that does not bridge, or is wrong in itself. A book that stands is no worse for it. */
  #refuse(trouble: BookTrouble, waiting: readonly BookMessage[]): void {
    if (this.#options.fetchSnapshot !== undefined) this.#buffer.begin(waiting);
    else if (this.#live !== undefined) return this.#lose(trouble);
    this.#retry(trouble);
  }

  #judge(): void {
    const audit = this.#audit;
    if (audit === undefined) return;
    const verdict = audit.isOf(this.#live) ? audit.verdict() : "unknown";
    if (verdict === undefined) return;
    this.#audit = undefined;
    if (verdict === "different") this.#lose("SNAPSHOT_DIFFERS");
  }

  #lose(trouble: BookTrouble | "SNAPSHOT_DIFFERS"): void {
    this.#live = undefined;
    this.#outlet.lose("gap");
    this.#retry(trouble);
  }

  #retry(trouble: FeedTrouble): void {
    if (trouble === "OFF_GRID") this.#options.doubtDefinition();
    const nowUs = this.#options.nowUs();
    const waitMs = this.#backoff.failed(nowUs);
    this.#syncUntilUs = undefined;
    // A stream that goes on needs another snapshot only: to subscribe again would tear a hole of its own.
    const how =
      this.#options.fetchSnapshot === undefined || trouble === "NO_BOOK" ? "subscription" : "snapshot";
    this.#resync = { how, atUs: nowUs + waitMs * 1_000 };
    this.#options.onTrouble(trouble, waitMs);
  }

  /** No book came in time. */
  #endSync(): void {
    // The stream goes on and only its snapshot is late: the book that stands is right.
    if (this.#live !== undefined && !this.#isUnanswered) return this.#retry("SNAPSHOT_FAILED");
    if (this.#live !== undefined) this.#outlet.lose("gap");
    this.#live = undefined;
    this.#retry("NO_BOOK");
    if (this.#backoff.failures % DEAD_SYNCS_MAX === 0) this.#options.giveUp();
  }

  #forget(): void {
    this.#live = undefined;
    this.#buffer.end();
    this.#asked++;
    this.#isUnanswered = false;
    this.#resync = undefined;
    this.#syncUntilUs = undefined;
  }
}
