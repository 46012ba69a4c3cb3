/** Events of one turn in one message: a thread's messages cost more than what is in them. */
import type { VenueEvent } from "../../venue.ts";

export function createEventBatch(post: (events: readonly VenueEvent[]) => void): {
  add(event: VenueEvent): void;
  flush(): void;
} {
  let events: VenueEvent[] = [];
  function flush(): void {
    if (events.length === 0) return;
    const batch = events;
    events = [];
    post(batch);
  }
  return {
    add(event) {
      if (events.push(event) === 1) setImmediate(flush);
    },
    flush,
  };
}
