import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startForClients, type ClientFixture } from '../support/client-fixture.js';

const PYTHON = process.env['WARDGATE_TEST_PYTHON'];
const SCRIPT = join(import.meta.dirname, 'fhirpy_client.py');

/** Needs a Python that has fhirpy. */
(PYTHON === undefined ? describe.skip : describe)('fhirpy', () => {
  let fixture: ClientFixture;

  beforeAll(async () => {
    fixture = await startForClients();
  });
  afterAll(() => fixture.stop());

  it('reads and writes, turns pages, sends transactions, and knows what is refused', async () => {
    const { fhirUrl, token } = fixture;
    const { stdout } = await promisify(execFile)(PYTHON ?? '', [SCRIPT, fhirUrl, token]);

    expect(JSON.parse(stdout)).toEqual({
      read: ['other', '2000-01-01', '3'],
      history: ['3', '2', '1'],
      pages: true,
      count: 5,
      totalMethod: 'not-supported',
      transaction: 1,
      once: true,
      getOrCreate: 'not-supported',
      updated: [true, 'other'],
      deleted: 'ResourceNotFound',
      missing: 'ResourceNotFound',
      denied: 'ForbiddenError',
      invalid: 'structure',
    });
  });
});
