"use client";

import { useLive } from "../stream/live.tsx";
import { Menu, MenuItem, MenuLabel, MenuRule } from "../ui/menu.tsx";
import { MenuButton } from "./menuButton.tsx";
import { useStopControl } from "./stopControl.tsx";
import { stopChoices } from "./words.ts";

/** The graded stops, each with what it will do. */
export function StopMenu({ wide }: { readonly wide: boolean }) {
  const { act } = useStopControl();
  const desk = useLive("desk")?.value;
  return (
    <Menu trigger={<MenuButton wide={wide} />}>
      <MenuLabel>What to stop. Each of these acts at once.</MenuLabel>
      {stopChoices(desk).map((choice, at) => (
        <div key={choice.key}>
          {at === 3 && <MenuRule />}
          <MenuItem
            detail={choice.detail}
            onSelect={() => act(choice)}
            {...(choice.state === "KILLED" ? { tone: "danger" as const } : {})}
          >
            {choice.label}
          </MenuItem>
        </div>
      ))}
    </Menu>
  );
}
