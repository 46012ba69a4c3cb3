/** Puts the outages of one account on the agenda, one after the other for as long as the world runs. */
import type { Agenda } from "./agenda.ts";
import { RANK } from "./agenda.ts";
import type { Faults, OutageFault } from "./faults.ts";
import type { Feed } from "./feed.ts";
import type { PrivateChannel } from "./privateChannel.ts";

interface OutageOptions {
  readonly agenda: Agenda;
  readonly faults: Faults;
  readonly feed: Feed;
  readonly channel: PrivateChannel;
  /** The account's instruments. */
  readonly instruments: readonly number[];
  /** Makes the exchange publish the book anew, for a subscriber that lost its place. */
  readonly resubscribe: (instrument: number) => void;
}

export function scheduleOutages({
  agenda,
  faults,
  feed,
  channel,
  instruments,
  resubscribe,
}: OutageOptions): void {
  /** `begin` starts the outage and returns what ends it. */
  function repeat(fault: OutageFault, begin: (endsAtUs: number) => () => void): void {
    const next = faults.nextOutage(fault);
    if (next === undefined) return;
    agenda.at(agenda.nowUs() + next.startsInUs, RANK.exchange, () => {
      if (faults.isHealed()) return;
      faults.counts[fault] += 1;
      const endsAtUs = agenda.nowUs() + next.lastsUs;
      const end = begin(endsAtUs);
      agenda.at(endsAtUs, RANK.exchange, () => {
        end();
        repeat(fault, begin);
      });
    });
  }

  repeat("privateDown", () => {
    channel.goDown();
    return () => channel.comeUp();
  });
  if (instruments.length === 0) return;
  repeat("feedSilence", (endsAtUs) => {
    for (const instrument of instruments) feed.hold(instrument, endsAtUs);
    return () => undefined;
  });
  repeat("feedGap", () => {
    const instrument = instruments[faults.pick(instruments.length)];
    if (instrument === undefined) throw new Error("invariant: a gap needs an instrument");
    feed.breakOff(instrument);
    return () => {
      feed.resume(instrument);
      resubscribe(instrument);
    };
  });
}
