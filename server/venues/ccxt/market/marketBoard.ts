/**
 * All instruments of an account on one public socket: who subscribes, which frame is whose, and what each is defined
 * as.
 */
import type { Instrument } from "../../../contract/instrument.ts";
import { describeError } from "../gateway/describeError.ts";
import type { GatewayContext } from "../ports.ts";
import { adoptTerms, differences } from "./definitions.ts";
import { InstrumentFeed } from "./instrumentFeed.ts";
import type { BookMessage, MarketMessage } from "./messages.ts";
import type { MarketProtocol, VenueTerms } from "./protocols/protocol.ts";

interface MarketBoardOptions {
  readonly context: Pick<GatewayContext, "instruments" | "nowUs" | "emit" | "log">;
  readonly protocol: MarketProtocol;
  readonly send: (text: string) => void;
  readonly drop: (reason: string) => void;
  readonly fetchSnapshot: ((symbol: string) => Promise<BookMessage>) | undefined;
  readonly fetchTerms: (instruments: readonly Instrument[]) => Promise<ReadonlyMap<string, VenueTerms>>;
  readonly doubtDefinitions: () => void;
  readonly onUnreadable: (text: string) => void;
}

/** Answers come within seconds, and some venues give none that names its request. */
const REQUESTS_MAX = 100;

interface Member {
  readonly index: number;
  readonly symbol: string;
  readonly feed: InstrumentFeed;
  definition: Instrument;
  isSubscribed: boolean;
}

export class MarketBoard {
  readonly #options: MarketBoardOptions;
  readonly #members: readonly Member[];
  readonly #bySymbol: ReadonlyMap<string, Member>;
  readonly #byIndex: ReadonlyMap<number, Member>;
  /** What a subscription was sent with, for venues whose answers name nothing else; forgotten with the answer. */
  readonly #requests = new Map<number, readonly Member[]>();
  readonly #wanted = new Set<Member>();
  #requestId = 0;
  #auditedLast = -1;
  #isUp = false;

