/**
 * A venue that is only watched: questions pass, and nothing that could change anything there leaves. It holds whatever
 * the engine decides, also when it starts, stops or fails, because a person's own orders may rest in the account.
 */
import type { Venue, VenueSink } from "./venue.ts";

export function observeOnly(venue: Venue): Venue {
  let sink: VenueSink | undefined;
  return {
    open(given) {
      sink = given;
      venue.open(given);
    },
    send(effect) {
      switch (effect.type) {
        case "query":
          return venue.send(effect);
        case "place": {
          const { account, clientId } = effect;
          return sink?.event({ type: "orderRejected", account, clientId, reason: "OTHER" });
        }
        case "amend": {
          const { account, clientId } = effect;
          return sink?.event({ type: "amendRejected", account, clientId, reason: "OTHER" });
        }
        case "cancel": {
          const { account, clientId } = effect;
          return sink?.event({ type: "cancelRejected", account, clientId, reason: "OTHER" });
        }
        // There is no answer to it: the engine asks what is open, and finds that.
        case "cancelAll":
      }
    },
    consumed: (instrument) => venue.consumed(instrument),
    close() {
      sink = undefined;
      return venue.close();
    },
  };
}
