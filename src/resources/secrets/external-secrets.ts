import { dirname } from 'node:path';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ExternalSecretSettings, type ExternalSecretSource } from './external-secret-settings.js';
import { readSecretFile, SecretFileUnusable, secretFileStamp } from './secret-file.js';
import { isInScope, isSentAnywhere, type SecretUse } from './secret-scope.js';

/** How often, in ms, files are looked at. */
const CHECK_EVERY_MS = 1000;
/** A file system that takes longer than this, in ms, to answer holds no secret. */
const PATIENCE_MS = 5000;
const DROP_PATIENCE_MS = 500;
/** Each holds one of the few threads on which names are resolved and passwords hashed, too. */
const MAX_HANGING = 2;
const HANGING = 'the file system does not answer';

interface Entry {
  readonly source: ExternalSecretSource;
  text: string | undefined;
  stamp: string | undefined;
  /** Why there is no text; logged when it changes. */
  problem: string | undefined;
  /** A look at the file that is under way. */
  looking: Promise<void> | undefined;
}

/**
 * The secrets that lie in files, in memory; requests never wait for a file. Each file is looked at every
 * second and read when it changed. Values are handed out within their scope, and never logged.
 */
@Injectable()
export class ExternalSecrets implements OnModuleInit, OnModuleDestroy {
  /** The file system, as far as secrets go. */
  protected readonly files = { read: readSecretFile, stamp: secretFileStamp };

  private readonly log = new Logger('ExternalSecrets');
  private readonly entries: ReadonlyMap<string, Entry>;
  private readonly listeners: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor({ secrets }: ExternalSecretSettings) {
    this.entries = new Map(
      secrets.map((source) => [
        source.name,
        { source, text: undefined, stamp: undefined, problem: undefined, looking: undefined },
      ]),
    );
  }

  /** Reads every file, so that values are there before the first request. */
  async onModuleInit(): Promise<void> {
    await this.lookAtAll();
    this.lookLater();
  }

  onModuleDestroy(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** The listener is called after any value came, changed or went. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Why a resource may not use a secret, in words for its writer; undefined when it may. */
  refusal(name: string, use: SecretUse): string | undefined {
    const entry = this.entries.get(name);
    if (!entry) return 'No external secret of this name is configured (BOX_VAULT_CONFIG)';
    if (isInScope(entry.source.scopes, use)) return undefined;
    const urls = use.urls.length === 0 ? '' : ', sent to its URL';
    return `The scope of this external secret does not admit ${use.resourceType}/${use.id}${urls}`;
  }

  /** What should be changed about a use that is allowed, for its writer. */
  warnings(name: string, use: SecretUse): readonly string[] {
    const entry = this.entries.get(name);
    if (!entry) return [];
    const isUnbound = isSentAnywhere(entry.source.scopes, use);
    return [
      ...(entry.text === undefined ? ['The file of the external secret cannot be read now'] : []),
      ...(isUnbound
        ? ['The scope of the external secret names no url: it is sent wherever this resource says']
        : []),
    ];
  }

  /** The value; undefined when the use is out of scope or the file cannot be read now. */
  value(name: string, use: SecretUse): string | undefined {
    const entry = this.entries.get(name);
    return entry && isInScope(entry.source.scopes, use) ? entry.text : undefined;
  }

  /** Forgets all values and reads every file again; resolves when that is done. */
  async forget(): Promise<void> {
    for (const entry of this.entries.values()) {
      entry.stamp = undefined;
      // A look under way may have read the file before the call.
      if (entry.looking) await patiently(entry.looking, () => undefined);
    }
    await this.lookAtAll();
  }

  /** {@link forget}, waited for as briefly as whoever applies changes of configuration can afford. */
  dropCache(): Promise<void> {
    return patiently(this.forget(), () => undefined, DROP_PATIENCE_MS);
  }

  private lookLater(): void {
    if (this.isStopped || this.entries.size === 0) return;
    this.timer = setTimeout(() => {
      void this.lookAtAll().then(() => this.lookLater());
    }, CHECK_EVERY_MS);
    this.timer.unref();
  }

  private async lookAtAll(): Promise<void> {
    // One after the other, and none where others hang: they must not take every thread of the process.
    for (const entry of this.entries.values()) await this.lookPatiently(entry);
  }

  private async lookPatiently(entry: Entry): Promise<void> {
    // A look that hangs is not joined by another; it sets what it finds when it ends.
    if (isHanging(entry)) return;
    if (this.isBehindOthers(entry)) {
      this.lose(entry, HANGING);
      return;
    }
    entry.looking ??= this.look(entry).finally(() => {
      entry.looking = undefined;
    });
    await patiently(entry.looking, () => {
      this.lose(entry, HANGING);
    });
  }

  /** Whether a look would hang as well, as far as one can tell without it. */
  private isBehindOthers({ source }: Entry): boolean {
    const hanging = [...this.entries.values()].filter(isHanging);
    const folder = dirname(source.path);
    const isBesideOne = hanging.some((other) => dirname(other.source.path) === folder);
    return isBesideOne || hanging.length >= MAX_HANGING;
  }

  private async look(entry: Entry): Promise<void> {
    const { path, maxBytes } = entry.source;
    try {
      if (entry.stamp !== undefined && (await this.files.stamp(path)) === entry.stamp) return;
      const { text, stamp } = await this.files.read(path, maxBytes);
      this.take(entry, text, stamp);
    } catch (error) {
      this.lose(entry, reasonOf(error));
    }
  }

  private take(entry: Entry, text: string, stamp: string): void {
    const isChanged = entry.text !== text;
    const wasRead = entry.text !== undefined;
    Object.assign(entry, { text, stamp });
    if (entry.problem !== undefined) {
      this.log.log(`External secret ${entry.source.name} can be read again`);
    } else if (isChanged && wasRead) {
      this.log.log(`External secret ${entry.source.name} has changed`);
    }
    entry.problem = undefined;
    if (isChanged) this.tell();
  }

  private lose(entry: Entry, problem: string): void {
    const isChanged = entry.text !== undefined;
    Object.assign(entry, { text: undefined, stamp: undefined });
    if (entry.problem !== problem) {
      const { name, path } = entry.source;
      this.log.warn(`External secret ${name} cannot be read from ${path}: ${problem}`);
    }
    entry.problem = problem;
    if (isChanged) this.tell();
  }

  private tell(): void {
    if (this.isStopped) return;
    for (const listener of this.listeners) listener();
  }
}

function isHanging({ looking, problem }: Entry): boolean {
  return looking !== undefined && problem === HANGING;
}

/** Waits for the work as long as there is patience, and goes on without it then. */
async function patiently(
  work: Promise<void>,
  onLate: () => void,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      onLate();
      resolve();
    }, patienceMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

function reasonOf(error: unknown): string {
  if (error instanceof SecretFileUnusable) return error.message;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : 'it cannot be read';
}