  constructor(options: MarketBoardOptions) {
    this.#options = options;
    this.#members = options.context.instruments.map(({ index, definition }) =>
      this.#createMember(index, definition),
    );
    this.#bySymbol = new Map(this.#members.map((member) => [member.symbol, member]));
    this.#byIndex = new Map(this.#members.map((member) => [member.index, member]));
  }

  socketUp(): void {
    const { listingSubscription } = this.#options.protocol;
    if (listingSubscription !== undefined) this.#options.send(listingSubscription);
    this.#isUp = true;
    for (const member of this.#members) if (isListed(member.definition)) member.feed.socketUp();
    this.#flush();
  }

  socketDown(reason: string): void {
    this.#options.context.log("warn", "the public socket is down", { reason });
    this.#isUp = false;
    this.#requests.clear();
    this.#wanted.clear();
    for (const member of this.#members) {
      member.isSubscribed = false;
      member.feed.socketDown();
    }
  }

  /** Whether the frame was one of ours. */
  hear(text: string): boolean {
    const message = this.#options.protocol.read(text);
    if (message !== undefined) this.#take(message);
    return message !== undefined;
  }

  consumed(instrument: number): void {
    this.#byIndex.get(instrument)?.feed.consumed();
  }

  tick(): void {
    for (const { feed } of this.#members) feed.tick();
    this.#flush();
  }

  /** The next book in turn, of those that stand, is compared with the venue's. */
  async auditNext(): Promise<void> {
    const { length } = this.#members;
    const turns = this.#members.map((_, n) => (this.#auditedLast + 1 + n) % length);
    const at = turns.find((turn) => this.#members[turn]?.feed.isLive);
    const member = this.#members[at ?? -1];
    if (at === undefined || member === undefined) return;
    this.#auditedLast = at;
    try {
      await member.feed.audit();
    } catch (error) {
      const { symbol } = member;
      this.#options.context.log("warn", "a book was not compared", { symbol, error: describeError(error) });
    }
  }

  /** Rejects when the venue cannot be asked; what is known stays. */
  async refreshDefinitions(): Promise<void> {
    const terms = await this.#options.fetchTerms(this.#members.map(({ definition }) => definition));
    for (const member of this.#members) this.#define(member, terms.get(member.symbol));
  }

  #define(member: Member, terms: VenueTerms | undefined): void {
    const before = member.definition;
    const definition = adoptTerms(before, terms);
    if (definition === undefined) return;
    member.definition = definition;
    const changes = differences(before, definition).join(", ");
    const { context } = this.#options;
    context.log("warn", "the venue's filters are not those that the desk had: the venue's count", {
      symbol: definition.symbol,
      changes,
    });
    const isRescaled = definition.tick !== before.tick || definition.lot !== before.lot;
    // First the books of the old steps end, then the new steps are told, then books come in them.
    if (isRescaled) member.feed.redefine(definition);
    context.emit({ type: "instrument", instrument: member.index, definition });
    if (isListed(definition) === isListed(before)) return;
    // What is not listed would be refused, and asked for again for ever.
    if (!isListed(definition)) member.feed.socketDown();
    else if (this.#isUp) member.feed.socketUp();
  }

  #take(message: MarketMessage): void {
    switch (message.type) {
      case "book":
        return this.#bySymbol.get(message.symbol)?.feed.hearBook(message);
      case "trades":
        return this.#bySymbol.get(message.symbol)?.feed.hearTrades(message);
      case "accepted":
        for (const { feed } of this.#answered(message.requestId)) feed.accepted();
        return;
      case "refused": {
        const symbols = this.#answered(message.requestId).map(({ symbol }) => symbol);
        const { text } = message;
        this.#options.context.log("error", "the venue refuses a subscription", {
          symbols: symbols.join(" "),
          text,
        });
        return this.#options.doubtDefinitions();
      }
      case "listing":
        return this.#options.doubtDefinitions();
      case "leaving":
        return this.#options.drop("the venue is about to close it");
      case "heartbeat":
        for (const { feed } of this.#members) feed.channelSpoke();
        return;
      case "unreadable":
        this.#options.onUnreadable(`one of ${message.of}`);
        if (message.of === "book")
          for (const { symbol, feed } of this.#members)
            if (symbol === (message.symbol ?? symbol)) feed.missed();
        return;
    }
  }

  #createMember(index: number, definition: Instrument): Member {
    const { context, protocol, fetchSnapshot, doubtDefinitions } = this.#options;
    const symbol = protocol.symbolOf(definition);
    const feed = new InstrumentFeed({
      instrument: index,
      definition,
      protocol,
      nowUs: () => context.nowUs(),
      emit: (event) => context.emit(event),
      subscribe: () => this.#wanted.add(member),
      fetchSnapshot: fetchSnapshot === undefined ? undefined : () => fetchSnapshot(symbol),
      giveUp: () => this.#giveUp(member),
      doubtDefinition: doubtDefinitions,
      onTrouble: (trouble, waitMs) => context.log("warn", "a book is void", { symbol, trouble, waitMs }),
    });
    const member: Member = { index, symbol, feed, definition, isSubscribed: false };
    return member;
  }

  /** All that is wanted in one request: venues count the messages of a socket. */
  #flush(): void {
    if (this.#wanted.size === 0) return;
    const members = [...this.#wanted];
    this.#wanted.clear();
    const old = members.filter(({ isSubscribed }) => isSubscribed);
    if (old.length > 0) this.#request("unsubscribe", old);
    this.#request("subscribe", members);
    for (const member of members) member.isSubscribed = true;
  }

  #request(kind: "subscribe" | "unsubscribe", members: readonly Member[]): void {
    const { protocol, send } = this.#options;
    const requestId = ++this.#requestId;
    if (kind === "subscribe") this.#requests.set(requestId, members);
    this.#requests.delete(requestId - REQUESTS_MAX);
    const symbols = members.map(({ symbol }) => symbol);
    for (const text of protocol.subscription(kind, symbols, requestId)) send(text);
  }

  #answered(requestId: number | undefined): readonly Member[] {
    const members = this.#requests.get(requestId ?? -1) ?? [];
    this.#requests.delete(requestId ?? -1);
    return members;
  }

  /** While others are well, the socket is: only this subscription is tried again. */
  #giveUp(member: Member): void {
    if (this.#members.some(({ feed }) => feed.isLive)) return;
    this.#options.drop(`no book of ${member.symbol}`);
  }
}

function isListed({ status }: Instrument): boolean {
  return status !== "DELISTED";
}
