import type { Metadata } from "next";
import { MarketPage } from "../../../components/market/marketPage.tsx";

interface Props {
  readonly params: Promise<{ readonly market: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).market) };
}

export default async function Page({ params }: Props) {
  return <MarketPage name={decodeURIComponent((await params).market)} />;
}
