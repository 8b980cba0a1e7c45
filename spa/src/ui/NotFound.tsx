// What stands where an address, or the record that it names, is not there; and the way on.
import { Link } from "./Link";

export function NotFound({ what }: { readonly what: string }) {
  return (
    <p>
      There is {what}. <Link to="/">Go to the records</Link>.
    </p>
  );
}
