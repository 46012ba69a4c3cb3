import { ParametersPage } from "../../components/parameters/parametersPage.tsx";

export const metadata = { title: "Parameters" };

export default function Page() {
  return <ParametersPage />;
}
