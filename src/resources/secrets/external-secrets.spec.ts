import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ExternalSecrets } from './external-secrets.js';

const SCOPE = { resourceType: 'Client' };
const USE = { resourceType: 'Client', id: 'c', urls: [] };
const NAMES = ['/dead/a', '/dead/b', '/sick/c', '/well/d', '/well/e'];

/** Secrets that lie in files which a test holds: the text is the path, and folders may hang. */
class HeldSecrets extends ExternalSecrets {
  readonly hanging = new Set<string>();
  /** Looks that have not ended. */
  readonly begun = new Set<() => void>();

  protected override readonly files = {
    read: (path: string) => this.answer(path, { text: path, stamp: 'first' }),
    stamp: (path: string) => this.answer(path, 'first'),
  };

  constructor() {
    super({ secrets: NAMES.map((path) => ({ name: path, path, scopes: [SCOPE] })) });
  }

  get readable(): readonly string[] {
    return NAMES.filter((name) => this.value(name, USE) !== undefined);
  }

  hang(...folders: readonly string[]): void {
    for (const folder of folders) this.hanging.add(folder);
  }

  recover(): void {
    this.hanging.clear();
    for (const end of this.begun) end();
  }

  private async answer<T>(path: string, found: T): Promise<T> {
    if (![...this.hanging].some((folder) => path.startsWith(`${folder}/`))) return found;
    let end = (): void => undefined;
    await new Promise<void>((resolve) => {
      end = resolve;
      this.begun.add(end);
    });
    this.begun.delete(end);
    return found;
  }
}

describe('external secrets on a file system that hangs', () => {
  let secrets: HeldSecrets;

  beforeEach(async () => {
    jest.useFakeTimers();
    Logger.overrideLogger(false);
    secrets = new HeldSecrets();
    await secrets.onModuleInit();
  });
  afterEach(() => {
    secrets.onModuleDestroy();
    jest.useRealTimers();
  });

  const aWhile = () => jest.advanceTimersByTimeAsync(60_000);

  it('are missing, with those beside them, and cost one thread', async () => {
    expect(secrets.readable).toEqual(NAMES);

    secrets.hang('/dead');
    await aWhile();

    expect(secrets.readable).toEqual(['/sick/c', '/well/d', '/well/e']);
    expect(secrets.begun.size).toBe(1);
  });

  it('cost two threads at most, and are all there when it answers again', async () => {
    secrets.hang('/dead', '/sick', '/well');
    await aWhile();

    expect(secrets.readable).toEqual([]);
    expect(secrets.begun.size).toBe(2);
    secrets.recover();
    await aWhile();
    expect(secrets.readable).toEqual(NAMES);
  });
});
