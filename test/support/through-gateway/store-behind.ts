/** Settings of validation, which a gateway refuses: they are the store's alone. */
const SETTINGS_OF_VALIDATION = [
  'BOX_FHIR_VALIDATOR_STRICT_PROFILE_RESOLUTION',
  'WARDGATE_REFERENTIAL_INTEGRITY',
  'WARDGATE_REQUIRED_PROFILES',
];
/** Settings that both have to do with. */
const SETTINGS_OF_BOTH = [
  'BOX_DB_POOL_MAXIMUM_POOL_SIZE',
  'BOX_FHIR_CREATEDAT_URL',
  'WARDGATE_BUNDLE_TIMEOUT',
  'WARDGATE_SEARCH_POOL_SIZE',
  'WARDGATE_SEARCH_TIMEOUT',
];

type Settings = Readonly<Record<string, string>>;

/** What is asked of a store. */
interface Startable {
  put(path: string, body: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

interface Running<Store> {
  readonly store: Promise<Store>;
  gateways: number;
}

/** A store that stands behind a gateway. */
export interface StoreBehind<Store> {
  readonly store: Store;
  /** The last gateway to leave stops the store. */
  leave(): Promise<void>;
}

/** The stores behind gateways, one for all gateways on one database. */
export class StoresBehind<Store extends Startable> {
  /** By the URL of the database that gateways share. */
  private readonly running = new Map<string, Running<Store>>();

  /** Starts a store, or joins the one that stands there. */
  async join(databaseUrl: string, start: () => Promise<Store>): Promise<StoreBehind<Store>> {
    const found = this.running.get(databaseUrl) ?? { store: openToAnybody(start), gateways: 0 };
    this.running.set(databaseUrl, found);
    found.gateways += 1;
    const store = await found.store;
    return {
      store,
      leave: async () => {
        found.gateways -= 1;
        if (found.gateways > 0) return;
        this.running.delete(databaseUrl);
        await store.stop();
      },
    };
  }
}

/** What a test sets, as far as it is about what the store does. */
export function settingsOfStore(env: Settings): Settings {
  return chosen(env, (name) => [...SETTINGS_OF_VALIDATION, ...SETTINGS_OF_BOTH].includes(name));
}

/** What a test sets, as far as a gateway takes it. */
export function settingsOfGateway(env: Settings): Settings {
  return chosen(env, (name) => !SETTINGS_OF_VALIDATION.includes(name));
}

function chosen(env: Settings, isChosen: (name: string) => boolean): Settings {
  return Object.fromEntries(Object.entries(env).filter(([name]) => isChosen(name)));
}

/** What a caller may do is decided at the gateway. */
async function openToAnybody<Store extends Startable>(start: () => Promise<Store>): Promise<Store> {
  const store = await start();
  await store.put('/fhir/AccessPolicy/anybody', { engine: 'allow' });
  return store;
}
