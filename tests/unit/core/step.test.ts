import { it } from "vitest";
import { quotingDesk, deskConfig, sendBook } from "../../support/desk.ts";
it("x", () => {
  const desk = quotingDesk({ venues: 2 });
  const [definition] = desk.engine.config.instruments;
  if (!definition) return;
  const show = (t: string) => console.log(t, desk.state.instruments[0]?.orderLots, desk.state.instruments[0]?.lotBase, JSON.stringify(desk.state.instruments[0]?.slots), desk.state.instruments[0]?.reason);
  show("before");
  desk.send({ type: "instrument", instrument: 0, definition: { ...definition, version: 2, lot: "0.1" } });
  show("changed");
  desk.nowUs += 250_000; desk.send({ type: "timer" });
  show("timer");
  sendBook(desk, 0);
  show("book");
  desk.wait(1000);
  show("1 s");
});
