import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEventParser } from "../../../../components/stream/eventParser.ts";
import { eventText } from "../../../../server/api/stateTopics.ts";

const TEXT = [
  eventText({}, "connected"),
  eventText({ json: { text: "two\n\nlines" } }),
  eventText("", "ping"),
  eventText({ json: "é" }),
].join("");
const EVENTS = [
  { name: "connected", data: "{}" },
  { name: undefined, data: '{"json":{"text":"two\\n\\nlines"}}' },
  { name: "ping", data: '""' },
  { name: undefined, data: '{"json":"é"}' },
];

describe("events of a stream", () => {
  it("are the same however the text is cut into pieces", () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: TEXT.length }));
    fc.assert(
      fc.property(cuts, (at) => {
        const edges = [0, ...at.toSorted((a, b) => a - b), TEXT.length];
        const parse = createEventParser();
        const found = edges.slice(1).flatMap((to, n) => parse(TEXT.slice(edges[n], to)));
        expect(found).toEqual(EVENTS);
      }),
    );
  });

  it("come as soon as they are complete", () => {
    const parse = createEventParser();
    expect(parse("data: 1\n")).toEqual([]);
    expect(parse("\ndata: 2")).toEqual([{ name: undefined, data: "1" }]);
    expect(parse("\n\n")).toEqual([{ name: undefined, data: "2" }]);
  });

  it("that never end are refused", () => {
    const parse = createEventParser();
    const piece = "x".repeat(20_000_000);
    parse(piece);
    expect(() => parse(piece)).toThrow("without an end");
  });
});
