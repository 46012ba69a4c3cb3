"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { isCurrent } from "./isCurrent.ts";

export const PAGES = [
  { href: "/", label: "Desk" },
  { href: "/market", label: "Market" },
  { href: "/orders", label: "Orders" },
  { href: "/parameters", label: "Parameters" },
  { href: "/help", label: "Help" },
  ...(process.env.NODE_ENV === "development" ? [{ href: "/system/gallery", label: "Gallery" }] : []),
] as const;

export function NavLinks() {
  const path = usePathname();
  return (
    <nav aria-label="Pages" className="flex shrink-0">
      {PAGES.map(({ href, label }) => (
        <Link
          key={href}
          href={href}
          aria-current={isCurrent(href, path) ? "page" : undefined}
          className="rounded px-2 py-1 text-sm text-secondary hover:text-ink aria-[current=page]:bg-line aria-[current=page]:text-ink"
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
