import type { EntityManager } from 'typeorm';
import { Deadline } from '../load/deadline.js';
import type { Transaction } from '../storage/transaction.js';
import { ResponseRoom } from './response-room.js';
import { runTransaction, type TransactionWork } from './transaction-run.js';

const WITHOUT_ENTRIES: Omit<TransactionWork, 'deadline'> = {
  entries: [],
  resources: [],
  prepared: new Map(),
  context: {
    requester: { family: 'fhir', writer: { isAdministrator: false } },
    prefer: undefined,
    baseUrl: 'http://localhost:8080',
  },
  takenIds: 'refused',
  decisions: { decidesInlineSearches: true, refusalOf: () => Promise.resolve(undefined) },
  room: new ResponseRoom(),
};

describe('runTransaction', () => {
  it('gives the transaction its deadline, for what an entry does at length', async () => {
    const manager = { query: () => Promise.resolve([]) } as unknown as EntityManager;
    const transaction: Transaction = { manager, changes: [] };
    const deadline = new Deadline(1_000, () => 0);
    await runTransaction({ ...WITHOUT_ENTRIES, deadline }, transaction);

    expect(transaction.deadline).toBe(deadline);
  });
});
