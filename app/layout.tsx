import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Frame } from "../components/bar/frame.tsx";
import { LOOK_COOKIE, parseLook } from "../components/session/look.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Crossdesk", template: "%s · Crossdesk" },
  description: "A cross-exchange market-making desk",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1, viewportFit: "cover" };

/** The look comes from a cookie, so that the first paint has the right colours without a script. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const look = parseLook((await cookies()).get(LOOK_COOKIE)?.value);
  return (
    <html
      lang="en"
      data-theme={look.theme === "system" ? undefined : look.theme}
      data-scheme={look.scheme === "teal-coral" ? undefined : look.scheme}
    >
      <body className="bg-ground font-sans text-ink antialiased">
        <Frame look={look}>{children}</Frame>
      </body>
    </html>
  );
}
