import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { choiceOf, ScopeField } from "../../../../components/bar/armDialog.tsx";
import { DESK_SCOPE, type StateChoice } from "../../../../components/bar/words.ts";

const DESK: StateChoice = {
  key: "lift the desk",
  label: "Arm the desk",
  detail: "the desk is KILLED now",
  scope: DESK_SCOPE,
  state: "KILLED",
};

function shown(chosen: StateChoice | undefined): string {
  return renderToStaticMarkup(<ScopeField choices={[DESK]} chosen={chosen} onChoose={() => undefined} />);
}

describe("what is to be armed", () => {
  it("is the one that was chosen", () => {
    expect(shown(DESK)).toMatch(/<option value="lift the desk" selected="">Arm the desk<\/option>/);
    expect(shown(DESK)).toContain("the desk is KILLED now");
  });

  it("is nothing, and has to be chosen again, when that was lifted meanwhile", () => {
    expect(shown(undefined)).toContain("was lifted meanwhile: choose again");
    expect(shown(undefined)).toMatch(/<option value="" selected="">/);
    expect(shown(undefined)).not.toMatch(/selected="">Arm the desk/);
  });
});

describe("the choice among what may be armed", () => {
  it("falls to no other scope when its own is gone", () => {
    expect(choiceOf([DESK], DESK.key)).toBe(DESK);
    expect(choiceOf([DESK], "lift BTC")).toBeUndefined();
  });
});
