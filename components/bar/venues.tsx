"use client";

import { venueCode, venueName } from "../format/names.ts";
import { useLive } from "../stream/live.tsx";
import { Tag } from "../ui/tag.tsx";
import { venueLights } from "./words.ts";

/** One light per venue account; what is not right is said in a word. */
export function VenueLights() {
  const desk = useLive("desk")?.value;
  if (desk === undefined) return null;
  return (
    <ul aria-label="Venues" className="flex gap-2 text-sm">
      {venueLights(desk).map(({ account, tone, text }) => (
        <li key={account}>
          <Tag tone={tone} title={`${venueName(account)}: ${text === "" ? "ready, feed fresh" : text}`}>
            <span className="text-ink">{venueCode(account)}</span>
            {text !== "" && <span className="ml-1">{text}</span>}
          </Tag>
        </li>
      ))}
    </ul>
  );
}
