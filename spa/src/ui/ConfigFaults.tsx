// The page for whoever deployed the app with a configuration that cannot work: all faults at once.
import { ConfigError } from "../config";

export function ConfigFaults({ error }: { readonly error: unknown }) {
  const faults = error instanceof ConfigError ? error.faults : ["/config.json cannot be loaded"];
  return (
    <main className="card">
      <h1>MyApp is not configured</h1>
      <section className="notice problem" role="alert">
        <h2>
          <code>/config.json</code> does not fit this app
        </h2>
        <ul>
          {faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      </section>
      <p>
        <code>entra-config settings</code> writes this file for an environment. Nobody can sign in until it is right.
      </p>
    </main>
  );
}
