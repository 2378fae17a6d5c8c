import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import {
  DECISIONS,
  decisionGroups,
  IN_PROCESS,
  judgedGroup,
} from '../../support/decision-vectors.js';
import { policySetVectors } from '../../support/policy-sets.js';

/**
 * Writes what the naive reference evaluator says: sorts the requests of every group anew into `allows` and
 * `denies`, and makes the sets of policies. To add a case, write the request into either list of a group, or a new
 * group, and run it (`npm run vectors:decisions`).
 */
for (const file of IN_PROCESS) await write(file, decisionGroups(file).map(judgedGroup));
await write('policy-sets', policySetVectors());

async function write(file: string, content: unknown): Promise<void> {
  const path = join(DECISIONS, `${file}.json`);
  const config = await resolveConfig(path);
  const text = await format(JSON.stringify(content), { ...config, filepath: path });
  const isNew = text !== readIfThere(path);
  if (isNew) writeFileSync(path, text);
  process.stdout.write(`${path}: ${isNew ? 'written' : 'as it was'}\n`);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
