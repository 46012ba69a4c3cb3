import { describe, expect, it } from "vitest";
import type { Command } from "../../../../server/contract/commands.ts";
import {
  COMMANDS_MAX,
  Mailbox,
  WAITING_MAX,
  WAITING_PER_ACCOUNT_MAX,
  type Post,
} from "../../../../server/engine/service/mailbox.ts";
import type { VenueEvent } from "../../../../server/venues/venue.ts";

const PAUSE: Command = { type: "setTradingState", scope: { level: "desk" }, state: "PAUSED" };
const ARM: Command = { type: "arm", scope: { level: "desk" } };

function mailbox() {
  const clock = { us: 0 };
  const overloads: [number, boolean][] = [];
  let posts = 0;
  const box = new Mailbox({
    accounts: 2,
    accountOf: [0, 1],
    wallUs: () => clock.us,
    onOverload: (account, overloaded) => void overloads.push([account, overloaded]),
    onPost: () => void posts++,
  });
  return { box, clock, overloads, posts: () => posts };
}

function command(commandId: string, what: Command): Omit<Extract<Post, { type: "command" }>, "atUs"> {
  return { type: "command", commandId, actor: "ann", reason: "a test", command: what };
}

function accepted(clientId: string, account = 0): VenueEvent {
  return { type: "orderAccepted", account, clientId, venueOrderId: `v${clientId}` };
}

function book(instrument: number): VenueEvent {
  return { type: "book", instrument, kind: "snapshot", bids: [1, 1], asks: [2, 1] };
}

function drain(box: Mailbox): Post[] {
  const served: Post[] = [];
  for (let letter = box.take(); letter !== undefined; letter = box.take()) served.push(letter.post);
  return served;
}

describe("the mailbox", () => {
  it("serves what the shell finds of its machine with the stops", () => {
    const { box } = mailbox();
    box.postVenue(accepted("a"));
    box.postHost({ type: "storage", status: "DISK_LOW", text: "a test" });
    box.postHost({ type: "clockStep", stepMs: 5_000 });
    expect(drain(box).map(({ type }) => type)).toEqual(["storage", "clockStep", "orderAccepted"]);
  });

  it("serves stops before reports, reports before other commands, and market data last", () => {
    const { box } = mailbox();
    box.postVenue(book(0));
    box.postTimer();
    box.postCommand(command("arm", ARM));
    box.postVenue(accepted("a"));
    box.postCommand(command("pause", PAUSE));
    expect(drain(box).map((post) => ("commandId" in post ? post.commandId : post.type))).toEqual([
      "pause",
      "orderAccepted",
      "arm",
      "timer",
      "book",
    ]);
  });

  it("keeps the order in which a venue said things, and that of definitions among books", () => {
    const { box } = mailbox();
    for (const id of ["a", "b", "c"]) box.postVenue(accepted(id));
    box.postVenue(book(0));
    box.postVenue({ type: "feed", instrument: 0, status: "gap" });
    box.postVenue(book(0));
    expect(drain(box).map((post) => ("clientId" in post ? post.clientId : post.type))).toEqual([
      "a",
      "b",
      "c",
      "book",
      "feed",
      "book",
    ]);
  });

  it("makes one timer of those that are late", () => {
    const { box } = mailbox();
    for (let i = 0; i < 5; i++) box.postTimer();
    expect(drain(box)).toHaveLength(1);
    box.postTimer();
    expect(drain(box)).toHaveLength(1);
  });

  it("says how many wait, and how long the oldest has", () => {
    const { box, clock } = mailbox();
    expect(box.lagMs()).toBe(0);
    box.postVenue(book(0));
    clock.us = 7_000;
    box.postVenue(accepted("a"));
    expect([box.waiting, box.lagMs()]).toEqual([2, 7]);
  });

  it("takes an account down ahead of everything when too much of it waits, and drops nothing", () => {
    const { box, overloads } = mailbox();
    box.postVenue({ type: "account", account: 0, status: "up" });
    for (let i = 0; i < WAITING_PER_ACCOUNT_MAX + 5; i++) box.postVenue(accepted(`a${i}`));
    expect(overloads).toEqual([[0, true]]);
    const served = drain(box);
    expect(served[0]).toEqual({ type: "account", account: 0, status: "down" });
    expect(served.filter((post) => post.type === "orderAccepted")).toHaveLength(WAITING_PER_ACCOUNT_MAX + 5);
    expect(served.at(-1)).toEqual({ type: "account", account: 0, status: "up" });
    expect(overloads).toEqual([
      [0, true],
      [0, false],
    ]);
  });

  it("leaves a flooded account down when its venue went away meanwhile", () => {
    const { box } = mailbox();
    for (let i = 0; i <= WAITING_PER_ACCOUNT_MAX; i++) box.postVenue(accepted(`a${i}`, 1));
    box.postVenue({ type: "account", account: 1, status: "down" });
    expect(drain(box).filter((post) => post.type === "account")).toEqual([
      { type: "account", account: 1, status: "down" },
      { type: "account", account: 1, status: "down" },
    ]);
  });

  it("keeps saying why a flooded account is halted", () => {
    const { box } = mailbox();
    const halt: VenueEvent = {
      type: "account",
      account: 1,
      status: "down",
      halted: "the venue refuses the key",
    };
    box.postVenue(halt);
    drain(box);
    for (let i = 0; i <= WAITING_PER_ACCOUNT_MAX; i++) box.postVenue(book(1));
    expect(box.take()?.post).toEqual(halt);
  });

  it("counts market data of an account's instruments too", () => {
    const { box, overloads } = mailbox();
    for (let i = 0; i <= WAITING_PER_ACCOUNT_MAX; i++) box.postVenue(book(1));
    expect(overloads).toEqual([[1, true]]);
  });

  it("breaks rather than hold more than any bound foresees", () => {
    const { box } = mailbox();
    const post = book(0);
    expect(() => {
      for (let i = 0; i <= WAITING_MAX; i++) box.postVenue(post);
    }).toThrow("does not keep up");
  });

  it("refuses the command that is one too many, and takes a stop all the same", () => {
    const { box } = mailbox();
    for (let i = 0; i < COMMANDS_MAX; i++) expect(box.postCommand(command(`c${i}`, ARM))).toBe(true);
    expect(box.postCommand(command("last", ARM))).toBe(false);
    expect(box.postCommand(command("stop", PAUSE))).toBe(true);
  });
});
