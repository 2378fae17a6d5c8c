import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Where everything that is written goes; not part of the project. */
export const OUTPUT = 'coverage/mutation';

/**
 * A worker that says nothing for this much processor time hangs, or for ten times as long by the clock: on a busy
 * machine it may just not have its turn.
 */
const PATIENCE_MS = { profile: 120_000, trial: 30_000, mutants: 60_000 };
const WAITING_FACTOR = 10;
const POLL_MS = 250;

/** What Linux counts processor time in. */
const MS_PER_TICK = 10;

/** Processes that end with this one. */
const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);

/** What becomes of a mutant whose process ends; in a trial it may be the doing of another. */
const OF_DEAD = { profile: 'killed', trial: 'open', mutants: 'killed' };

/**
 * Runs a plan in processes of Jest, as many at a time as it has `workers`.
 *
 * @param {{phase: 'profile' | 'trial' | 'mutants', bases: object, specs: string[], workers: number}} plan without
 *   what is to be done
 * @param {'specs' | 'mutants'} work the name of that in the plan
 * @param {{id: number | string, spec?: string, ms?: number}[]} items those of one spec go to one process; `ms`
 *   is how long one is expected to take
 * @param {(line: object) => void} onResult called once for each item
 */
export async function runPlan(plan, work, items, onResult) {
  const shares = sharesOf(items, plan.workers);
  await Promise.all(shares.map((share, at) => runShare({ ...plan, at }, work, share, onResult)));
}

/** Items dealt out group by group, the longest first, to whoever has least to do. */
function sharesOf(items, count) {
  const groups = new Map();
  for (const item of items) {
    const group = groups.get(item.spec ?? item.id) ?? { ms: 0, items: [] };
    group.items.push(item);
    group.ms += Math.max(item.ms ?? 0, 1);
    groups.set(item.spec ?? item.id, group);
  }
  const shares = Array.from({ length: count }, () => ({ ms: 0, items: [] }));
  for (const group of [...groups.values()].sort((one, other) => other.ms - one.ms)) {
    const [share] = shares.sort((one, other) => one.ms - other.ms);
    share.ms += group.ms;
    share.items.push(...group.items);
  }
  return shares.map((share) => share.items);
}

/** One process after another, each taking over what the last one left. */
async function runShare(plan, work, items, onResult) {
  let rest = items;
  let lastLost;
  while (rest.length > 0) {
    const done = new Set();
    const { lost, isHung } = await runWorker({ ...plan, [work]: rest.map(toWork) }, (line) => {
      done.add(idOf(line));
      onResult(line);
    });
    rest = rest.filter(({ id }) => !done.has(id));
    if (lost === undefined && done.size === 0) throw new Error('The worker did nothing');
    // A worker may die of what an earlier mutant left behind; the second time it is this one's doing.
    if (lost !== undefined && (isHung || lastLost === lost)) {
      const status = isHung ? 'timed out' : OF_DEAD[plan.phase];
      onResult({ id: lost, status, spec: 'process' });
      rest = rest.filter(({ id }) => id !== lost);
    }
    lastLost = lost;
  }
}

function stop() {
  for (const jest of running) jest.kill('SIGKILL');
  process.exit(1);
}

function toWork(item) {
  return Object.keys(item).length > 1 ? item : item.id;
}

function idOf(line) {
  return line.id ?? line.spec;
}

/**
 * One process, until it ends or says nothing any more.
 *
 * @returns what it had begun and not ended, and whether it was still there
 */
async function runWorker(plan, onResult) {
  mkdirSync(OUTPUT, { recursive: true });
  const pathTo = (name) => join(OUTPUT, name.replace('.', `-${String(plan.at)}.`));
  const paths = { plan: pathTo('plan.json'), results: pathTo('results.jsonl') };
  writeFileSync(paths.plan, JSON.stringify({ ...plan, results: paths.results }));
  writeFileSync(paths.results, '');
  const jest = startJest(paths.plan);
  running.add(jest);
  const isRunning = () => jest.exitCode === null && jest.signalCode === null;
  let lost;
  let lineCount = 0;
  let heard = timesOf(jest.pid);
  const listen = () => {
    for (const text of linesOf(readFileSync(paths.results, 'utf8')).slice(lineCount)) {
      const line = JSON.parse(text);
      lineCount += 1;
      heard = timesOf(jest.pid);
      lost = line.begun;
      if (line.begun === undefined) onResult(line);
    }
  };
  try {
    while (isRunning() && !isSilent(heard, timesOf(jest.pid), PATIENCE_MS[plan.phase])) {
      await delay(POLL_MS);
      listen();
    }
    const isHung = isRunning();
    listen();
    return { lost, isHung };
  } finally {
    jest.kill('SIGKILL');
    running.delete(jest);
  }
}

function isSilent(since, { cpuMs, atMs }, patienceMs) {
  return cpuMs - since.cpuMs > patienceMs || atMs - since.atMs > patienceMs * WAITING_FACTOR;
}

/** The clock, and the processor time of a process; where the system does not tell that, the clock again. */
function timesOf(pid) {
  const atMs = Date.now();
  try {
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')
      .at(-1)
      .split(' ');
    return { atMs, cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK };
  } catch {
    return { atMs, cpuMs: atMs };
  }
}

function startJest(planPath) {
  const config = join(import.meta.dirname, 'jest.config.mjs');
  const bin = 'node_modules/jest/bin/jest.js';
  return spawn(
    process.execPath,
    ['--experimental-vm-modules', bin, '--config', config, '-i', '--forceExit'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, WARDGATE_MUTATION_PLAN: planPath },
    },
  );
}

/** A line that a killed process did not finish does not count. */
function linesOf(text) {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean);
}
