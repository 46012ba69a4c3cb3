import { MarketPage } from "../../components/market/marketPage.tsx";

export const metadata = { title: "Market" };

export default function Page() {
  return <MarketPage name={undefined} />;
}
