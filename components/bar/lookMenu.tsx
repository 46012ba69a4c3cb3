"use client";

import { useLook } from "../session/lookProvider.tsx";
import { Button } from "../ui/button.tsx";
import { Menu, MenuChoice, MenuRule } from "../ui/menu.tsx";
import { SessionItem } from "./sessionItem.tsx";

/** What is this browser's own: its colours and its session. */
export function LookMenu() {
  const { look, setLook } = useLook();
  return (
    <Menu
      align="end"
      trigger={
        <Button variant="ghost" aria-label="Theme and colours, sign out">
          ◑
        </Button>
      }
    >
      <MenuChoice
        label="Theme"
        value={look.theme}
        onChange={(theme) => setLook({ ...look, theme })}
        options={[
          { value: "system", label: "As the system" },
          { value: "dark", label: "Dark" },
          { value: "light", label: "Light" },
        ]}
      />
      <MenuRule />
      <MenuChoice
        label="Bid and ask"
        value={look.scheme}
        onChange={(scheme) => setLook({ ...look, scheme })}
        options={[
          { value: "teal-coral", label: "Teal and coral" },
          { value: "blue-orange", label: "Blue and orange" },
          { value: "red-up", label: "Red bid, green ask" },
        ]}
      />
      <MenuRule />
      <SessionItem />
    </Menu>
  );
}
