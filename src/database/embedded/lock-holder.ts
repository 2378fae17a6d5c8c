import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { processInfo } from './process-info.js';

/** The process that holds a data folder, told apart from later ones with the same id. */
export interface LockHolder {
  readonly pid: number;
  readonly startedAt: string;
  readonly host: string;
  /** One start of the machine; empty where the system does not tell. */
  readonly boot: string;
  /** Within what the process id has a meaning: a container has a namespace of its own. */
  readonly namespace: string;
}

/** Describes this process. */
export async function currentHolder(): Promise<LockHolder> {
  const info = await processInfo(process.pid);
  return { pid: process.pid, startedAt: info?.startedAt ?? '', ...(await currentPlace()) };
}

/** @returns undefined when the text describes no holder: a lock that was released. */
export function parseHolder(text: string): LockHolder | undefined {
  try {
    const { pid, startedAt, host, boot, namespace } = JSON.parse(text) as Record<string, unknown>;
    if (typeof pid !== 'number') return undefined;
    return {
      pid,
      startedAt: String(startedAt),
      host: String(host),
      boot: String(boot),
      namespace: String(namespace),
    };
  } catch {
    return undefined;
  }
}

/** `foreign`: on another machine or in another container, where its process id says nothing here. */
export async function stateOf(holder: LockHolder): Promise<'alive' | 'dead' | 'foreign'> {
  const here = await currentPlace();
  if (holder.host === here.host && holder.boot !== here.boot) return 'dead';
  if (holder.host !== here.host || holder.namespace !== here.namespace) return 'foreign';
  const info = await processInfo(holder.pid);
  return info?.startedAt === holder.startedAt ? 'alive' : 'dead';
}

async function currentPlace(): Promise<Pick<LockHolder, 'host' | 'boot' | 'namespace'>> {
  const [boot, namespace] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return { host: hostname(), boot: boot.trim(), namespace };
}
